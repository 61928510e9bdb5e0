package scoring

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"

	"globalbrain/internal/picture"
	"globalbrain/internal/scoring/launch"
	"globalbrain/internal/scoring/subword"
)

// launchGraphName is the launch model's graph; its other files have the names
// that every model's have.
const launchGraphName = "launch.onnx"

// What the launch graph takes and gives, and the order of its logits.
var (
	launchInputs  = []string{"title", "blurb", "plan", "category", "main_category"}
	launchOutputs = []string{"logits"} // [batch, 3]
	launchHeads   = []string{"text", "metadata", "both"}
)

// A launchManifest describes a launch model.
type launchManifest struct {
	Schema    int             `json:"schema"`
	Kind      string          `json:"kind"`
	Name      string          `json:"name"`
	Version   string          `json:"version"`
	Files     map[string]File `json:"files"`
	Graph     Graph           `json:"graph"`
	Heads     []string        `json:"heads"`
	Tokenizer struct {
		Type string `json:"type"`
		subword.BERT
		FieldPieces int `json:"field_pieces"` // of a field are read
	} `json:"tokenizer"`
	Languages   []string               `json:"languages"`
	MinPieces   int                    `json:"min_pieces"` // of title and blurb; fewer: too_short
	Calibration map[string]launchCurve `json:"calibration"`
	Pictures    *picture.Term          `json:"pictures,omitempty"` // nil: it was trained without pictures
	launch.Reading
}

// A launchCurve turns a head's logit into a chance: Platt's scaling, and the half
// width of the split-conformal interval on the logit.
type launchCurve struct {
	Temperature float64 `json:"temperature"`
	Intercept   float64 `json:"intercept"`
	Radius      float64 `json:"radius_logit"`
}

func (c launchCurve) chance(logit float64) Chance {
	z := logit/c.Temperature + c.Intercept
	return Chance{Probability: sigmoid(z), Low: sigmoid(z - c.Radius), High: sigmoid(z + c.Radius)}
}

func readLaunchManifest(folder string) (*launchManifest, error) {
	m := new(launchManifest)
	if _, err := readManifest(folder, "the launch model's", m); err != nil {
		return nil, err
	}
	return m, nil
}

func (m *launchManifest) check() error {
	wrong := []error{m.Reading.Check(), m.Pictures.Check()}
	must := func(ok bool, format string, args ...any) {
		if !ok {
			wrong = append(wrong, fmt.Errorf(format, args...))
		}
	}
	must(m.Kind == kindLaunch, "kind %q; need %q", m.Kind, kindLaunch)
	must(m.Schema == schema, "schema %d; this program reads schema %d", m.Schema, schema)
	must(m.Name != "" && m.Version != "", "no name or no version")
	must(slices.Equal(m.Graph.Inputs, launchInputs), "graph inputs %v; need %v", m.Graph.Inputs, launchInputs)
	must(slices.Equal(m.Graph.Outputs, launchOutputs), "graph outputs %v; need %v", m.Graph.Outputs, launchOutputs)
	must(slices.Equal(m.Heads, launchHeads), "heads %v; need %v", m.Heads, launchHeads)
	must(m.Tokenizer.Type == wordPiece && m.Tokenizer.FieldPieces > 0, "tokenizer %q of %d pieces a field; need %s", m.Tokenizer.Type, m.Tokenizer.FieldPieces, wordPiece)
	must(len(m.Languages) > 0, "no languages")
	for _, head := range launchHeads {
		must(m.Calibration[head].Temperature > 0, "calibration of %s: temperature %g", head, m.Calibration[head].Temperature)
	}
	for name := range m.Files {
		must(filepath.IsLocal(name), "files: %q is outside the folder", name)
	}
	for _, name := range []string{launchGraphName, vocabularyName} {
		must(m.Files[name].SHA256 != "", "files: no sum of %s", name)
	}
	return errors.Join(wrong...)
}

// title is the model's name and version, as people say it.
func (m *launchManifest) title() string { return m.Name + " " + m.Version }
