package scoring

import (
	"bufio"
	"encoding/json"
	"image"
	"image/color"
	"math"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

const encoderFolder = "testdata/image-encoder"

func openEncoder(t *testing.T, folder string) *PictureEncoder {
	t.Helper()
	e, err := OpenPictureEncoder(folder, library(t), CPU)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	})
	return e
}

// painted are some of the lab's golden pictures by name; see internal/picture.
var painted = map[string]func(x, y, width, height int) [3]int{
	"ramp":     func(x, y, w, h int) [3]int { return [3]int{x * 255 / w, y * 255 / h, (x + y) * 255 / (w + h)} },
	"tower":    func(x, y, _, _ int) [3]int { return [3]int{y * 5 % 256, y * y % 256, x * 80} },
	"panorama": func(x, y, _, _ int) [3]int { return [3]int{x / 8 % 256, (x/25*37 + y) % 256, y * 6 % 256} },
}

func paint(name string, width, height int) *image.NRGBA {
	p := image.NewNRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			c := painted[name](x, y, width, height)
			p.SetNRGBA(x, y, color.NRGBA{uint8(c[0]), uint8(c[1]), uint8(c[2]), 255})
		}
	}
	return p
}

func dotted(p *image.NRGBA) *image.NRGBA {
	for y := range p.Rect.Dy() {
		for x := range p.Rect.Dx() {
			if (x/16+y/16)%2 == 0 {
				p.SetNRGBA(x, y, color.NRGBA{R: 220, G: 30, B: 10, A: 255})
			}
		}
	}
	return p
}

func cosine(a, b []float32) (sum float64) {
	for i := range a {
		sum += float64(a[i]) * float64(b[i])
	}
	return sum
}

// The lab ran the same graph on the same pictures in Python's ONNX Runtime; its
// values have six decimals.
func TestAnImageEncoderGivesWhatTheLabRecorded(t *testing.T) {
	t.Parallel()
	e := openEncoder(t, encoderFolder)
	file, err := os.Open(filepath.Join(encoderFolder, "golden.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	compared := 0
	for lines := bufio.NewScanner(file); lines.Scan(); {
		var want struct {
			Picture       string
			Width, Height int
			Embedding     []float32
		}
		if err := json.Unmarshal(lines.Bytes(), &want); err != nil {
			t.Fatal(err)
		}
		if painted[want.Picture] == nil {
			continue
		}
		compared++
		got, err := e.Embed(paint(want.Picture, want.Width, want.Height))
		if err != nil || len(got) != len(want.Embedding) || len(got) != e.Width() {
			t.Fatalf("%d values, %v", len(got), err)
		}
		for i, v := range got {
			if math.Abs(float64(v-want.Embedding[i])) > 1e-5 {
				t.Errorf("%s: value %d is %g, in the lab %g", want.Picture, i, v, want.Embedding[i])
			}
		}
	}
	if compared != len(painted) {
		t.Errorf("%d pictures were compared", compared)
	}
}

func TestAnImageEncoderFindsAPictureThatWasScaled(t *testing.T) {
	t.Parallel()
	e := openEncoder(t, encoderFolder)
	var vectors [3][]float32
	var wg sync.WaitGroup
	for i, p := range []*image.NRGBA{paint("ramp", 300, 200), paint("ramp", 600, 400), dotted(paint("ramp", 300, 200))} {
		wg.Go(func() {
			var err error
			if vectors[i], err = e.Embed(p); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if same, other := cosine(vectors[0], vectors[1]), cosine(vectors[0], vectors[2]); same < 0.999 || other > same-0.01 || math.Abs(cosine(vectors[0], vectors[0])-1) > 1e-6 {
		t.Errorf("scaled %g, another %g", same, other)
	}
}

func TestAFolderThatHoldsNoImageEncoderIsRefusedInWords(t *testing.T) {
	t.Parallel()
	manifest, err := os.ReadFile(filepath.Join(encoderFolder, manifestName))
	if err != nil {
		t.Fatal(err)
	}
	graph, err := os.ReadFile(filepath.Join(encoderFolder, graphName))
	if err != nil {
		t.Fatal(err)
	}
	change := func(from, to string) string {
		if !strings.Contains(string(manifest), from) {
			t.Fatalf("the manifest has no %q", from)
		}
		return strings.Replace(string(manifest), from, to, 1)
	}
	for name, c := range map[string]struct {
		manifest string
		graph    []byte
		says     string
	}{
		"another kind":       {change(`"image",`, `"text",`), graph, `kind "text"; need "image"`},
		"an unknown layout":  {change(`"nchw"`, `"hwcn"`), graph, `layout "hwcn"; need nchw or nhwc`},
		"a layout of others": {change(`"nchw"`, `"nhwc"`), graph, "try the graph"},
		"another size":       {change(`"side": 32`, `"side": 64`), graph, "try the graph"},
		"no deviation":       {change(`0.229`, `0`), graph, "std 0"},
		"another input":      {change(`"pixels"`, `"image"`), graph, "image"},
		"a broken sum":       {string(manifest), append([]byte{1}, graph...), "sha256 is"},
		"no manifest at all": {"{", graph, "unexpected end of JSON input"},
	} {
		folder := t.TempDir()
		for file, content := range map[string][]byte{manifestName: []byte(c.manifest), graphName: c.graph} {
			if err := os.WriteFile(filepath.Join(folder, file), content, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if e, err := OpenPictureEncoder(folder, library(t), CPU); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v, %v", name, e, err)
		}
	}
}

func TestAVectorWithoutLengthIsRefused(t *testing.T) {
	t.Parallel()
	for _, v := range [][]float32{{0, 0}, {float32(math.NaN()), 1}, {float32(math.Inf(1))}} {
		if got, err := unitLength(v); err == nil {
			t.Errorf("%v became %v", v, got)
		}
	}
}
