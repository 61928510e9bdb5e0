package picture_test

import (
	"encoding/json"
	"image"
	"image/color"
	"math"
	"os"
	"strings"
	"testing"

	"globalbrain/internal/picture"
)

// goldenPixels are the pictures of testdata/measures.jsonl by their names, made
// from whole numbers so that the lab makes the same.
var goldenPixels = map[string]func(x, y, width, height int) [3]int{
	"ramp": func(x, y, w, h int) [3]int { return [3]int{x * 255 / w, y * 255 / h, (x + y) * 255 / (w + h)} },
	"board": func(x, y, _, _ int) [3]int {
		return [3]int{(x/8 + y/8) % 2 * 255, (x/8 + y/8) % 2 * 200, x / 16 % 2 * 90}
	},
	"plaid": func(x, y, _, _ int) [3]int { return [3]int{x * x / 50 % 256, (x*3 + y*y/40) % 256, x * y / 300 % 256} },
	"tower": func(x, y, _, _ int) [3]int { return [3]int{y * 5 % 256, y * y % 256, x * 80} },
	"noise": func(x, y, _, _ int) [3]int {
		return [3]int{(x*7919 + y*104729) % 251, (x*x*31 + y*17) % 241, (x*y*13 + 5*x) % 239}
	},
	"dot":      func(x, _, _, _ int) [3]int { return [3]int{x + 12, x + 200, x + 90} },
	"panorama": func(x, y, _, _ int) [3]int { return [3]int{x / 8 % 256, (x/25*37 + y) % 256, y * 6 % 256} },
}

// The lab measures the same pictures and writes the file; equal hashes and a
// relative 1e-6 are what its module promises.
func TestTheLabMeasuresTheSame(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile("testdata/measures.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(raw)), "\n")
	if len(lines) != len(goldenPixels) {
		t.Fatalf("%d pictures in the file, %d here", len(lines), len(goldenPixels))
	}
	for _, line := range lines {
		var want struct {
			Picture string `json:"picture"`
			picture.Measures
		}
		if err := json.Unmarshal([]byte(line), &want); err != nil {
			t.Fatal(err)
		}
		at := goldenPixels[want.Picture]
		got := picture.Measure(painted(want.Width, want.Height, func(x, y int) color.Color {
			c := at(x, y, want.Width, want.Height)
			return color.NRGBA{uint8(c[0]), uint8(c[1]), uint8(c[2]), 255}
		}))
		if got.Hash != want.Hash || got.Width != want.Width || got.Height != want.Height {
			t.Errorf("%s: %+v, the lab has %+v", want.Picture, got, want.Measures)
		}
		features := want.Features()
		for i, value := range got.Features() {
			if math.Abs(value-features[i]) > 1e-6*max(1, math.Abs(features[i])) {
				t.Errorf("%s: %s is %g, the lab has %g", want.Picture, picture.FeatureNames[i], value, features[i])
			}
		}
	}
}

func TestTheBoundsOfAPictureDoNotMoveItsMeasures(t *testing.T) {
	t.Parallel()
	grey := image.NewGray(image.Rect(-5, 9, 60, 40))
	for i := range grey.Pix {
		grey.Pix[i] = uint8(i * 7)
	}
	same := painted(65, 31, func(x, y int) color.Color { return grey.GrayAt(x-5, y+9) })
	if a, b := picture.Measure(grey), picture.Measure(same); a != b {
		t.Errorf("%+v\n%+v", a, b)
	}
}
