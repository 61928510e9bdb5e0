package blob_test

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/draw"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"testing"
	"testing/iotest"

	"globalbrain/internal/blob"
	"globalbrain/internal/errs"
)

// quarters is a picture whose four quarters have four colours.
func quarters(width, height int, alpha uint8) *image.NRGBA {
	p := image.NewNRGBA(image.Rect(0, 0, width, height))
	for n, c := range []color.NRGBA{{255, 0, 0, alpha}, {0, 255, 0, 255}, {0, 0, 255, 255}, {255, 255, 255, 255}} {
		x, y := n%2*(width/2), n/2*(height/2)
		draw.Draw(p, image.Rect(x, y, width, height), image.NewUniform(c), image.Point{}, draw.Src)
	}
	return p
}

func file(t testing.TB, write func(io.Writer) error) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func asPNG(t testing.TB, p image.Image) []byte {
	t.Helper()
	return file(t, func(w io.Writer) error { return png.Encode(w, p) })
}

func asJPEG(t testing.TB, p image.Image) []byte {
	t.Helper()
	return file(t, func(w io.Writer) error { return jpeg.Encode(w, p, &jpeg.Options{Quality: 95}) })
}

func asGIF(t testing.TB, p image.Image) []byte {
	t.Helper()
	return file(t, func(w io.Writer) error { return gif.Encode(w, p, nil) })
}

// asWebP is a WebP file of 1 x 1 pixel, lossless, opaque.
func asWebP(t testing.TB) []byte {
	t.Helper()
	raw, err := base64.StdEncoding.DecodeString("UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA==")
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// bomb is a PNG file whose header claims a size, and whose body is empty.
func bomb(width, height uint32) []byte {
	head := append([]byte("IHDR"), make([]byte, 13)...)
	binary.BigEndian.PutUint32(head[4:], width)
	binary.BigEndian.PutUint32(head[8:], height)
	head[12], head[13] = 8, 6
	raw := append([]byte("\x89PNG\r\n\x1a\n"), 0, 0, 0, 13)
	raw = append(raw, head...)
	return binary.BigEndian.AppendUint32(raw, crc32.ChecksumIEEE(head))
}

// withExif puts an Exif segment with an orientation, and a comment that must not
// survive, into a JPEG file.
func withExif(raw []byte, orientation byte) []byte {
	exif := append([]byte("Exif\x00\x00MM\x00\x2a\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00"), orientation, 0, 0, 0, 0, 0, 0)
	exif = append(exif, "GPS 48.2082 N"...)
	out := append([]byte{0xFF, 0xD8, 0xFF, 0xE1}, 0, byte(len(exif)+2))
	return append(append(out, exif...), raw[2:]...)
}

func TestAPictureIsRedrawnAsTheKindThatItNeeds(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		raw           []byte
		media         string
		width, height int
	}{
		"a JPEG":              {asJPEG(t, quarters(40, 20, 255)), "image/jpeg", 40, 20},
		"an opaque PNG":       {asPNG(t, quarters(40, 20, 255)), "image/jpeg", 40, 20},
		"a PNG with a hole":   {asPNG(t, quarters(40, 20, 0)), "image/png", 40, 20},
		"a GIF":               {asGIF(t, quarters(40, 20, 255)), "image/jpeg", 40, 20},
		"a WebP":              {asWebP(t), "", 1, 1},
		"one pixel":           {asPNG(t, quarters(1, 1, 255)), "image/jpeg", 1, 1},
		"wider than the page": {asPNG(t, quarters(3201, 400, 255)), "image/jpeg", 1600, 200},
		"as wide as the page": {asPNG(t, quarters(1600, 7, 255)), "image/jpeg", 1600, 7},
		"a thread":            {asPNG(t, quarters(20000, 1, 255)), "image/jpeg", 1600, 1},
		"a tower":             {asPNG(t, quarters(2, 20000, 255)), "image/jpeg", 1, 6400},
		"a phone on its side": {withExif(asJPEG(t, quarters(40, 20, 255)), 6), "image/jpeg", 20, 40},
		"turned and too wide": {withExif(asJPEG(t, quarters(20, 3200, 255)), 8), "image/jpeg", 1600, 10},
	} {
		got, err := blob.Picture(bytes.NewReader(c.raw))
		if err != nil || c.media != "" && got.MediaType != c.media || got.Width != c.width || got.Height != c.height {
			t.Errorf("%s: %s %dx%d, %v", name, got.MediaType, got.Width, got.Height, err)
			continue
		}
		config, format, err := image.DecodeConfig(bytes.NewReader(got.Bytes))
		if err != nil || "image/"+format != got.MediaType || config.Width != c.width || config.Height != c.height {
			t.Errorf("%s: the bytes are %s %dx%d, %v", name, format, config.Width, config.Height, err)
		}
	}
}

func TestABadUploadIsRefusedInWords(t *testing.T) {
	t.Parallel()
	good := asPNG(t, quarters(40, 20, 255))
	for name, c := range map[string]struct {
		raw  []byte
		code string
	}{
		"nothing":                        {nil, "image.missing"},
		"a text":                         {[]byte("<svg onload=alert(1)>"), "image.format"},
		"a header only":                  {bomb(10, 10), "image.broken"},
		"cut off":                        {good[:len(good)-30], "image.broken"},
		"41 megapixels":                  {bomb(41_000, 1000), "image.pixels"},
		"a decompression bomb":           {bomb(1<<20, 1<<20), "image.pixels"},
		"a thread of a bomb":             {bomb(1<<31-1, 1), "image.pixels"},
		"more bytes than the limit":      {append(bytes.Clone(good), make([]byte, blob.MaxBytes)...), "image.large"},
		"a JPEG of which little is left": {asJPEG(t, quarters(40, 20, 255))[:30], "image.broken"},
	} {
		if _, err := blob.Picture(bytes.NewReader(c.raw)); !errs.Is(err, errs.Invalid) || errs.CodeOf(err) != c.code {
			t.Errorf("%s: %v", name, err)
		}
	}
	lost := errors.New("connection lost")
	if _, err := blob.Picture(iotest.ErrReader(lost)); !errors.Is(err, lost) || errs.Is(err, errs.Invalid) {
		t.Errorf("an upload that broke off: %v", err)
	}
}

// corners names the colours of the four corners of a picture, row by row.
func corners(t *testing.T, got blob.Image) string {
	t.Helper()
	p, _, err := image.Decode(bytes.NewReader(got.Bytes))
	if err != nil {
		t.Fatal(err)
	}
	names := ""
	for n := range 4 {
		r, g, b, a := p.At(n%2*(got.Width-1), n/2*(got.Height-1)).RGBA()
		switch big := func(v uint32) bool { return v > 0xC000 }; {
		case a < 0x1000:
			names += "-"
		case big(r) && big(g) && big(b):
			names += "W"
		case big(r):
			names += "R"
		case big(g):
			names += "G"
		case big(b):
			names += "B"
		default:
			names += "?"
		}
	}
	return names
}

func TestAPictureStandsUprightAndKeepsNoSecrets(t *testing.T) {
	t.Parallel()
	for orientation, want := range map[byte]string{1: "RGBW", 2: "GRWB", 3: "WBGR", 4: "BWRG", 5: "RBGW", 6: "BRWG", 7: "WGBR", 8: "GWRB", 9: "RGBW", 0: "RGBW"} {
		got, err := blob.Picture(bytes.NewReader(withExif(asJPEG(t, quarters(64, 32, 255)), orientation)))
		if err != nil {
			t.Fatal(err)
		}
		if seen := corners(t, got); seen != want {
			t.Errorf("orientation %d: %s, want %s", orientation, seen, want)
		}
		if bytes.Contains(got.Bytes, []byte("GPS")) || bytes.Contains(got.Bytes, []byte("Exif")) {
			t.Errorf("orientation %d: the metadata is still there", orientation)
		}
	}
}

func TestAShrunkPictureKeepsItsColours(t *testing.T) {
	t.Parallel()
	for _, size := range [][2]int{{1601, 50}, {3200, 90}, {50, 6401}, {1700, 701}} {
		for alpha, want := range map[uint8]string{255: "RGBW", 0: "-GBW"} {
			got, err := blob.Picture(bytes.NewReader(asPNG(t, quarters(size[0], size[1], alpha))))
			if err != nil || corners(t, got) != want {
				t.Errorf("%v with alpha %d: %dx%d %v", size, alpha, got.Width, got.Height, err)
			}
		}
	}
	grey := image.NewGray(image.Rect(0, 0, 1999, 777))
	draw.Draw(grey, grey.Bounds(), image.NewUniform(color.Gray{Y: 100}), image.Point{}, draw.Src)
	got, err := blob.Picture(bytes.NewReader(asPNG(t, grey)))
	if err != nil {
		t.Fatal(err)
	}
	p, _, err := image.Decode(bytes.NewReader(got.Bytes))
	if err != nil {
		t.Fatal(err)
	}
	for y := range got.Height {
		for x := range got.Width {
			if r, _, _, _ := p.At(x, y).RGBA(); r>>8 < 98 || r>>8 > 102 {
				t.Fatalf("an even grey of 100 is %d at %d,%d", r>>8, x, y)
			}
		}
	}
}

func FuzzPicture(f *testing.F) {
	small := quarters(6, 4, 255)
	for _, seed := range [][]byte{asPNG(f, small), asJPEG(f, small), asGIF(f, small), asWebP(f), withExif(asJPEG(f, small), 6), bomb(1<<31-1, 1<<31-1), asPNG(f, quarters(6, 4, 0))} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		if config, _, err := image.DecodeConfig(bytes.NewReader(raw)); err == nil && config.Height > 0 && config.Width > 1_000_000/config.Height {
			return // large pictures are slow, and the tables above have them
		}
		got, err := blob.Picture(bytes.NewReader(raw))
		if err != nil {
			if !errs.Is(err, errs.Invalid) {
				t.Fatalf("not the fault of who uploaded it: %v", err)
			}
			return
		}
		config, format, err := image.DecodeConfig(bytes.NewReader(got.Bytes))
		if err != nil || "image/"+format != got.MediaType || config.Width != got.Width || config.Height != got.Height || got.Width > blob.MaxWidth {
			t.Fatalf("%s %dx%d: %v", got.MediaType, got.Width, got.Height, err)
		}
	})
}
