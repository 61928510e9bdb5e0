package worker

import (
	"context"

	"github.com/riverqueue/river"

	"globalbrain/internal/job"
	"globalbrain/internal/ranking"
)

// buildSnapshot ranks a call's ideas anew. The weights are the default ones,
// checked against the last closed round: when one part alone foretold its
// decisions better than the fusion, that part alone is used.
type buildSnapshot struct {
	river.WorkerDefaults[job.BuildSnapshot]
	d Deps
}

func (w *buildSnapshot) Work(ctx context.Context, j *river.Job[job.BuildSnapshot]) error {
	closed, err := w.d.Store.ClosedRound(ctx, j.Args.Tenant, ranking.DefaultWeights)
	if err != nil {
		return err
	}
	weights, _ := ranking.Guard(closed)
	_, err = w.d.Store.BuildRanking(ctx, j.Args.Tenant, j.Args.Call, weights)
	return err
}
