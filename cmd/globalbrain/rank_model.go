package main

import (
	"context"

	"globalbrain/internal/ranking"
	"globalbrain/internal/scoring"
)

// modelScorer lets the rank command ask the model.
type modelScorer struct{ *scoring.Scorer }

// Score is ranking.Scorer's. The mean of the three criteria is the model's
// opinion in rating points.
func (m modelScorer) Score(ctx context.Context, texts []ranking.Text) ([]ranking.Opinion, error) {
	asked := make([]scoring.Text, len(texts))
	for i, t := range texts {
		asked[i] = scoring.Text{Title: t.Title, Problem: t.Problem, Solution: t.Solution, Team: t.Team, Language: t.Language}
	}
	scores, err := m.ScoreAll(ctx, asked)
	if err != nil {
		return nil, err
	}
	opinions := make([]ranking.Opinion, len(scores))
	for i, s := range scores {
		opinions[i] = ranking.Opinion{Model: s.Model, Abstained: s.Abstained, Reason: s.Reason, Probability: s.Success.Probability}
		switch c := s.Criteria; {
		case c != nil:
			opinions[i].Points = (c.Impact.Mean + c.Feasibility.Mean + c.Auditability.Mean) / 3
		case !s.Abstained: // a chance of success is no rating
			opinions[i].Abstained, opinions[i].Reason = true, ranking.NoCriteria
		}
	}
	return opinions, nil
}

// openModel loads the model that the flags choose.
func openModel(m *modelFlags) (ranking.Scorer, func(), error) {
	scorer, err := m.open()
	if err != nil {
		return nil, nil, err
	}
	return modelScorer{scorer}, func() { _ = scorer.Close() }, nil // the process ends next
}
