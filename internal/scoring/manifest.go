package scoring

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
)

// The files of a model folder that serving needs.
const (
	manifestName   = "manifest.json"
	graphName      = "model.onnx"
	halfGraphName  = "model.fp16.onnx" // optional: the same graph for CUDA
	vocabularyName = "vocab.txt"
	tableName      = "ngram.bin"
)

// The kinds of models.
const (
	kindGraph = ""      // a graph with its vocabulary
	kindNgram = "ngram" // a table of character n-grams, which answers beside a graph; see package ngram

	kindLaunch = "launch" // reads campaigns, beside a graph that reads ideas; see Launcher
)

// schema is the manifest format that this program reads.
const schema = 1

// What a graph may give. Only the embedding is there in every model: an encoder
// that was never trained on ideas has no heads, and one that was trained on one
// question has no criteria.
const (
	successOutput   = "success_logit" // [batch]
	criteriaOutput  = "criteria"      // [batch, 3]
	embeddingOutput = "embedding"     // [batch, width], unit length
)

// What graphs take and give, in this order. Those of some families take no
// token types.
var (
	graphInputs  = []string{"input_ids", "attention_mask", "token_type_ids"}
	graphOutputs = []string{successOutput, criteriaOutput, embeddingOutput}

	neededInputs = graphInputs[:2]
	graphHeads   = [][]string{graphOutputs, {successOutput, embeddingOutput}, {embeddingOutput}}
)

// A Manifest describes one model version: its files with their sums, how text
// becomes its input, how its outputs become scores, and what was measured.
type Manifest struct {
	Schema      int             `json:"schema"`
	Kind        string          `json:"kind,omitempty"` // one of the kinds
	Name        string          `json:"name"`
	Version     string          `json:"version"`
	Created     string          `json:"created"`
	Base        string          `json:"base"`
	Licence     string          `json:"licence"`
	Files       map[string]File `json:"files"`
	Graph       Graph           `json:"graph"`
	Tokenizer   Pieces          `json:"tokenizer"`
	Fields      []string        `json:"fields"`
	Languages   []string        `json:"languages"` // ISO 639 codes it was trained on
	Calibration Calibration     `json:"calibration"`
	Conformal   Conformal       `json:"conformal"`
	Abstain     Abstain         `json:"abstain"`
	Nearness    Nearness        `json:"nearness"`
	Metrics     json.RawMessage `json:"metrics"`

	hash string // of the file that it was read from
}

// File is what a file of the folder must be.
type File struct {
	SHA256 string `json:"sha256"`
	Bytes  int64  `json:"bytes"`
}

// Graph names the graph's inputs and outputs.
type Graph struct {
	Inputs  []string `json:"inputs"`
	Outputs []string `json:"outputs"`
}

// Calibration maps raw outputs to what was observed: the success logit through
// temperature and intercept (Platt), the criteria through a line.
type Calibration struct {
	Success struct {
		Temperature float64 `json:"temperature"`
		Intercept   float64 `json:"intercept"`
	} `json:"success"`
	Impact       Line `json:"impact"`
	Feasibility  Line `json:"feasibility"`
	Auditability Line `json:"auditability"`
}

// Line is slope times the raw output plus intercept.
type Line struct {
	Slope     float64 `json:"slope"`
	Intercept float64 `json:"intercept"`
}

// Conformal holds the half widths of the split-conformal intervals, which cover
// the truth with the probability Level. Level 0 says that nobody has measured
// them: scores are then shown with the whole scale for an interval.
type Conformal struct {
	Level   float64 `json:"level"`
	Success struct {
		Radius float64 `json:"radius_logit"`
	} `json:"success"`
	Impact       Width `json:"impact"`
	Feasibility  Width `json:"feasibility"`
	Auditability Width `json:"auditability"`
}

// Width is an interval's half width in rating points.
type Width struct {
	Radius float64 `json:"radius"`
}

// Abstain says when the model keeps silent.
type Abstain struct {
	MinTokens        int     `json:"min_tokens"`         // fewer content tokens: too_short
	MaxIntervalShare float64 `json:"max_interval_share"` // of the scale, on every head: uncertain
}

// Nearness says what the cosine of two of the model's embeddings means. Both are
// quantiles of the cosines of ideas that have nothing to do with each other, so
// they have the same meaning for every model. Zero: nobody has measured them.
type Nearness struct {
	Related float64 `json:"related"` // one in a hundred such pairs is nearer
	Close   float64 `json:"close"`   // one in a hundred thousand
}

// Title is the model's name and version, as people say it.
func (m *Manifest) Title() string { return m.Name + " " + m.Version }

// Hash is the sha256 of manifest.json, in hex. As the manifest holds the sums of
// all other files, it tells one model version from every other, and equal text
// under an equal hash is scored equally.
func (m *Manifest) Hash() string { return m.hash }

// graphFile is the graph that suits a device: int8 or float on a processor, half
// precision on CUDA where the folder has it.
func (m *Manifest) graphFile(device Device) string {
	if _, ok := m.Files[halfGraphName]; ok && device == CUDA {
		return halfGraphName
	}
	return graphName
}

// Alone reports whether the model can be served; a table of n-grams only answers
// beside one that can.
func (m *Manifest) Alone() bool { return m.Kind == kindGraph }

// gives reports whether the model has an output. A table of n-grams has both
// heads and no embedding.
func (m *Manifest) gives(output string) bool {
	if m.Kind == kindNgram {
		return output != embeddingOutput
	}
	return slices.Contains(m.Graph.Outputs, output)
}

// calibrated reports whether it is known how far the model is from the truth.
func (m *Manifest) calibrated() bool { return m.Conformal.Level > 0 }

// ReadManifest reads and checks the manifest of a model folder, not its files.
func ReadManifest(folder string) (*Manifest, error) {
	m := new(Manifest)
	content, err := readManifest(folder, "the model's", m)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(content)
	m.hash = hex.EncodeToString(sum[:])
	return m, nil
}

// readManifest reads and checks a manifest of any kind, and returns its bytes.
func readManifest(folder, whose string, m interface{ check() error }) ([]byte, error) {
	path := filepath.Join(folder, manifestName)
	content, err := os.ReadFile(path) //nolint:gosec // G304: the operator names the model's folder
	if err != nil {
		return nil, fmt.Errorf("read %s manifest: %w", whose, err)
	}
	if err := json.Unmarshal(content, m); err != nil {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	if err := m.check(); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return content, nil
}

func (m *Manifest) check() error {
	var wrong []error
	must := func(ok bool, format string, args ...any) {
		if !ok {
			wrong = append(wrong, fmt.Errorf(format, args...))
		}
	}
	must(m.Schema == schema, "schema %d; this program reads schema %d", m.Schema, schema)
	must(m.Name != "" && m.Version != "", "no name or no version")
	for name := range m.Files {
		must(filepath.IsLocal(name), "files: %q is outside the folder", name)
	}
	if m.Kind == kindLaunch { // the rest of it is a launchManifest's
		must(m.Files[launchGraphName].SHA256 != "", "files: no sum of %s", launchGraphName)
		return errors.Join(wrong...)
	}
	must(slices.Equal(m.Fields, Fields), "fields %v; need %v", m.Fields, Fields)
	must(len(m.Languages) > 0, "no languages")
	must(m.Calibration.Success.Temperature > 0, "calibration of success: temperature %g", m.Calibration.Success.Temperature)
	must(0 <= m.Nearness.Related && m.Nearness.Related <= m.Nearness.Close && m.Nearness.Close <= 1, "nearness %+v; need 0 <= related <= close <= 1", m.Nearness)
	switch m.Kind {
	case kindGraph:
		m.checkGraph(must)
	case kindNgram:
		must(m.Files[tableName].SHA256 != "", "files: no sum of %s", tableName)
	default:
		must(false, "kind %q; this program reads graphs, %q and %q", m.Kind, kindNgram, kindLaunch)
	}
	return errors.Join(wrong...)
}

// checkGraph checks what only a graph has.
func (m *Manifest) checkGraph(must func(ok bool, format string, args ...any)) {
	must(slices.Equal(m.Graph.Inputs, graphInputs) || slices.Equal(m.Graph.Inputs, neededInputs), "graph inputs %v; need %v, or the first two", m.Graph.Inputs, graphInputs)
	must(slices.ContainsFunc(graphHeads, func(h []string) bool { return slices.Equal(m.Graph.Outputs, h) }), "graph outputs %v; need one of %v", m.Graph.Outputs, graphHeads)
	complaint := m.Tokenizer.check()
	must(complaint == "", "%s", complaint)
	for _, name := range []string{graphName, m.Tokenizer.name()} {
		must(m.Files[name].SHA256 != "", "files: no sum of %s", name)
	}
}

// Verify reads every file that the manifest names and compares its sum. It
// returns all complaints at once.
func (m *Manifest) Verify(folder string) error {
	var wrong []error
	for name := range m.Files {
		if _, err := m.file(folder, name); err != nil {
			wrong = append(wrong, err)
		}
	}
	return errors.Join(wrong...)
}

// file returns the content of a file of the folder, if it is the one that the
// manifest means.
func (m *Manifest) file(folder, name string) ([]byte, error) {
	content, err := os.ReadFile(filepath.Join(folder, name)) //nolint:gosec // G304: the operator names the model's folder
	if err != nil {
		return nil, fmt.Errorf("read the model: %w", err)
	}
	sum := sha256.Sum256(content)
	if got, want := hex.EncodeToString(sum[:]), m.Files[name].SHA256; got != want {
		return nil, fmt.Errorf("%s of %s: sha256 is %s, the manifest says %s", name, m.Title(), got, want)
	}
	return content, nil
}
