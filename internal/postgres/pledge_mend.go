package postgres

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"globalbrain/internal/campaign"
	"globalbrain/internal/errs"
	"globalbrain/internal/pledge"
	"globalbrain/internal/tenant"
)

// MendPledge begins a new visit to the gateway's page, for the backer of a
// pledge whose charge failed, or goes on with one that is still open: two tabs
// are on the same page.
func (s *Store) MendPledge(ctx context.Context, id tenant.ID, pledgeID, person uuid.UUID) (pledge.Pledge, error) {
	var p pledge.Pledge
	err := s.db.InTenant(ctx, id, func(ctx context.Context, tx pgx.Tx) error {
		c, loaded, err := loadBoth(ctx, tx, id, pledgeID, steady)
		if err != nil {
			return err
		}
		p = loaded
		now, err := clock(ctx, tx)
		switch {
		case err != nil:
			return err
		case p.Backer != person:
			return errs.New(errs.NotFound, "not_found", "This was not found.")
		case !p.State.Mendable() || c.State != campaign.Collecting || !now.Before(c.CollectUntil):
			return errs.New(errs.Conflict, "pledge.not_mendable", "The payment of this pledge can no longer be changed.")
		}
		if p.SetupRef == "" || p.SetupURL != "" {
			return nil
		}
		p.SetupNo++
		p.SetupRef, p.SetupURL = "", ""
		_, err = tx.Exec(ctx, `
			update pledge set setup_no = $3, setup_ref = '', setup_url = '' where tenant_id = $1 and id = $2`, id, p.ID, p.SetupNo)
		return err
	})
	if err != nil {
		return p, fmt.Errorf("mend pledge %s: %w", pledgeID, err)
	}
	return p, nil
}

// RetryPledge commits the given attempt after a soft decline, unless it was
// made before, the backer has mended the payment, or the campaign no longer
// collects.
func (s *Store) RetryPledge(ctx context.Context, id tenant.ID, pledgeID uuid.UUID, attempt int) error {
	err := s.db.InTenant(ctx, id, func(ctx context.Context, tx pgx.Tx) error {
		c, p, err := loadBoth(ctx, tx, id, pledgeID, steady)
		if err != nil {
			return err
		}
		last, err := lastAttempt(ctx, tx, id, p)
		if err != nil || p.State != pledge.Errored || c.State != campaign.Collecting || last+1 != attempt {
			return err
		}
		if err := transitionPledge(ctx, tx, id, &p, pledge.Collecting, uuid.Nil, "next attempt"); err != nil {
			return err
		}
		return s.startCharges(ctx, tx, id, []pledge.Pledge{p}, attempt)
	})
	if err != nil {
		return fmt.Errorf("retry pledge %s: %w", pledgeID, err)
	}
	return nil
}
