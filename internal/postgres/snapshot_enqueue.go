package postgres

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"globalbrain/internal/job"
	"globalbrain/internal/tenant"
)

// enqueueSnapshot asks for a new ranking of a call as soon as tx has committed.
func (s *Store) enqueueSnapshot(ctx context.Context, tx pgx.Tx, id tenant.ID, call uuid.UUID) error {
	return s.enqueue(ctx, tx, job.BuildSnapshot{Tenant: id, Call: call}, nil)
}

// snapshotPause is how long small changes are gathered before a call's ranking
// is built anew: many supporters in a few seconds make one snapshot.
const snapshotPause = 5 * time.Second

// enqueueSnapshotSoon is enqueueSnapshot for what happens often. Of all requests
// whose due time falls into one pause the first is kept; it runs after the last
// of them was made, so it sees every change.
func (s *Store) enqueueSnapshotSoon(ctx context.Context, tx pgx.Tx, id tenant.ID, call uuid.UUID) error {
	now, err := clock(ctx, tx)
	if err != nil {
		return err
	}
	return s.enqueue(ctx, tx, job.BuildSnapshot{Tenant: id, Call: call}, &river.InsertOpts{
		ScheduledAt: now.Add(snapshotPause),
		UniqueOpts:  river.UniqueOpts{ByArgs: true, ByPeriod: snapshotPause},
	})
}
