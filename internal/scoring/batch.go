package scoring

import (
	"slices"
	"time"
)

// waste is the share of padding beyond which rows do not share a run: a run
// costs what its padded tokens cost, and little besides.
const waste = 0.15

// A pack is how full a run is.
type pack struct{ rows, tokens, width int }

// with returns the pack with one more row, and whether that is a good run:
// within the budget of padded tokens, and of similar lengths. One row always is.
func (p pack) with(length, budget int) (pack, bool) {
	p = pack{p.rows + 1, p.tokens + length, max(p.width, length)}
	padded := p.rows * p.width
	return p, p.rows == 1 || padded <= budget && float64(padded-p.tokens) <= waste*float64(padded)
}

// fill returns how many of the first rows, at least one, make a good run.
func fill(rows [][]int64, budget int) (n int) {
	var run pack
	for _, row := range rows {
		more, fits := run.with(len(row), budget)
		if !fits {
			break
		}
		run = more
		n++
	}
	return n
}

// gather takes the first unit and those behind it that fit the same run. The
// first is always served, so nobody waits for ever behind fitter ones.
func gather(units []unit, budget int) (taken, rest []unit) {
	first := units[0]
	units[0] = unit{} // its memory is not kept for what comes behind it
	taken, rest = []unit{first}, units[1:]
	if len(first.rows) > 1 || len(first.rows[0]) >= budget {
		return taken, rest
	}
	run, _ := pack{}.with(len(first.rows[0]), budget)
	units, rest = rest, nil
	for _, u := range units {
		more, fits := run.with(len(u.rows[0]), budget)
		if fits && len(u.rows) == 1 && u.request.version == first.request.version {
			run = more
			taken = append(taken, u)
		} else {
			rest = append(rest, u)
		}
	}
	return taken, rest
}

// lane runs what waits, one run after the other: a batch is what arrived while
// the lanes were busy.
func (s *Scorer) lane() {
	var scratch tensors
	defer scratch.free()
	for {
		units := s.queue.take(s.options.RunTokens)
		if units == nil {
			return
		}
		if units = s.present(units); len(units) > 0 {
			s.run(units, &scratch)
		}
	}
}

// present drops the units that nobody waits for any more.
func (s *Scorer) present(units []unit) []unit {
	return slices.DeleteFunc(units, func(u unit) bool {
		r := u.request
		if u.first == 0 {
			s.metrics.wait.Observe(time.Since(r.arrived).Seconds())
		}
		lost := r.lost()
		if lost == nil {
			return false
		}
		if u.first == 0 && r.ctx.Err() != nil {
			s.metrics.left.Inc()
		}
		r.settle(u.first, len(u.rows), nil, lost)
		return true
	})
}

func (s *Scorer) run(units []unit, scratch *tensors) {
	var rows [][]int64
	tokens := 0
	for _, u := range units {
		rows = append(rows, u.rows...)
	}
	for _, row := range rows {
		tokens += len(row)
	}
	began := time.Now()
	answers, err := units[0].request.version.session.run(rows, scratch)
	s.metrics.ran(len(rows), tokens, time.Since(began))
	for _, u := range units {
		n := len(u.rows)
		if err != nil {
			u.request.settle(u.first, n, nil, err)
			continue
		}
		u.request.settle(u.first, n, answers[:n], nil)
		answers = answers[n:]
	}
}
