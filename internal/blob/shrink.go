package blob

import (
	"image"
	"image/draw"
	"math"
)

// shrunk redraws a picture so that it fits once it has been turned. Redrawing is
// what drops everything that is not a pixel.
func shrunk(full image.Image, turn int) *image.RGBA {
	width, height := full.Bounds().Dx(), full.Bounds().Dy()
	mostWide, mostHigh := MaxWidth, maxHeight
	if sideways(turn) {
		mostWide, mostHigh = maxHeight, MaxWidth
	}
	scale := min(1, float64(mostWide)/float64(width), float64(mostHigh)/float64(height))
	target := image.NewRGBA(image.Rect(0, 0, shorter(width, scale), shorter(height, scale)))
	if scale == 1 {
		draw.Draw(target, target.Bounds(), full, full.Bounds().Min, draw.Src)
	} else {
		average(target, full)
	}
	return target
}

func shorter(length int, scale float64) int { return max(1, int(math.Round(float64(length)*scale))) }

// average gives each pixel of target, which is no larger than full, the mean of
// the area of full that it covers. It works row by row in premultiplied colour,
// so that it needs no second copy of full and transparent parts lend no colour;
// the kernels of x/image/draw need 32 bytes for each pixel of an intermediate
// picture, more than the original has.
func average(target *image.RGBA, full image.Image) {
	from, to := full.Bounds(), target.Bounds()
	row := image.NewRGBA(image.Rect(0, 0, from.Dx(), 1))
	narrow := make([]float64, 4*to.Dx()) // one row of full, as wide as target
	sums := make([]float64, 4*to.Dx())   // of the target's row at hand
	high := float64(from.Dy()) / float64(to.Dy())
	y := 0 // the target's row
	for top := range from.Dy() {
		draw.Draw(row, row.Bounds(), full, image.Pt(from.Min.X, from.Min.Y+top), draw.Src)
		averageRow(narrow, row.Pix)
		// The part of this row that lies above the end of the target's row, and the rest.
		above := min(1, float64(y+1)*high-float64(top))
		add(sums, narrow, above/high)
		if last := top == from.Dy()-1; above < 1 || last || float64(y+1)*high == float64(top+1) {
			flush(target.Pix[y*target.Stride:], sums)
			y++
			if !last {
				add(sums, narrow, (1-above)/high)
			}
		}
	}
}

// averageRow makes a row of pixels as narrow as narrow is.
func averageRow(narrow []float64, pix []uint8) {
	clear(narrow)
	wide := float64(len(pix)) / float64(len(narrow))
	for x := range len(narrow) / 4 {
		left, right := float64(x)*wide, float64(x+1)*wide
		for n := int(left); n < len(pix)/4 && float64(n) < right; n++ {
			covered := (min(right, float64(n+1)) - max(left, float64(n))) / wide
			for c := range 4 {
				narrow[4*x+c] += covered * float64(pix[4*n+c])
			}
		}
	}
}

func add(sums, row []float64, weight float64) {
	for n, value := range row {
		sums[n] += weight * value
	}
}

// flush writes a finished row and empties the sums.
func flush(pix []uint8, sums []float64) {
	for n, sum := range sums {
		pix[n] = uint8(min(255, sum+0.5))
	}
	clear(sums)
}
