package picture

import (
	"image"
	"image/color"
	"image/draw"
)

// A plane is one channel of a picture, row by row, in 0..255.
type plane struct {
	width, height int
	values        []float64
}

func newPlane(width, height int) plane {
	return plane{width, height, make([]float64, width*height)}
}

func (p plane) row(y int) []float64 { return p.values[y*p.width : (y+1)*p.width] }

// A span says which neighbours, and how much of each, one pixel of a picture
// of another size stands for. The weights add up to 1.
type span struct {
	first   int
	weights []float64
}

// spans divides a length of from pixels into to equal parts. Part n covers the
// pixels from n*from/to to (n+1)*from/to, those at its ends in part: averaging
// by area, exact for every ratio, larger or smaller.
func spans(from, to int) []span {
	list := make([]span, to)
	size := float64(from) / float64(to)
	for n := range list {
		left, right := float64(n)*size, float64(n+1)*size
		s := span{first: min(int(left), from-1)}
		for i := s.first; i < from && float64(i) < right; i++ {
			s.weights = append(s.weights, (min(right, float64(i+1))-max(left, float64(i)))/size)
		}
		list[n] = s
	}
	return list
}

// channels redraws a picture as red, green and blue, at most most pixels long
// and high and never larger than it is.
func channels(p image.Image, most int) [3]plane {
	b := p.Bounds()
	scale := min(1, float64(most)/float64(max(b.Dx(), b.Dy())))
	return averaged(p, b, shorter(b.Dx(), scale), shorter(b.Dy(), scale))
}

// Square returns the red, green and blue, each in 0..255 and row by row, of the
// middle square of a picture, averaged by area into side x side pixels: what an
// image encoder reads. The picture must have pixels.
func Square(p image.Image, side int) (made [3][]float64) {
	b := p.Bounds()
	edge := min(b.Dx(), b.Dy())
	corner := b.Min.Add(image.Pt((b.Dx()-edge)/2, (b.Dy()-edge)/2))
	for i, c := range averaged(p, image.Rectangle{Min: corner, Max: corner.Add(image.Pt(edge, edge))}, side, side) {
		made[i] = c.values
	}
	return made
}

// averaged redraws a part of a picture as red, green and blue in another size.
// Transparent parts are white, as on the page. It reads the picture row by row,
// once, so that the memory that it takes depends on its width and not on its
// height.
func averaged(p image.Image, part image.Rectangle, width, height int) [3]plane {
	made := [3]plane{newPlane(width, height), newPlane(width, height), newPlane(width, height)}
	columns := spans(part.Dx(), width)
	line := image.NewRGBA(image.Rect(0, 0, part.Dx(), 1))
	narrow, held := make([]float64, 3*width), -1
	for y, s := range spans(part.Dy(), height) {
		for i, weight := range s.weights {
			if held != s.first+i { // a row at the border of two spans is read once
				held = s.first + i
				draw.Draw(line, line.Bounds(), image.NewUniform(color.White), image.Point{}, draw.Src)
				draw.Draw(line, line.Bounds(), p, image.Pt(part.Min.X, part.Min.Y+held), draw.Over)
				narrowLine(narrow, line.Pix, columns)
			}
			for x := range width {
				for c := range made {
					made[c].row(y)[x] += weight * narrow[3*x+c]
				}
			}
		}
	}
	return made
}

func shorter(length int, scale float64) int { return max(1, int(float64(length)*scale+0.5)) }

// narrowLine averages one row of RGBA pixels into columns of red, green, blue.
func narrowLine(narrow []float64, pix []uint8, columns []span) {
	for x, s := range columns {
		var sum [3]float64
		for i, weight := range s.weights {
			at := pix[4*(s.first+i):]
			sum[0] += weight * float64(at[0])
			sum[1] += weight * float64(at[1])
			sum[2] += weight * float64(at[2])
		}
		copy(narrow[3*x:], sum[:])
	}
}

// luma is the brightness of each pixel as the eye weighs the colours: Rec. ITU-R
// BT.601, section 2.5.1, on gamma-encoded values.
func luma(c [3]plane) plane {
	made := newPlane(c[0].width, c[0].height)
	for i := range made.values {
		// Each product is rounded by itself, so that every processor gives the same.
		made.values[i] = float64(0.299*c[0].values[i]) + float64(0.587*c[1].values[i]) + float64(0.114*c[2].values[i])
	}
	return made
}

// resized averages a plane into width x height pixels, whatever its own size.
func (p plane) resized(width, height int) plane {
	columns := spans(p.width, width)
	made := newPlane(width, height)
	for y, s := range spans(p.height, height) {
		row := made.row(y)
		for i, weight := range s.weights {
			from := p.row(s.first + i)
			for x, column := range columns {
				sum := 0.0
				for j, share := range column.weights {
					sum += share * from[column.first+j]
				}
				row[x] += weight * sum
			}
		}
	}
	return made
}
