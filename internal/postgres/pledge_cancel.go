package postgres

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"globalbrain/internal/errs"
	"globalbrain/internal/money"
	"globalbrain/internal/pledge"
	"globalbrain/internal/tenant"
)

// CancelPledge takes a pledge back for its backer. Near the deadline cancels go
// one at a time, each with the exact sum, so that two together cannot take the
// campaign under its goal.
func (s *Store) CancelPledge(ctx context.Context, id tenant.ID, pledgeID, person uuid.UUID) (pledge.Pledge, error) {
	var p pledge.Pledge
	err := s.db.InTenant(ctx, id, func(ctx context.Context, tx pgx.Tx) error {
		c, loaded, err := loadBoth(ctx, tx, id, pledgeID, alone)
		if err != nil {
			return err
		}
		p = loaded
		if p.Backer != person {
			return errs.New(errs.NotFound, "not_found", "This was not found.")
		}
		policy, err := policyOf(ctx, tx, id)
		if err != nil {
			return err
		}
		now, err := clock(ctx, tx)
		if err != nil {
			return err
		}
		var total money.Amount
		if c.Frozen(now, policy.CancelFreeze) {
			if total, _, err = sumPledges(ctx, tx, id, c, pledge.Active); err != nil {
				return err
			}
		}
		if err := p.MayCancel(c, now, policy.CancelFreeze, total); err != nil {
			return err
		}
		to := pledge.Cancelled
		if p.State.Unconfirmed() {
			to = pledge.Abandoned
		}
		return transitionPledge(ctx, tx, id, &p, to, person, "")
	})
	if err != nil {
		return p, fmt.Errorf("cancel pledge %s: %w", pledgeID, err)
	}
	return p, nil
}

// AbandonPledge drops a pledge that was never confirmed, when its time is over.
// A confirmed one stays as it is.
func (s *Store) AbandonPledge(ctx context.Context, id tenant.ID, pledgeID uuid.UUID) error {
	err := s.db.InTenant(ctx, id, func(ctx context.Context, tx pgx.Tx) error {
		p, err := loadPledge(ctx, tx, id, pledgeID, " for update")
		if err != nil || !p.State.Unconfirmed() {
			return err
		}
		return transitionPledge(ctx, tx, id, &p, pledge.Abandoned, uuid.Nil, "not confirmed in time")
	})
	if err != nil {
		return fmt.Errorf("abandon pledge %s: %w", pledgeID, err)
	}
	return nil
}
