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
// campaigns whose closing job was lost, until ctx is over. It begins by asking
// for the scores that are missing. Several workers may do so at once.
func tend(ctx context.Context, d Deps) {
	for _, id := range tenants(ctx, d, nil) {
		catchUp(ctx, d, id)
	}
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

// catchUp asks for a re-scoring where the model that answers is not the one whose
// scores count: the program was started with another one, or the job of a
// promotion was lost.
func catchUp(ctx context.Context, d Deps, id tenant.ID) {
	choice, model, err := d.Scorer.Chosen(ctx, id)
	if err == nil && choice.InForce.Hash != "" && choice.InForce.Hash != model.Hash {
		err = d.Store.AskRescore(ctx, id)
	}
	if err != nil && ctx.Err() == nil {
		d.Log.WarnContext(ctx, "the model in force cannot be compared", "tenant", id, "error", err)
	}
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
