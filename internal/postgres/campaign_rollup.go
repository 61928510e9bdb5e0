package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"globalbrain/internal/tenant"
)

// RollUp adds to each campaign's roll-up the steps of its pledges that no
// running transaction can precede any more, and returns how many campaigns had
// any. Rows of transactions below the snapshot's xmin are all there or never
// will be, so nothing is lost however long a transaction takes to commit.
func (s *Store) RollUp(ctx context.Context, id tenant.ID) (int64, error) {
	var changed int64
	err := s.db.InTenant(ctx, id, func(ctx context.Context, tx pgx.Tx) error {
		// Two processes may roll up at once: each takes the rows that are free.
		// The lock comes first, and the sums in a statement of their own, which
		// sees what the last holder of the lock has written.
		rows, err := tx.Query(ctx, `
			select u.campaign_id from campaign_rollup u
			where u.tenant_id = $1 and exists (
			  select from pledge_transition t
			  where t.tenant_id = $1 and t.campaign_id = u.campaign_id and t.xid >= u.upto and t.xid < pg_snapshot_xmin(pg_current_snapshot()))
			order by u.campaign_id for update skip locked`, id)
		if err != nil {
			return err
		}
		due, err := pgx.CollectRows(rows, pgx.RowTo[[16]byte])
		if err != nil || len(due) == 0 {
			return err
		}
		done, err := tx.Exec(ctx, `
			with horizon as materialized (select pg_snapshot_xmin(pg_current_snapshot()) as upto),
			fresh as (
			  select u.campaign_id, sum(t.pledged) as pledged, sum(t.backers) as backers, sum(t.collected) as collected, sum(t.refunded) as refunded
			  from campaign_rollup u join pledge_transition t on t.tenant_id = u.tenant_id and t.campaign_id = u.campaign_id
			  where u.tenant_id = $1 and u.campaign_id = any($2::uuid[]) and t.xid >= u.upto and t.xid < (select upto from horizon)
			  group by u.campaign_id)
			update campaign_rollup u set upto = (select upto from horizon),
			  pledged = u.pledged + fresh.pledged, backers = u.backers + fresh.backers,
			  collected = u.collected + fresh.collected, refunded = u.refunded + fresh.refunded
			from fresh where u.tenant_id = $1 and u.campaign_id = fresh.campaign_id`, id, due)
		changed = done.RowsAffected()
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("roll up totals: %w", err)
	}
	return changed, nil
}
