package postgres

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"globalbrain/internal/pledge"
	"globalbrain/internal/tenant"
)

// PledgeSetUp notes the gateway's page for a pledge: an intent now waits for its
// backer. A visit that is not the newest one any more, or that its webhook has
// confirmed meanwhile, changes nothing.
func (s *Store) PledgeSetUp(ctx context.Context, id tenant.ID, pledgeID uuid.UUID, visit int, ref, url string) error {
	err := s.db.InTenant(ctx, id, func(ctx context.Context, tx pgx.Tx) error {
		p, err := loadPledge(ctx, tx, id, pledgeID, " for update")
		if err != nil || p.SetupNo != visit || p.SetupRef != "" {
			return err
		}
		_, err = tx.Exec(ctx, `update pledge set setup_ref = $3, setup_url = $4 where tenant_id = $1 and id = $2`, id, p.ID, ref, url)
		if err != nil || p.State != pledge.Intent {
			return err
		}
		return transitionPledge(ctx, tx, id, &p, pledge.RequiresAction, p.Backer, "")
	})
	if err != nil {
		return fmt.Errorf("set up pledge %s: %w", pledgeID, err)
	}
	return nil
}

// ConfirmPledge takes a payment method that the gateway has confirmed on a
// visit to its page, and returns the pledge as it then stands. The backer's
// return and the webhook both come here, in any order and any number of times.
// After the deadline the pledge is abandoned and never becomes active.
func (s *Store) ConfirmPledge(ctx context.Context, id tenant.ID, pledgeID uuid.UUID, visit int, method string) (pledge.Pledge, error) {
	var p pledge.Pledge
	err := s.db.InTenant(ctx, id, func(ctx context.Context, tx pgx.Tx) error {
		c, loaded, err := loadBoth(ctx, tx, id, pledgeID, steady)
		if err != nil {
			return err
		}
		p = loaded
		if p.SetupNo != visit {
			return nil
		}
		now, err := clock(ctx, tx)
		if err != nil {
			return err
		}
		// The program may have been killed between asking the gateway for the
		// page and noting it; the webhook then finds an intent.
		if p.State == pledge.Intent {
			if err := transitionPledge(ctx, tx, id, &p, pledge.RequiresAction, p.Backer, ""); err != nil {
				return err
			}
		}
		to := p.Confirmed(c, now, method)
		if to == p.State {
			return nil
		}
		if to != pledge.Abandoned {
			p.PaymentMethod = method
			// The visit is over: without a page it is not used again.
			_, err := tx.Exec(ctx, `
				update pledge set payment_method = $3, setup_url = '', setup_ref = coalesce(nullif(setup_ref, ''), 'confirmed')
				where tenant_id = $1 and id = $2`, id, p.ID, method)
			if err != nil {
				return err
			}
		}
		if err := transitionPledge(ctx, tx, id, &p, to, p.Backer, ""); err != nil {
			return err
		}
		if to == pledge.Collecting {
			return s.chargeAgain(ctx, tx, id, p)
		}
		return nil
	})
	if err != nil {
		return p, fmt.Errorf("confirm pledge %s: %w", pledgeID, err)
	}
	return p, nil
}

// chargeAgain commits the next attempt to charge a pledge.
func (s *Store) chargeAgain(ctx context.Context, tx pgx.Tx, id tenant.ID, p pledge.Pledge) error {
	last, err := lastAttempt(ctx, tx, id, p)
	if err != nil {
		return err
	}
	return s.startCharges(ctx, tx, id, []pledge.Pledge{p}, last+1)
}

func lastAttempt(ctx context.Context, tx pgx.Tx, id tenant.ID, p pledge.Pledge) (n int, err error) {
	err = tx.QueryRow(ctx, `select coalesce(max(attempt), 0) from charge where tenant_id = $1 and pledge_id = $2 and version = $3`, id, p.ID, p.Version).Scan(&n)
	return n, err
}
