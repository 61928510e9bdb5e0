package worker

import (
	"context"

	"github.com/riverqueue/river"

	"globalbrain/internal/job"
)

// retryPledge commits the next attempt to charge a pledge; the charge itself is
// a job of its own.
type retryPledge struct {
	river.WorkerDefaults[job.RetryPledge]
	d Deps
}

func (w *retryPledge) Work(ctx context.Context, j *river.Job[job.RetryPledge]) error {
	return w.d.Store.RetryPledge(ctx, j.Args.Tenant, j.Args.Pledge, j.Args.Attempt)
}
