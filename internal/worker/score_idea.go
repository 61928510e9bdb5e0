package worker

import (
	"context"
	"errors"

	"github.com/riverqueue/river"

	"globalbrain/internal/errs"
	"globalbrain/internal/idea"
	"globalbrain/internal/job"
	"globalbrain/internal/scoring"
)

// Scorer is the model: scoring.Scorer, or nothing else in production.
type Scorer interface {
	Score(ctx context.Context, t scoring.Text) (scoring.Score, error)
}

// scoreIdea asks the model about one version of an idea. Running it twice keeps
// the first answer.
type scoreIdea struct {
	river.WorkerDefaults[job.ScoreIdea]
	d Deps
}

func (w *scoreIdea) Work(ctx context.Context, j *river.Job[job.ScoreIdea]) error {
	a := j.Args
	said, err := w.d.Store.ScoreInput(ctx, a.Tenant, a.Idea, a.Version)
	if err != nil {
		return err
	}
	score, err := w.d.Scorer.Score(ctx, scoring.Text{
		Title: said.Title, Problem: said.Problem, Solution: said.Solution, Team: said.Team, Language: said.Language,
	})
	if busy, ok := errors.AsType[*errs.Error](err); ok && busy.RetryAfter > 0 {
		return river.JobSnooze(busy.RetryAfter) // a full queue costs no attempt
	}
	if err != nil {
		return err
	}
	return w.d.Store.StoreScore(ctx, a.Tenant, a.Idea, a.Version, kept(score))
}

// kept is a score as the database keeps it.
func kept(s scoring.Score) idea.Score {
	k := idea.Score{
		Model: s.Model, ModelHash: s.ModelHash, Language: s.Language, Abstained: s.Abstained, Reason: s.Reason,
		Success:   idea.Band{Value: s.Success.Probability, Low: s.Success.Low, High: s.Success.High},
		Embedding: s.Embedding,
	}
	if c := s.Criteria; c != nil {
		k.Impact, k.Feasibility, k.Auditability = band(c.Impact), band(c.Feasibility), band(c.Auditability)
	}
	return k
}

func band(r scoring.Rating) idea.Band { return idea.Band{Value: r.Mean, Low: r.Low, High: r.High} }
