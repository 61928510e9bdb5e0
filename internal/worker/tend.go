package worker

import (
	"context"
	"time"

	"globalbrain/internal/tenant"
)

// The rounds that a worker makes beside its jobs.
const (
	rollUpEvery = time.Second
	searchEvery = time.Minute
	grace       = time.Minute // how late a closing may be before it counts as lost
)

// tend rolls up the totals of pledges every second, and looks every minute for
// campaigns whose closing job was lost, until ctx is over. Several workers may
// do so at once.
func tend(ctx context.Context, d Deps) {
	ticker := time.NewTicker(rollUpEvery)
	defer ticker.Stop()
	var places []tenant.ID
	var searched time.Time
	for {
		select {
		case <-ctx.Done():
			return
		case now := <-ticker.C:
			if now.Sub(searched) >= searchEvery {
				searched = now
				places = tenants(ctx, d, places)
				for _, id := range places {
					closeOverdue(ctx, d, id)
				}
			}
			for _, id := range places {
				if _, err := d.Store.RollUp(ctx, id); err != nil && ctx.Err() == nil {
					d.Log.WarnContext(ctx, "roll-up failed", "tenant", id, "error", err)
				}
			}
		}
	}
}

// tenants lists every tenant, or returns the former list when that fails.
func tenants(ctx context.Context, d Deps, former []tenant.ID) []tenant.ID {
	list, err := d.Store.Tenants(ctx)
	if err != nil {
		if ctx.Err() == nil {
			d.Log.WarnContext(ctx, "tenants cannot be listed", "error", err)
		}
		return former
	}
	ids := make([]tenant.ID, len(list))
	for i, t := range list {
		ids[i] = t.ID
	}
	return ids
}

// closeOverdue does the work of closing jobs that never ran. The transaction
// that launches a campaign leaves its job, so this finds something only after
// somebody has taken a job out of the queue.
func closeOverdue(ctx context.Context, d Deps, id tenant.ID) {
	overdue, err := d.Store.CampaignsOverdue(ctx, id, grace)
	for _, c := range overdue {
		if _, err = d.Store.CloseCampaign(ctx, id, c); err == nil {
			err = d.Store.CarryOutClose(ctx, id, c)
		}
		d.Log.WarnContext(ctx, "campaign closed late: its job was lost", "tenant", id, "campaign", c, "error", err)
	}
	if err != nil && ctx.Err() == nil {
		d.Log.WarnContext(ctx, "overdue campaigns", "tenant", id, "error", err)
	}
}
