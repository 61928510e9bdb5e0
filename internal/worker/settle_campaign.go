package worker

import (
	"context"

	"github.com/riverqueue/river"

	"globalbrain/internal/job"
)

// settleCampaign ends a campaign's collecting, and a shortfall that nobody
// decided.
type settleCampaign struct {
	river.WorkerDefaults[job.SettleCampaign]
	d Deps
}

func (w *settleCampaign) Work(ctx context.Context, j *river.Job[job.SettleCampaign]) error {
	again, err := w.d.Store.SettleCampaign(ctx, j.Args.Tenant, j.Args.Campaign)
	if err == nil && again > 0 {
		return river.JobSnooze(again)
	}
	return err
}
