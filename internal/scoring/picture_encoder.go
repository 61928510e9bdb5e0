package scoring

import (
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"math"
	"os"
	"path/filepath"

	ort "github.com/yalue/onnxruntime_go"

	"globalbrain/internal/picture"
)

// kindImage marks the folder of an image encoder.
const kindImage = "image"

// An ImageManifest describes an image encoder: its graph with its sum, and how a
// picture becomes its input. models/lab/ideaslab/image_graph.py makes a small one.
type ImageManifest struct {
	Schema  int             `json:"schema"`
	Kind    string          `json:"kind"`
	Name    string          `json:"name"`
	Version string          `json:"version"`
	Licence string          `json:"licence"`
	Files   map[string]File `json:"files"`
	Graph   Graph           `json:"graph"` // one input, float32 of the layout; one output, float32 [batch, width]
	Image   ImageInput      `json:"image"`
}

// ImageInput says how a picture becomes the graph's input: its middle square,
// averaged by area into side x side pixels, each channel scaled to 0..1, less
// its mean, by its deviation.
type ImageInput struct {
	Side   int        `json:"side"`
	Layout string     `json:"layout"` // nchw or nhwc
	Mean   [3]float64 `json:"mean"`   // of red, green and blue
	Std    [3]float64 `json:"std"`
}

// layouts are the shapes of one picture in the graph's input, and where the
// pixel i of the channel c stands in it.
var layouts = map[string]struct {
	shape func(side int64) ort.Shape
	at    func(c, i, pixels int) int
}{
	"nchw": {func(side int64) ort.Shape { return ort.NewShape(1, 3, side, side) }, func(c, i, pixels int) int { return c*pixels + i }},
	"nhwc": {func(side int64) ort.Shape { return ort.NewShape(1, side, side, 3) }, func(c, i, _ int) int { return 3*i + c }},
}

const maxImageSide = 1024 // pixels: more than encoders read, and 12 MB of input

func (m *ImageManifest) check() error {
	var wrong []error
	must := func(ok bool, format string, args ...any) {
		if !ok {
			wrong = append(wrong, fmt.Errorf(format, args...))
		}
	}
	must(m.Schema == schema, "schema %d; this program reads schema %d", m.Schema, schema)
	must(m.Kind == kindImage, "kind %q; need %q", m.Kind, kindImage)
	must(m.Name != "" && m.Version != "", "no name or no version")
	must(len(m.Graph.Inputs) == 1 && len(m.Graph.Outputs) == 1, "graph inputs %v and outputs %v; need one of each", m.Graph.Inputs, m.Graph.Outputs)
	must(m.Image.Side > 0 && m.Image.Side <= maxImageSide, "image side %d; need 1 to %d", m.Image.Side, maxImageSide)
	must(layouts[m.Image.Layout].at != nil, "image layout %q; need nchw or nhwc", m.Image.Layout)
	for c, std := range m.Image.Std {
		must(std > 0 && !math.IsInf(m.Image.Mean[c], 0), "image mean %g and std %g of channel %d", m.Image.Mean[c], std, c)
	}
	must(m.Files[graphName].SHA256 != "", "files: no sum of %s", graphName)
	return errors.Join(wrong...)
}

// A PictureEncoder turns pictures into vectors whose dot product says how alike
// two of them are in what they show, where the perceptual hash only knows how
// alike they look. It is optional: nothing else needs it. Its methods may be
// called by many at once; Close must come after the last.
type PictureEncoder struct {
	manifest ImageManifest
	session  *session
}

// OpenPictureEncoder loads the image encoder of a folder, checks the graph's sum
// and tries it.
func OpenPictureEncoder(folder, library string, device Device) (_ *PictureEncoder, err error) {
	e := new(PictureEncoder)
	path := filepath.Join(folder, manifestName)
	content, err := os.ReadFile(path) //nolint:gosec // G304: the operator names the encoder's folder
	if err != nil {
		return nil, fmt.Errorf("read the image encoder's manifest: %w", err)
	}
	if err := json.Unmarshal(content, &e.manifest); err != nil {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	if err := e.manifest.check(); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	graph, err := (&Manifest{Name: e.manifest.Name, Version: e.manifest.Version, Files: e.manifest.Files}).file(folder, graphName)
	if err != nil {
		return nil, err
	}
	if err := enterEnvironment(library); err != nil {
		return nil, err
	}
	if e.session, err = loadGraph(graph, e.manifest.Graph, device); err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", e.Title(), err), leaveEnvironment())
	}
	if err := e.probe(); err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", e.Title(), err), e.Close())
	}
	return e, nil
}

// Title is the encoder's name and version, as people say it.
func (e *PictureEncoder) Title() string { return e.manifest.Name + " " + e.manifest.Version }

// Width is the number of values of an embedding.
func (e *PictureEncoder) Width() int { return e.session.width }

// probe runs an empty picture and reads the shape of what comes out.
func (e *PictureEncoder) probe() error {
	in, err := e.lay(make([]float32, 3*e.manifest.Image.Side*e.manifest.Image.Side))
	if err != nil {
		return err
	}
	defer destroy([]ort.Value{in})
	out := make([]ort.Value, 1)
	if err := e.session.graph.Run([]ort.Value{in}, out); err != nil {
		return fmt.Errorf("try the graph: %w", err)
	}
	defer destroy(out)
	shape := out[0].GetShape()
	if _, ok := out[0].(*ort.Tensor[float32]); !ok || len(shape) != 2 || shape[0] != 1 || shape[1] < 1 {
		return fmt.Errorf("try the graph: output %s is %T of shape %v; need float32 of [batch, width]", e.manifest.Graph.Outputs[0], out[0], shape)
	}
	e.session.width = int(shape[1])
	return nil
}

func (e *PictureEncoder) lay(content []float32) (ort.Value, error) {
	v, err := ort.NewTensor(layouts[e.manifest.Image.Layout].shape(int64(e.manifest.Image.Side)), content)
	if err != nil {
		return nil, fmt.Errorf("lay out the picture: %w", err)
	}
	return v, nil
}

// Embed returns the picture's embedding, of unit length. The picture must have
// pixels.
func (e *PictureEncoder) Embed(p image.Image) ([]float32, error) {
	about := e.manifest.Image
	pixels := about.Side * about.Side
	content := make([]float32, 3*pixels)
	at := layouts[about.Layout].at
	for c, values := range picture.Square(p, about.Side) {
		for i, v := range values {
			content[at(c, i, pixels)] = float32((v/255 - about.Mean[c]) / about.Std[c])
		}
	}
	in, err := e.lay(content)
	if err != nil {
		return nil, err
	}
	defer destroy([]ort.Value{in})
	out, err := ort.NewEmptyTensor[float32](ort.NewShape(1, int64(e.session.width)))
	if err != nil {
		return nil, fmt.Errorf("lay out the embedding: %w", err)
	}
	defer destroy([]ort.Value{out})
	if err := e.session.call([]ort.Value{in}, []ort.Value{out}); err != nil {
		return nil, fmt.Errorf("run %s: %w", e.Title(), err)
	}
	return unitLength(out.GetData())
}

// unitLength returns a copy of unit length. Encoders that end in another length are
// common; one that gives nothing, or no numbers, is refused.
func unitLength(v []float32) ([]float32, error) {
	square := 0.0
	for _, x := range v {
		square += float64(x) * float64(x)
	}
	if !(square > 0) || math.IsInf(square, 0) {
		return nil, fmt.Errorf("the image encoder gave a vector of length %g", math.Sqrt(square))
	}
	made := make([]float32, len(v))
	for i, x := range v {
		made[i] = float32(float64(x) / math.Sqrt(square))
	}
	return made, nil
}

// Close frees the graph.
func (e *PictureEncoder) Close() error { return errors.Join(e.session.close(), leaveEnvironment()) }
