package scoring

import (
	"context"
	"fmt"
	"slices"

	ort "github.com/yalue/onnxruntime_go"
)

// Ready holds the tensors of the batches that ScoreAll would run, laid out
// beforehand. Running them is all that ONNX Runtime itself would do, which is
// the yardstick that ScoreAll is measured by.
type Ready struct {
	version *version
	batches []readyBatch
}

type readyBatch struct{ in, out []ort.Value }

// Ready lays texts out. The caller closes what it returns.
func (s *Scorer) Ready(ctx context.Context, texts []Text) (*Ready, error) {
	v, err := s.use()
	if err != nil {
		return nil, err
	}
	r := &Ready{version: v}
	prepared := v.prepareAll(ctx, texts)
	if err := context.Cause(ctx); err != nil {
		r.Close()
		return nil, err
	}
	prepared = slices.DeleteFunc(prepared, func(p *Prepared) bool { return p.ids == nil })
	order := make([]int, len(prepared))
	for i := range order {
		order[i] = i
	}
	sortByLength(prepared, order)
	for len(order) > 0 {
		n := s.bulkBatch(prepared, order)
		rows := make([][]int64, n)
		for i, at := range order[:n] {
			rows[i] = prepared[at].ids
		}
		if err := r.add(rows); err != nil {
			r.Close()
			return nil, fmt.Errorf("lay out %d ideas: %w", len(prepared), err)
		}
		order = order[n:]
	}
	return r, nil
}

func (r *Ready) add(rows [][]int64) error {
	in, err := new(tensors).lay(rows)
	if err != nil {
		return err
	}
	out, err := outputs(len(rows), r.version.session.width)
	if err != nil {
		destroy(in)
		return err
	}
	r.batches = append(r.batches, readyBatch{in, out})
	return nil
}

// Run runs every batch once.
func (r *Ready) Run() error {
	s := r.version.session
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, b := range r.batches {
		if err := s.graph.Run(b.in, b.out); err != nil {
			return fmt.Errorf("run the graph: %w", err)
		}
	}
	return nil
}

// Close frees the tensors.
func (r *Ready) Close() {
	for _, b := range r.batches {
		destroy(b.in)
		destroy(b.out)
	}
	r.batches = nil
	r.version.uses.Done()
}
