package scoring

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"

	ort "github.com/yalue/onnxruntime_go"
)

// Ready holds the tensors of the runs that ScoreAll would do, laid out
// beforehand. Running them is all that ONNX Runtime itself would do, which is
// the yardstick that ScoreAll is measured by.
type Ready struct {
	version *version
	lanes   int
	runs    []readyRun
}

type readyRun struct{ in, out []ort.Value }

// Ready lays texts out. The caller closes what it returns.
func (s *Scorer) Ready(ctx context.Context, texts []Text) (*Ready, error) {
	v, err := s.use()
	if err != nil {
		return nil, err
	}
	r := &Ready{version: v, lanes: s.options.Threads}
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
	for rows := idsOf(prepared, order); len(rows) > 0; {
		n := fill(rows, s.options.RunTokens)
		if err := r.add(rows[:n]); err != nil {
			r.Close()
			return nil, fmt.Errorf("lay out %d ideas: %w", len(prepared), err)
		}
		rows = rows[n:]
	}
	return r, nil
}

func (r *Ready) add(rows [][]int64) error {
	session := r.version.session
	in, err := session.inputs(new(tensors), rows)
	if err != nil {
		return err
	}
	out, err := session.outputs(len(rows))
	if err != nil {
		destroy(in)
		return err
	}
	r.runs = append(r.runs, readyRun{in, out})
	return nil
}

// Run does every run once, as many side by side as the scorer would.
func (r *Ready) Run() error {
	var next atomic.Int64
	var lanes sync.WaitGroup
	wrong := make([]error, r.lanes)
	for lane := range wrong {
		lanes.Go(func() {
			for i := next.Add(1) - 1; i < int64(len(r.runs)) && wrong[lane] == nil; i = next.Add(1) - 1 {
				wrong[lane] = r.version.session.call(r.runs[i].in, r.runs[i].out)
			}
		})
	}
	lanes.Wait()
	if err := errors.Join(wrong...); err != nil {
		return fmt.Errorf("run the graph: %w", err)
	}
	return nil
}

// Close frees the tensors.
func (r *Ready) Close() {
	for _, b := range r.runs {
		destroy(b.in)
		destroy(b.out)
	}
	r.runs = nil
	r.version.uses.Done()
}
