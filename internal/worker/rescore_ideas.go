package worker

import (
	"context"
	"fmt"

	"github.com/riverqueue/river"

	"globalbrain/internal/job"
	"globalbrain/internal/postgres"
	"globalbrain/internal/scoring"
)

// rescorePage is how many ideas one job scores: some seconds of work, so that
// other jobs have their turn in between and a killed program loses little.
const rescorePage = 64

// rescoreIdeas lets the model that a tenant chose score what it has not seen, a
// page for each job. The scores begin to count when the last page is done. A
// model that cannot be served fails the job, which is tried again later; until
// then the former model's scores stay. Running it twice finds nothing left.
type rescoreIdeas struct {
	river.WorkerDefaults[job.RescoreIdeas]
	d Deps
}

func (w *rescoreIdeas) Work(ctx context.Context, j *river.Job[job.RescoreIdeas]) error {
	id := j.Args.Tenant
	choice, model, err := w.d.Scorer.Chosen(ctx, id)
	if err != nil {
		return err
	}
	page, err := w.d.Store.UnscoredIdeas(ctx, id, model.Hash, j.Args.After, rescorePage)
	if err != nil {
		return err
	}
	if len(page) == 0 {
		in, err := w.d.Store.PutInForce(ctx, id, choice, model)
		if in {
			w.d.Log.InfoContext(ctx, "model in force", "tenant", id, "model", model.Title)
		}
		return err
	}
	texts := make([]scoring.Text, len(page))
	for i, u := range page {
		texts[i] = textOf(u.Draft)
	}
	scores, err := w.d.Scorer.ScoreAll(ctx, model, texts)
	if err != nil {
		return orLater(fmt.Errorf("score ideas anew: %w", err))
	}
	done := make([]postgres.Scored, len(page))
	for i, u := range page {
		done[i] = postgres.Scored{Idea: u.Idea, Version: u.Version, Score: kept(scores[i], model)}
	}
	return w.d.Store.StoreScores(ctx, id, done)
}
