package scoring

import (
	"fmt"
	"sync"

	"globalbrain/internal/scoring/subword"
)

// A version is one loaded model. Who asks it holds a use of it; a version that
// was swapped out is destroyed when the last use ends.
type version struct {
	manifest  *Manifest
	tokenizer subword.Tokenizer
	session   *session
	fallback  *fallback // who answers in other languages; nil: nobody
	uses      sync.WaitGroup
}

// loadVersion reads a model folder, checks the sums of what it uses and tries
// the graph. The environment must be open.
func loadVersion(folder string, device Device) (*version, error) {
	m, err := ReadManifest(folder)
	if err != nil {
		return nil, err
	}
	if m.Kind != kindGraph {
		return nil, fmt.Errorf("%s answers beside another model and cannot be served by itself: it is of the kind %s", m.Title(), m.Kind)
	}
	vocabulary, err := m.file(folder, m.Tokenizer.name())
	if err != nil {
		return nil, err
	}
	tokenizer, err := m.Tokenizer.read(vocabulary)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", m.Title(), err)
	}
	graph, err := m.file(folder, m.graphFile(device))
	if err != nil {
		return nil, err
	}
	s, err := newSession(graph, m.Graph, tokenizer.Special().PAD, device)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", m.Title(), err)
	}
	return &version{manifest: m, tokenizer: tokenizer, session: s}, nil
}

// retire waits until nobody uses v and destroys it.
func (v *version) retire() error {
	v.uses.Wait()
	return v.session.close()
}

// blank is the score of an idea before the model was asked.
func (v *version) blank(language string) Score {
	return Score{Model: v.manifest.Title(), ModelHash: v.manifest.Hash(), Language: language, Nearness: v.manifest.Nearness}
}
