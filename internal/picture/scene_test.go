package picture_test

import (
	"image"
	"image/color"
	"math"
	"math/rand/v2"
)

// scene draws a picture that nobody has seen: a sky or wall with a gradient,
// cloudy texture at several scales (natural pictures have most of their energy
// in low frequencies), and some shapes. Equal seeds give equal pictures.
func scene(seed uint64, width, height int) *image.RGBA {
	r := rand.New(rand.NewPCG(seed, 3)) //nolint:gosec // G404: the same pictures on every run
	p := image.NewRGBA(image.Rect(0, 0, width, height))
	tone := func() [3]float64 { return [3]float64{255 * r.Float64(), 255 * r.Float64(), 255 * r.Float64()} }
	top, bottom, cloud := tone(), tone(), tone()
	tilt := r.Float64()
	noise := newNoise(r)
	shapes := make([]shape, 2+r.IntN(6))
	for i := range shapes {
		shapes[i] = shape{r.Float64(), r.Float64(), 0.05 + 0.3*r.Float64(), 0.05 + 0.3*r.Float64(), r.IntN(2) == 0, tone()}
	}
	for y := range height {
		for x := range width {
			u, v := (float64(x)+0.5)/float64(width), (float64(y)+0.5)/float64(height)
			down, cover := v*(1-tilt)+u*tilt, noise.at(u, v)
			var c [3]float64
			for i := range c {
				c[i] = top[i]*(1-down) + bottom[i]*down
				c[i] = c[i]*(1-cover) + cloud[i]*cover
			}
			for _, s := range shapes {
				if s.covers(u, v) {
					for i := range c {
						c[i] = 0.15*c[i] + 0.85*s.tone[i]
					}
				}
			}
			p.SetRGBA(x, y, color.RGBA{uint8(c[0]), uint8(c[1]), uint8(c[2]), 255})
		}
	}
	return p
}

type shape struct {
	x, y, wide, high float64
	round            bool
	tone             [3]float64
}

func (s shape) covers(u, v float64) bool {
	a, b := (u-s.x)/s.wide, (v-s.y)/s.high
	if s.round {
		return a*a+b*b < 1
	}
	return math.Abs(a) < 1 && math.Abs(b) < 1
}

// noise is value noise in five octaves, each half as strong as the one before.
type noise [5][33 * 33]float64

func newNoise(r *rand.Rand) *noise {
	n := new(noise)
	for octave := range n {
		for i := range n[octave] {
			n[octave][i] = r.Float64()
		}
	}
	return n
}

// at returns a value in 0..1 at a place in 0..1 x 0..1.
func (n *noise) at(u, v float64) float64 {
	sum, strength := 0.0, 0.5
	for octave := range n {
		cells := float64(int(2) << octave)
		x, y := u*cells, v*cells
		i, j := int(x), int(y)
		fx, fy := smooth(x-float64(i)), smooth(y-float64(j))
		grid := n[octave][:]
		above := grid[j*33+i]*(1-fx) + grid[j*33+i+1]*fx
		below := grid[(j+1)*33+i]*(1-fx) + grid[(j+1)*33+i+1]*fx
		sum += strength * (above*(1-fy) + below*fy)
		strength /= 2
	}
	return sum
}

func smooth(t float64) float64 { return t * t * (3 - 2*t) }

// drawing is a picture of the other kind: a white sheet with a few lines, boxes
// and dots, as charts, maps and slides are.
func drawing(seed uint64, width, height int) *image.RGBA {
	r := rand.New(rand.NewPCG(seed, 4)) //nolint:gosec // G404: the same pictures on every run
	p := image.NewRGBA(image.Rect(0, 0, width, height))
	for i := range p.Pix {
		p.Pix[i] = 255
	}
	ink := func() color.RGBA { return color.RGBA{uint8(r.IntN(200)), uint8(r.IntN(200)), uint8(r.IntN(200)), 255} }
	fill := func(u, v, w, h float64, c color.RGBA) {
		for y := int(v * float64(height)); y < int((v+h)*float64(height)) && y < height; y++ {
			for x := int(u * float64(width)); x < int((u+w)*float64(width)) && x < width; x++ {
				p.SetRGBA(x, y, c)
			}
		}
	}
	for range 2 + r.IntN(8) { // boxes and bars
		fill(r.Float64(), r.Float64(), 0.03+0.2*r.Float64(), 0.03+0.3*r.Float64(), ink())
	}
	for range 2 + r.IntN(12) { // lines of writing
		u, v, c := 0.8*r.Float64(), r.Float64(), ink()
		for at := 0.0; at < 0.1+0.3*r.Float64(); at += 0.02 {
			fill(u+at, v, 0.012, 0.02, c)
		}
	}
	return p
}
