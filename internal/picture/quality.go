package picture

import "math"

// sharpness is the variance of the Laplacian, in squared grey levels: edges in
// focus give large ones. Pech-Pacheco et al., "Diatom autofocusing in
// brightfield microscopy" (ICPR 2000). A picture of less than 3 x 3 has none.
func sharpness(luma plane) float64 {
	var m moments
	for y := 1; y < luma.height-1; y++ {
		above, row, below := luma.row(y-1), luma.row(y), luma.row(y+1)
		for x := 1; x < luma.width-1; x++ {
			m.add(above[x] + below[x] + row[x-1] + row[x+1] - 4*row[x])
		}
	}
	return m.variance()
}

// moments are the sums that mean and variance are made of, shifted by the first
// value, so that nothing is lost where the variance is far below the mean.
type moments struct {
	n           int
	first       float64
	sum, square float64
}

func (m *moments) add(value float64) {
	if m.n == 0 {
		m.first = value
	}
	m.n++
	value -= m.first
	m.sum += value
	m.square += value * value
}

func (m *moments) mean() float64 {
	if m.n == 0 {
		return 0
	}
	return m.first + m.sum/float64(m.n)
}

func (m *moments) variance() float64 {
	if m.n == 0 {
		return 0
	}
	mean := m.sum / float64(m.n)
	return max(0, m.square/float64(m.n)-mean*mean)
}

func momentsOf(values []float64) (m moments) {
	for _, v := range values {
		m.add(v)
	}
	return m
}

// colourfulness follows Hasler and Suesstrunk, "Measuring colourfulness in
// natural images" (SPIE 5007, 2003), equation 15 of the simple form: 0 is grey,
// about 33 moderately and above 80 extremely colourful.
func colourfulness(c [3]plane) float64 {
	var redGreen, yellowBlue moments
	for i, red := range c[0].values {
		green, blue := c[1].values[i], c[2].values[i]
		redGreen.add(red - green)
		yellowBlue.add((red+green)/2 - blue)
	}
	spread := math.Sqrt(redGreen.variance() + yellowBlue.variance())
	return spread + 0.3*math.Hypot(redGreen.mean(), yellowBlue.mean())
}

// saturation is the mean of S in HSV (Smith, "Color gamut transform pairs",
// SIGGRAPH 1978), in 0..1; black has none.
func saturation(c [3]plane) float64 {
	sum := 0.0
	for i, red := range c[0].values {
		green, blue := c[1].values[i], c[2].values[i]
		if most := max(red, green, blue); most > 0 {
			sum += (most - min(red, green, blue)) / most
		}
	}
	return sum / float64(len(c[0].values))
}

// entropy is Shannon's, in bits (0..8), of the luma in 256 grey levels.
func entropy(luma plane) float64 {
	var count [256]int
	for _, v := range luma.values {
		count[min(255, max(0, int(v+0.5)))]++
	}
	bits := 0.0
	for _, n := range count {
		if n > 0 {
			share := float64(n) / float64(len(luma.values))
			bits -= share * math.Log2(share)
		}
	}
	return max(0, bits) // not -0
}

// The flat part of a picture is counted in tiles of flatSide x flatSide pixels,
// those at its right and lower end smaller. A tile whose luma deviates by less
// than flatLuma grey levels shows nothing to the eye but one tone.
const (
	flatSide = 8
	flatLuma = 2.0
)

// flat is the share, 0..1, of the area that is flat: empty walls and skies,
// drawings, screens. There is no standard for it; the tiles are ours.
func flat(luma plane) float64 {
	area := 0
	for top := 0; top < luma.height; top += flatSide {
		for left := 0; left < luma.width; left += flatSide {
			right, bottom := min(left+flatSide, luma.width), min(top+flatSide, luma.height)
			var m moments
			for y := top; y < bottom; y++ {
				for _, v := range luma.row(y)[left:right] {
					m.add(v)
				}
			}
			if m.variance() < flatLuma*flatLuma {
				area += m.n
			}
		}
	}
	return float64(area) / float64(len(luma.values))
}
