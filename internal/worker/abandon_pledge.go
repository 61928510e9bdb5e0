package worker

import (
	"context"

	"github.com/riverqueue/river"

	"globalbrain/internal/job"
)

// abandonPledge drops a pledge that its backer never confirmed.
type abandonPledge struct {
	river.WorkerDefaults[job.AbandonPledge]
	d Deps
}

func (w *abandonPledge) Work(ctx context.Context, j *river.Job[job.AbandonPledge]) error {
	return w.d.Store.AbandonPledge(ctx, j.Args.Tenant, j.Args.Pledge)
}
