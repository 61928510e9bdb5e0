package picture_test

import (
	"image"
	"image/color"
	"math"
	"testing"

	"pgregory.net/rapid"

	"globalbrain/internal/picture"
)

// painted gives each pixel of a picture its colour.
func painted(width, height int, at func(x, y int) color.Color) *image.NRGBA {
	p := image.NewNRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			p.Set(x, y, at(x, y))
		}
	}
	return p
}

func TestMeasuresOfPicturesThatAreKnown(t *testing.T) {
	t.Parallel()
	plain := func(c color.Color) *image.NRGBA { return painted(40, 20, func(int, int) color.Color { return c }) }
	checks := painted(40, 20, func(x, y int) color.Color { return color.Gray{Y: uint8((x + y) % 2 * 255)} })
	halves := painted(40, 20, func(x, _ int) color.Color { return color.Gray{Y: uint8(x / 20 * 255)} })
	// The Laplacian of a chequered board is 4 x 255 of either sign: its variance is the square of that.
	const chequered = 4 * 4 * 255 * 255
	for name, c := range map[string]struct {
		image                                            image.Image
		sharp, bright, contrast, colour, saturated, bits float64
		flat                                             float64
	}{
		"white":             {plain(color.White), 0, 1, 0, 0, 0, 0, 1},
		"black":             {plain(color.Black), 0, 0, 0, 0, 0, 0, 1},
		"nothing to see":    {plain(color.Transparent), 0, 1, 0, 0, 0, 0, 1},
		"red":               {plain(color.NRGBA{R: 255, A: 255}), 0, 0.299, 0, 0.3 * math.Hypot(255, 127.5), 1, 0, 1},
		"a chequered board": {checks, chequered, 0.5, 0.5, 0, 0, 1, 0},
		"two halves":        {halves, 255 * 255 * 2.0 / 38, 0.5, 0.5, 0, 0, 1, 0.8},
	} {
		m := picture.Measure(c.image)
		got := []float64{m.Sharpness, m.Brightness, m.Contrast, m.Colourfulness, m.Saturation, m.Entropy, m.Flat}
		for i, want := range []float64{c.sharp, c.bright, c.contrast, c.colour, c.saturated, c.bits, c.flat} {
			if math.Abs(got[i]-want) > 1e-9*max(1, want) {
				t.Errorf("%s: measure %d is %g, want %g", name, i, got[i], want)
			}
		}
		if m.Width != 40 || m.Height != 20 || m.Aspect() != 2 || m.Megapixels() != 0.0008 {
			t.Errorf("%s: %+v", name, m)
		}
	}
	if m := picture.Measure(image.NewRGBA(image.Rectangle{})); m != (picture.Measures{}) || m.Features() != picture.MeanFeatures(nil) {
		t.Errorf("no pixels: %+v", m)
	}
}

func TestAPictureMeasuresNearlyTheSameInTwoSizes(t *testing.T) {
	t.Parallel()
	large := scene(7, 1400, 900)
	small := picture.Measure(sampled(large, 700, 450))
	m := picture.Measure(large)
	if !m.Hash.Like(small.Hash) || math.Abs(m.Brightness-small.Brightness) > 0.01 || math.Abs(m.Contrast-small.Contrast) > 0.01 || math.Abs(m.Entropy-small.Entropy) > 0.1 {
		t.Errorf("%+v\n%+v", m, small)
	}
}

func TestAPictureIsMeasuredWhereverItsCornerIs(t *testing.T) {
	t.Parallel()
	whole := scene(11, 120, 90)
	part := whole.SubImage(image.Rect(30, 20, 110, 80))
	moved := image.NewRGBA(image.Rect(0, 0, 80, 60))
	for y := range 60 {
		for x := range 80 {
			moved.Set(x, y, whole.At(30+x, 20+y))
		}
	}
	if a, b := picture.Measure(part), picture.Measure(moved); a != b {
		t.Errorf("%+v\n%+v", a, b)
	}
}

func TestEveryMeasureStaysInItsRange(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		width, height := rapid.IntRange(1, 40).Draw(t, "width"), rapid.IntRange(1, 40).Draw(t, "height")
		if rapid.Bool().Draw(t, "thread") {
			width *= 40
		}
		p := image.NewNRGBA(image.Rect(0, 0, width, height))
		some := rapid.SliceOfN(rapid.Byte(), 1, 64).Draw(t, "pixels")
		for i := range p.Pix {
			p.Pix[i] = some[i*i%len(some)]
		}
		inRange(t, picture.Measure(p))
	})
}

func inRange(t interface{ Fatalf(string, ...any) }, m picture.Measures) {
	if err := m.Check(); err != nil && m != (picture.Measures{}) {
		t.Fatalf("%v", err)
	}
	for i, value := range m.Features() {
		if math.IsNaN(value) || math.IsInf(value, 0) {
			t.Fatalf("%s is %g", picture.FeatureNames[i], value)
		}
	}
}

func FuzzMeasure(f *testing.F) {
	f.Add(uint16(3), uint16(2), []byte{1, 2, 3, 4})
	f.Add(uint16(1), uint16(600), []byte{255, 0})
	f.Add(uint16(600), uint16(1), []byte{9})
	f.Fuzz(func(t *testing.T, width, height uint16, pixels []byte) {
		p := image.NewNRGBA(image.Rect(0, 0, int(width%2000), int(height%2000)))
		if len(p.Pix) > 1<<20 {
			return // large pictures are slow, and the tables above have them
		}
		for i := range p.Pix {
			if len(pixels) > 0 {
				p.Pix[i] = pixels[i%len(pixels)]
			}
		}
		inRange(t, picture.Measure(p))
	})
}

func BenchmarkMeasure(b *testing.B) {
	for name, size := range map[string][2]int{"1600x1200": {1600, 1200}, "320x180": {320, 180}} {
		p := scene(1, size[0], size[1])
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				picture.Measure(p)
			}
		})
	}
}

func BenchmarkDistance(b *testing.B) {
	x, y := picture.Hash{1, 2, 3}, picture.Hash{7: 4}
	for b.Loop() {
		x.Distance(y)
	}
}
