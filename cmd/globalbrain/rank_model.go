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
		if !s.Abstained {
			opinions[i].Points = (s.Criteria.Impact.Mean + s.Criteria.Feasibility.Mean + s.Criteria.Auditability.Mean) / 3
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
