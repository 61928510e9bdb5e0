package main

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"

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

// openModel loads the model that lies beside the program, or where the flags or
// the environment say.
func openModel(_ context.Context, models, library string) (ranking.Scorer, func(), error) {
	program, err := os.Executable()
	if err == nil {
		program, err = filepath.EvalSymlinks(program)
	}
	if err != nil {
		return nil, nil, fmt.Errorf("find the program's folder: %w", err)
	}
	cache, _ := os.UserCacheDir() // without a home there is one place fewer to look
	if models, err = scoring.FindModels(cmp.Or(models, os.Getenv("GLOBALBRAIN_MODELS")), program); err != nil {
		return nil, nil, err
	}
	if library, err = scoring.FindRuntime(cmp.Or(library, os.Getenv("GLOBALBRAIN_ONNXRUNTIME")), program, cache); err != nil {
		return nil, nil, err
	}
	scorer, err := scoring.Open(scoring.Options{Models: models, Library: library})
	if err != nil {
		return nil, nil, err
	}
	return modelScorer{scorer}, func() { _ = scorer.Close() }, nil // the process ends next
}
