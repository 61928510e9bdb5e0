package scoring

import (
	"context"
	"slices"
	"time"
)

// waste is the share of padding at which a batch is cut rather than padded: on
// a processor a run costs what its padded tokens cost, and little besides.
const waste = 0.15

// cell is one row of a round: the i-th row of a request.
type cell struct {
	request *request
	i       int
}

func (c cell) row() []int64 { return c.request.rows[c.i] }

// serve is the batcher: a round is what arrived while the last one ran.
func (s *Scorer) serve() {
	defer close(s.stopped)
	for {
		round := s.queue.take(s.budget)
		if len(round) == 0 {
			return
		}
		for _, batch := range cut(s.present(round), s.budget) {
			s.answer(batch)
		}
	}
}

// present drops the requests whose callers have left.
func (s *Scorer) present(round []*request) []*request {
	now := time.Now()
	return slices.DeleteFunc(round, func(r *request) bool {
		s.metrics.wait.Observe(now.Sub(r.arrived).Seconds())
		if r.ctx.Err() == nil {
			return false
		}
		s.metrics.left.Inc()
		r.finish(context.Cause(r.ctx))
		return true
	})
}

// cut divides a round into batches: each of one version, of similar lengths and
// within the budget of padded tokens. Rows that belong together stay together.
func cut(round []*request, budget int) [][]cell {
	var batches [][]cell
	var single []cell
	for _, r := range round {
		cells := make([]cell, len(r.rows))
		for i := range cells {
			cells[i] = cell{r, i}
		}
		if r.together {
			batches = append(batches, cells)
		} else {
			single = append(single, cells...)
		}
	}
	slices.SortStableFunc(single, func(a, b cell) int { return len(a.row()) - len(b.row()) })
	for len(single) > 0 {
		n := sameVersion(single)
		lengths := make([]int, n)
		for i, c := range single[:n] {
			lengths[i] = len(c.row())
		}
		n = fitting(lengths, budget)
		batches = append(batches, single[:n:n])
		single = single[n:]
	}
	return batches
}

func sameVersion(cells []cell) int {
	for n, c := range cells {
		if c.request.version != cells[0].request.version {
			return n
		}
	}
	return len(cells)
}

// fitting returns how many of the first rows, given their lengths in ascending
// order, make one batch: at least one.
func fitting(lengths []int, budget int) int {
	tokens := 0
	for n, width := range lengths {
		tokens += width
		padded := (n + 1) * width
		if n > 0 && (padded > budget || float64(padded-tokens) > waste*float64(padded)) {
			return n
		}
	}
	return len(lengths)
}

// answer runs one batch and answers the requests that it completes.
func (s *Scorer) answer(batch []cell) {
	rows := make([][]int64, len(batch))
	tokens := 0
	for i, c := range batch {
		rows[i] = c.row()
		tokens += len(rows[i])
	}
	began := time.Now()
	answers, err := batch[0].request.version.session.run(rows)
	s.metrics.ran(len(rows), tokens, time.Since(began))
	for i, c := range batch {
		r := c.request
		if err != nil && r.err == nil {
			r.err = err
		}
		if err == nil {
			r.answers[c.i] = answers[i]
		}
		if r.left--; r.left == 0 {
			r.finish(r.err)
		}
	}
}
