package picture_test

import (
	"bytes"
	"encoding/json"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"testing"

	"pgregory.net/rapid"

	"globalbrain/internal/picture"
)

// compressed is the picture after a trip through a JPEG file.
func compressed(t testing.TB, p image.Image, quality int) image.Image {
	t.Helper()
	var file bytes.Buffer
	if err := jpeg.Encode(&file, p, &jpeg.Options{Quality: quality}); err != nil {
		t.Fatal(err)
	}
	back, err := jpeg.Decode(&file)
	if err != nil {
		t.Fatal(err)
	}
	return back
}

// sampled is the picture in another size, each pixel that of the nearest place:
// the worst way to scale.
func sampled(p *image.RGBA, width, height int) *image.RGBA {
	made := image.NewRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			made.SetRGBA(x, y, p.RGBAAt((2*x+1)*p.Rect.Dx()/(2*width), (2*y+1)*p.Rect.Dy()/(2*height)))
		}
	}
	return made
}

// toned changes every channel of every pixel.
func toned(p *image.RGBA, to func(float64) float64) *image.RGBA {
	made := image.NewRGBA(p.Bounds())
	for i, v := range p.Pix {
		made.Pix[i] = v
		if i%4 != 3 {
			made.Pix[i] = uint8(min(255, max(0, to(float64(v)))))
		}
	}
	return made
}

// framed puts a frame around the picture, share of its size wide on each side;
// a negative share cuts that much off.
func framed(p *image.RGBA, share float64, c color.Color) *image.RGBA {
	dx, dy := int(float64(p.Rect.Dx())*share), int(float64(p.Rect.Dy())*share)
	made := image.NewRGBA(image.Rect(0, 0, p.Rect.Dx()+2*dx, p.Rect.Dy()+2*dy))
	draw.Draw(made, made.Bounds(), image.NewUniform(c), image.Point{}, draw.Src)
	draw.Draw(made, p.Bounds().Add(image.Pt(dx, dy)), p, image.Point{}, draw.Src)
	return made
}

// kinds are what is drawn: as photographs are, and as charts and slides are.
var kinds = map[string]func(seed uint64, width, height int) *image.RGBA{"scene": scene, "drawing": drawing}

// changes are what happens to pictures on their way round the web. Those that
// are not found again are listed too: where the hash ends is worth knowing.
var changes = []struct {
	name    string
	found   bool // of all pictures; otherwise of some
	quality int  // of the JPEG file that it is saved in; 0: in none
	make    func(p *image.RGBA) *image.RGBA
}{
	{"saved as JPEG of quality 90", true, 90, func(p *image.RGBA) *image.RGBA { return p }},
	{"saved as JPEG of quality 40", true, 40, func(p *image.RGBA) *image.RGBA { return p }},
	{"half as large", true, 82, func(p *image.RGBA) *image.RGBA { return sampled(p, p.Rect.Dx()/2, p.Rect.Dy()/2) }},
	{"a third as large", true, 82, func(p *image.RGBA) *image.RGBA { return sampled(p, p.Rect.Dx()/3, p.Rect.Dy()/3) }},
	{"stretched", true, 0, func(p *image.RGBA) *image.RGBA { return sampled(p, p.Rect.Dx(), p.Rect.Dy()*3/4) }},
	{"brighter by 20 levels", true, 0, func(p *image.RGBA) *image.RGBA { return toned(p, func(v float64) float64 { return v + 20 }) }},
	{"darker by a fifth", true, 0, func(p *image.RGBA) *image.RGBA { return toned(p, func(v float64) float64 { return v * 0.8 }) }},
	{"60 % of the contrast", true, 0, func(p *image.RGBA) *image.RGBA {
		return toned(p, func(v float64) float64 { return 128 + (v-128)*0.6 })
	}},
	{"cropped by 2 % a side", true, 0, func(p *image.RGBA) *image.RGBA { return framed(p, -0.02, color.White) }},
	{"cropped by 5 % a side", false, 0, func(p *image.RGBA) *image.RGBA { return framed(p, -0.05, color.White) }},
	{"a black frame of 5 %", false, 0, func(p *image.RGBA) *image.RGBA { return framed(p, 0.05, color.Black) }},
}

func TestAPictureIsFoundAgainAfterItsWayRoundTheWeb(t *testing.T) {
	t.Parallel()
	const pictures = 12
	for kind, drawn := range kinds {
		for _, change := range changes {
			missed, worst := 0, 0
			for seed := range uint64(pictures) {
				before := drawn(seed, 200, 150)
				var after image.Image = change.make(before)
				if change.quality > 0 {
					after = compressed(t, after, change.quality)
				}
				a, b := picture.Measure(before).Hash, picture.Measure(after).Hash
				worst = max(worst, a.Distance(b))
				if !a.Like(b) {
					missed++
				}
			}
			if change.found && missed > 0 || !change.found && missed == 0 {
				t.Errorf("%s %s: %d of %d not found, %d bits at worst", kind, change.name, missed, pictures, worst)
			}
		}
	}
}

func TestDifferentPicturesAreFarApart(t *testing.T) {
	t.Parallel()
	for kind, drawn := range kinds {
		var hashes []picture.Hash
		for seed := range uint64(300) {
			hashes = append(hashes, picture.Measure(drawn(1000+seed, 64, 48)).Hash)
		}
		for i, a := range hashes {
			for j, b := range hashes[:i] {
				if a.Like(b) {
					t.Errorf("%ss %d and %d differ in %d bits only", kind, i, j, a.Distance(b))
				}
			}
		}
	}
}

func TestAnEvenPictureHasNoHash(t *testing.T) {
	t.Parallel()
	for _, grey := range []uint8{0, 1, 127, 255} {
		p := image.NewGray(image.Rect(0, 0, 90, 70))
		draw.Draw(p, p.Rect, image.NewUniform(color.Gray{Y: grey}), image.Point{}, draw.Src)
		m := picture.Measure(compressed(t, p, 40))
		if !m.Hash.None() || m.Hash.String() != "" || m.Hash.Like(m.Hash) {
			t.Errorf("grey %d: %v", grey, m)
		}
	}
}

func TestAHashIsReadAsItWasWritten(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		h := picture.Hash(rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "hash"))
		raw, err := json.Marshal(h)
		if err != nil {
			t.Fatal(err)
		}
		back := picture.Hash{1}
		if err := json.Unmarshal(raw, &back); err != nil || back != h {
			t.Fatalf("%s is read as %v, %v", raw, back, err)
		}
		if d := h.Distance(picture.Hash{}); d != (picture.Hash{}).Distance(h) || h.Distance(h) != 0 || d == 0 && !h.None() {
			t.Fatalf("distances of %v", h)
		}
	})
}

func TestAHashThatIsNoneIsRefused(t *testing.T) {
	t.Parallel()
	for _, typed := range []string{`"12"`, `"g0000000000000000000000000000000"`, `"000000000000000000000000000000000"`, `5`} {
		var h picture.Hash
		if err := json.Unmarshal([]byte(typed), &h); err == nil {
			t.Errorf("%s is read as %v", typed, h)
		}
	}
}
