package worker

import (
	"context"
	"errors"

	"github.com/riverqueue/river"

	"globalbrain/internal/errs"
	"globalbrain/internal/idea"
	"globalbrain/internal/job"
	"globalbrain/internal/promotion"
	"globalbrain/internal/scoring"
	"globalbrain/internal/tenant"
)

// Scorer is the models: brain.Brain, or nothing else in production. Chosen reads
// anew which model a tenant chose; the other two ask that one and no other, so
// that no score is kept under a model that nobody chose.
type Scorer interface {
	Chosen(ctx context.Context, id tenant.ID) (promotion.Choice, promotion.Model, error)
	Score(ctx context.Context, m promotion.Model, t scoring.Text) (scoring.Score, error)
	ScoreAll(ctx context.Context, m promotion.Model, texts []scoring.Text) ([]scoring.Score, error)
}

// scoreIdea asks the tenant's model about one version of an idea. Running it
// twice keeps the first answer.
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
	_, model, err := w.d.Scorer.Chosen(ctx, a.Tenant)
	if err != nil {
		return err
	}
	score, err := w.d.Scorer.Score(ctx, model, textOf(said.Draft))
	if err != nil {
		return orLater(err)
	}
	return w.d.Store.StoreScore(ctx, a.Tenant, a.Idea, a.Version, kept(score, model))
}

// orLater turns a full queue, which costs no attempt, into a pause.
func orLater(err error) error {
	if busy, ok := errors.AsType[*errs.Error](err); ok && busy.RetryAfter > 0 {
		return river.JobSnooze(busy.RetryAfter)
	}
	return err
}

// kept is a score as the database keeps it. It counts as the chosen model's, also
// where that had another one, such as its n-grams, speak for it.
func kept(s scoring.Score, m promotion.Model) idea.Score {
	k := idea.Score{
		Model: s.Model, ModelHash: m.Hash, Asked: m.Title, Language: s.Language, Abstained: s.Abstained, Reason: s.Reason,
		Success:   idea.Band{Value: s.Success.Probability, Low: s.Success.Low, High: s.Success.High},
		Embedding: s.Embedding,
	}
	if c := s.Criteria; c != nil {
		k.Impact, k.Feasibility, k.Auditability = band(c.Impact), band(c.Feasibility), band(c.Auditability)
	}
	return k
}

func band(r scoring.Rating) idea.Band { return idea.Band{Value: r.Mean, Low: r.Low, High: r.High} }

func textOf(d idea.Draft) scoring.Text {
	return scoring.Text{Title: d.Title, Problem: d.Problem, Solution: d.Solution, Team: d.Team, Language: d.Language}
}
