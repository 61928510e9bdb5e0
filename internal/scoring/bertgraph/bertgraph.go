// Package bertgraph turns a BERT in Hugging Face layout (config.json and
// safetensors) into one ONNX graph: the encoder, its pooled embedding of unit
// length, and the logit of success where it has a classifier.
//
// It does not know tokenizers or scores, and runs nothing. The weights go
// through it one by one: it never holds more than its largest matrix.
package bertgraph

import (
	"errors"
	"fmt"
	"io"
	"math"
)

// The names of what graphs take and give. Ids, masks and types are int64 of
// [batch, sequence].
const (
	InputIDs      = "input_ids"
	AttentionMask = "attention_mask"
	TokenTypes    = "token_type_ids" //nolint:gosec // G101: the name of an input
	SuccessLogit  = "success_logit"  // float32 [batch]
	Embedding     = "embedding"      // float32 [batch, width], unit length
)

// maxGraph is the most that one protobuf message may hold, in bytes.
const maxGraph = math.MaxInt32

// A Model is a folder that was found to hold a BERT that can be written. Close it.
type Model struct {
	config  config
	family  family
	prefix  string // before the names of the encoder's weights
	pooling Pooling
	labels  int // of the classifier; 0: there is none
	success int // which label of two means success
	weights *weights
}

// Options say what the folder's weights do not.
type Options struct {
	Pooling Pooling // how the embedding is pooled; empty: Mean
	Success string  // which of two labels means success; may be empty when they have no names
}

// Pooling is how the states of all tokens become one.
type Pooling string

// The poolings.
const (
	Mean Pooling = "mean" // of all tokens but padding
	CLS  Pooling = "cls"  // the first token's
)

// Open reads a folder's config and the heads of its weights. Its errors say
// what is not as it must be.
func Open(folder string, o Options) (*Model, error) {
	c, err := readConfig(folder)
	if err != nil {
		return nil, err
	}
	m := &Model{config: c, family: families[c.Type], pooling: o.Pooling}
	if m.pooling == "" {
		m.pooling = Mean
	}
	if m.weights, err = openWeights(folder); err != nil {
		return nil, err
	}
	if err := m.check(o.Success); err != nil {
		return nil, errors.Join(err, m.Close())
	}
	return m, nil
}

// check finds the encoder and its head among the weights.
func (m *Model) check(success string) error {
	if !m.weights.has(m.family.words) {
		m.prefix = m.family.prefix
	}
	words, err := m.weights.shape(m.prefix + m.family.words)
	if err != nil {
		return err
	}
	if len(words) != 2 || words[0] != m.config.Vocabulary || words[1] != m.config.Width {
		return fmt.Errorf("%s has the shape %v; config.json says [%d %d]", m.family.words, words, m.config.Vocabulary, m.config.Width)
	}
	return m.findHead(success)
}

// Vocabulary is how many ids the encoder knows.
func (m *Model) Vocabulary() int { return m.config.Vocabulary }

// Positions is the longest row that the encoder reads.
func (m *Model) Positions() int {
	if m.family.offset {
		return m.config.Positions - m.config.Padding - 1
	}
	return m.config.Positions
}

// Width is that of the embedding.
func (m *Model) Width() int { return m.config.Width }

// Trained reports whether there is a classifier, and so a logit of success.
func (m *Model) Trained() bool { return m.labels > 0 }

// Inputs are the graph's, in order.
func (m *Model) Inputs() []string {
	if m.typed() {
		return []string{InputIDs, AttentionMask, TokenTypes}
	}
	return []string{InputIDs, AttentionMask}
}

// typed reports whether the graph takes token types. Where there is one type
// only, its vector is a constant.
func (m *Model) typed() bool { return m.family.types != "" && m.config.Types > 1 }

// Outputs are the graph's, in order.
func (m *Model) Outputs() []string {
	if m.Trained() {
		return []string{SuccessLogit, Embedding}
	}
	return []string{Embedding}
}

// Write writes the graph: ONNX, float32, with any batch and any sequence up to
// Positions.
func (m *Model) Write(w io.Writer) error {
	g := &graph{weights: m.weights}
	m.build(g)
	if g.err != nil {
		return g.err
	}
	if size := g.size(); size > maxGraph {
		return fmt.Errorf("the graph would have %.1f GB; one file holds 2 GB, so take a smaller model", float64(size)/1e9)
	}
	return g.write(w, m.Inputs(), m.Outputs(), m.config.Width)
}

// Close closes the folder's files.
func (m *Model) Close() error { return m.weights.close() }
