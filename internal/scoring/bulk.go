package scoring

import (
	"context"
	"fmt"
	"slices"
)

// Prepare makes texts ready for the model on all cores, so that it can be done
// while the model runs on others. When ctx ends, so does it, with its error.
func (s *Scorer) Prepare(ctx context.Context, texts []Text) ([]*Prepared, error) {
	v, err := s.use()
	if err != nil {
		return nil, err
	}
	defer v.uses.Done()
	prepared := v.prepareAll(ctx, texts)
	if err := context.Cause(ctx); err != nil {
		return nil, fmt.Errorf("prepare %d ideas: %w", len(texts), err)
	}
	return prepared, nil
}

// ScoreAll scores many ideas, sorted by length into full batches, and returns
// the scores in the order of the texts. It is not refused when the queue is
// full, takes its turn with other callers after each batch, and fails as a whole.
func (s *Scorer) ScoreAll(ctx context.Context, texts []Text) ([]Score, error) {
	prepared, err := s.Prepare(ctx, texts)
	if err != nil {
		return nil, err
	}
	return s.ScorePrepared(ctx, prepared)
}

// ScorePrepared is ScoreAll for ideas that Prepare has made ready.
func (s *Scorer) ScorePrepared(ctx context.Context, prepared []*Prepared) ([]Score, error) {
	v, err := s.use()
	if err != nil {
		return nil, err
	}
	defer v.uses.Done()
	prepared = slices.Clone(prepared)
	scores := make([]Score, len(prepared))
	var order []int
	for i, p := range prepared {
		if p.version != v { // the model was swapped in between
			prepared[i] = v.prepare(p.text)
		}
		scores[i] = prepared[i].score
		if prepared[i].ids != nil {
			order = append(order, i)
		}
	}
	sortByLength(prepared, order)
	if err := s.runAll(ctx, v, prepared, order, scores); err != nil {
		return nil, fmt.Errorf("score %d ideas: %w", len(prepared), err)
	}
	for _, score := range scores {
		s.metrics.scored(score)
	}
	return scores, nil
}

// sortByLength puts the longest first, so that the lanes end together.
func sortByLength(prepared []*Prepared, order []int) {
	slices.SortStableFunc(order, func(a, b int) int { return len(prepared[b].ids) - len(prepared[a].ids) })
}

// ahead is how many runs of one bulk caller wait for each lane: one is at hand
// when another ends, and who asks about one idea waits little longer.
const ahead = 2

// runAll asks the model about the prepared ideas at order, which is sorted by
// length, and puts the answers into scores.
func (s *Scorer) runAll(ctx context.Context, v *version, prepared []*Prepared, order []int, scores []Score) error {
	type asked struct {
		*request
		at []int
	}
	var waiting []asked
	collect := func() error {
		first := waiting[0]
		waiting = waiting[1:]
		answers, err := first.wait()
		if err != nil {
			return err
		}
		for i, a := range answers {
			if scores[first.at[i]], err = prepared[first.at[i]].finish(a); err != nil {
				return err
			}
		}
		return nil
	}
	for len(order) > 0 || len(waiting) > 0 {
		if len(order) == 0 || len(waiting) == ahead*s.options.Threads {
			if err := collect(); err != nil {
				return err
			}
			continue
		}
		rows := s.nextRun(prepared, order)
		r := newRequest(ctx, v, rows)
		if err := s.enqueue(r, true, true); err != nil {
			return err
		}
		waiting = append(waiting, asked{r, order[:len(rows)]})
		order = order[len(rows):]
	}
	return nil
}

// nextRun returns the ids of the first ideas at order, as many as make a run.
func (s *Scorer) nextRun(prepared []*Prepared, order []int) (rows [][]int64) {
	var run pack
	for _, at := range order {
		ids := prepared[at].ids
		more, fits := run.with(len(ids), s.options.RunTokens)
		if !fits {
			break
		}
		run = more
		rows = append(rows, ids)
	}
	return rows
}
