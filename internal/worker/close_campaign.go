package worker

import (
	"context"
	"time"

	"github.com/riverqueue/river"

	"globalbrain/internal/campaign"
	"globalbrain/internal/job"
)

// closeCampaign decides a campaign at its deadline and carries the decision
// out. A kill between the two leaves the second half to the job's next run.
type closeCampaign struct {
	river.WorkerDefaults[job.CloseCampaign]
	d Deps
}

func (w *closeCampaign) Work(ctx context.Context, j *river.Job[job.CloseCampaign]) error {
	c, err := w.d.Store.CloseCampaign(ctx, j.Args.Tenant, j.Args.Campaign)
	if err != nil {
		return err
	}
	if c.State == campaign.Live { // the queue's clock runs ahead of the database's
		return river.JobSnooze(max(time.Until(c.Deadline), time.Second))
	}
	return w.d.Store.CarryOutClose(ctx, j.Args.Tenant, j.Args.Campaign)
}
