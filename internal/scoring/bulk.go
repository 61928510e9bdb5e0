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
// full, takes turns with other callers after each batch, and fails as a whole.
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

// runAll asks the model about the prepared ideas at order, which is sorted by
// length, and puts the answers into scores. The lanes take run after run by
// themselves: nothing here has to wake up between two of them.
func (s *Scorer) runAll(ctx context.Context, v *version, prepared []*Prepared, order []int, scores []Score) error {
	if len(order) == 0 {
		return nil
	}
	r := newRequest(ctx, v, idsOf(prepared, order))
	v.uses.Add(1) // the caller holds one too, so it is not being retired
	if err := s.queue.putBulk(r); err != nil {
		v.uses.Done()
		return err
	}
	answers, err := r.wait()
	if err != nil {
		return err
	}
	for i, at := range order {
		if scores[at], err = prepared[at].finish(answers[i]); err != nil {
			return err
		}
	}
	return nil
}

func idsOf(prepared []*Prepared, order []int) [][]int64 {
	rows := make([][]int64, len(order))
	for i, at := range order {
		rows[i] = prepared[at].ids
	}
	return rows
}
