package api

import (
	"context"
	"time"

	"github.com/google/uuid"

	"globalbrain/internal/postgres"
)

// rankedCallForm is a call with its newest ranking.
type rankedCallForm struct {
	CallID     uuid.UUID         `json:"call_id"`
	CallSlug   string            `json:"call_slug"`
	Title      map[string]string `json:"title" doc:"By language tag"`
	SnapshotID uuid.UUID         `json:"snapshot_id"`
	At         time.Time         `json:"at"`
	Ideas      int               `json:"ideas"`
}

// listRankings lists the calls that have a ranking, with the newest of each.
func (a *api) listRankings(ctx context.Context, c caller, _ *InTenant) (*listOutput[rankedCallForm], error) {
	all, err := a.store.RankedCalls(ctx, c.tenant.ID)
	if err != nil {
		return nil, err
	}
	form := func(r postgres.RankedCall) rankedCallForm {
		return rankedCallForm{r.ID, r.Slug, r.Title, r.Snapshot, r.At, r.Ideas}
	}
	return &listOutput[rankedCallForm]{list[rankedCallForm]{each(all, form)}}, nil
}

type snapshotLine struct {
	ID    uuid.UUID `json:"id"`
	At    time.Time `json:"at"`
	Ideas int       `json:"ideas"`
}

type listSnapshotsInput struct {
	CallPath
	Paging
}

// listSnapshots lists a call's rankings, the newest first.
func (a *api) listSnapshots(ctx context.Context, c caller, in *listSnapshotsInput) (*pageOutput[snapshotLine], error) {
	call, err := a.call(ctx, c, &in.CallPath)
	if err != nil {
		return nil, err
	}
	found, err := a.store.Snapshots(ctx, c.tenant.ID, call.Body.ID, in.Next, in.Size)
	if err != nil {
		return nil, err
	}
	form := func(l postgres.SnapshotLine) snapshotLine { return snapshotLine(l) }
	return &pageOutput[snapshotLine]{page[snapshotLine]{each(found.Items, form), found.Next}}, nil
}
