// Package blob takes pictures that people upload and makes them safe to show:
// it looks at their size before it unpacks them, redraws every pixel, and so
// drops what a camera or an attacker has hidden in the file. It does not know
// whose pictures they are, nor where they are kept.
package blob

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	_ "image/gif" // readable formats register themselves
	"image/jpeg"
	"image/png"
	"io"
	"sync"

	_ "golang.org/x/image/webp"

	"globalbrain/internal/errs"
	"globalbrain/internal/picture"
)

// Limits of an upload, and of what is made of it.
const (
	MaxBytes  = 10 << 20   // of the file
	MaxPixels = 40_000_000 // width times height, before it is unpacked
	MaxWidth  = 1600       // pixels of what is kept; wider pictures are made smaller
	maxHeight = 4 * MaxWidth
	quality   = 82 // of JPEG: no visible loss at a third of the size of 95
)

// Image is a picture that is safe to keep and to show.
type Image struct {
	Bytes     []byte
	MediaType string // image/jpeg, or image/png when parts are transparent
	Width     int    // pixels
	Height    int    // pixels
	Measures  picture.Measures
}

// unpacking is held while a picture is unpacked and worked on: one of MaxPixels
// takes up to 320 MB (16 bits a channel), and many at once would take the
// machine down.
var unpacking sync.Mutex

// Picture reads a JPEG, PNG, GIF or WebP file and redraws it: upright, at most
// MaxWidth wide, without metadata, and only the first picture of an animation.
// Everything else is Invalid with a code that says what is wrong.
func Picture(raw io.Reader) (made Image, err error) {
	err = With(raw, func(p *image.RGBA) (err error) {
		made, err = encode(p)
		return err
	})
	return made, err
}

// With calls work with the pixels of a file as Picture would keep them, and
// refuses what Picture refuses. One picture is worked on at a time, and work
// must not keep it.
func With(raw io.Reader, work func(*image.RGBA) error) error {
	file, err := io.ReadAll(io.LimitReader(raw, MaxBytes+1))
	if err != nil {
		return fmt.Errorf("read a picture: %w", err)
	}
	if len(file) == 0 {
		return errs.New(errs.Invalid, "image.missing", "Choose a picture first.")
	}
	if len(file) > MaxBytes {
		return errs.New(errs.Invalid, "image.large", "A picture has at most %d MB.", MaxBytes>>20)
	}
	config, format, err := image.DecodeConfig(bytes.NewReader(file))
	if errors.Is(err, image.ErrFormat) {
		return errs.Wrap(err, errs.Invalid, "image.format", "This is not a JPEG, PNG, GIF or WebP picture.")
	}
	if err != nil {
		return broken(err)
	}
	if err := checkSize(config.Width, config.Height); err != nil {
		return err
	}
	unpacking.Lock()
	defer unpacking.Unlock()
	full, _, err := image.Decode(bytes.NewReader(file))
	if err != nil {
		return broken(err)
	}
	// The header that was checked and the body may disagree.
	if err := checkSize(full.Bounds().Dx(), full.Bounds().Dy()); err != nil {
		return err
	}
	turn := upright
	if format == "jpeg" {
		turn = orientation(file)
	}
	return work(turned(shrunk(full, turn), turn))
}

func checkSize(width, height int) error {
	if width <= 0 || height <= 0 {
		return broken(nil)
	}
	// Divided, because the product of two sizes that a header claims may overflow.
	if width > MaxPixels/height {
		return errs.New(errs.Invalid, "image.pixels", "A picture has at most %d megapixels.", MaxPixels/1_000_000)
	}
	return nil
}

func broken(cause error) error {
	return errs.Wrap(cause, errs.Invalid, "image.broken", "This picture is damaged and cannot be read.")
}

func encode(p *image.RGBA) (Image, error) {
	var err error
	out, kind := &bytes.Buffer{}, "image/jpeg"
	if p.Opaque() {
		err = jpeg.Encode(out, p, &jpeg.Options{Quality: quality})
	} else {
		kind, err = "image/png", png.Encode(out, p)
	}
	if err != nil {
		return Image{}, fmt.Errorf("write a picture: %w", err)
	}
	return Image{Bytes: out.Bytes(), MediaType: kind, Width: p.Bounds().Dx(), Height: p.Bounds().Dy(), Measures: picture.Measure(p)}, nil
}
