package postgres

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"globalbrain/internal/campaign"
	"globalbrain/internal/job"
	"globalbrain/internal/pledge"
	"globalbrain/internal/tenant"
)

// SettleCharge takes the gateway's answer to a charge: charge, pledge, ledger
// and what follows move together. The job and the webhook both come here; once
// the charge is final, later answers change nothing.
func (s *Store) SettleCharge(ctx context.Context, id tenant.ID, chargeID uuid.UUID, a pledge.Answer) error {
	err := s.db.InTenant(ctx, id, func(ctx context.Context, tx pgx.Tx) error {
		h, err := loadCharge(ctx, tx, id, chargeID, "")
		if err != nil {
			return err
		}
		// One settlement of a campaign at a time, so that the last one sees that
		// it is the last.
		c, p, err := loadBoth(ctx, tx, id, h.Pledge, alone)
		if err != nil {
			return err
		}
		if h, err = loadCharge(ctx, tx, id, chargeID, " for update of h"); err != nil || h.State.Final() || h.State == a.State {
			return err
		}
		if err := writeAnswer(ctx, tx, id, h, a); err != nil || !a.State.Final() {
			return err
		}
		if err := transitionPledge(ctx, tx, id, &p, pledge.After(a.State), uuid.Nil, a.Code); err != nil {
			return err
		}
		switch p.State {
		case pledge.Collected:
			t, err := p.Capture(h.Key, a.Fee)
			if err != nil {
				return err
			}
			if err := post(ctx, tx, id, c.ID, t); err != nil {
				return err
			}
		case pledge.Errored:
			if err := s.planRetry(ctx, tx, id, c, h, a); err != nil {
				return err
			}
		}
		return s.settleIfLast(ctx, tx, id, c)
	})
	if err != nil {
		return fmt.Errorf("settle charge %s: %w", chargeID, err)
	}
	return nil
}

func writeAnswer(ctx context.Context, tx pgx.Tx, id tenant.ID, h pledge.Charge, a pledge.Answer) error {
	if a.State == pledge.ChargeSucceeded && a.Fee.Minor > 0 && a.Fee.Currency != h.Amount.Currency {
		return fmt.Errorf("the gateway's fee for %s is in %s", h.Key, a.Fee.Currency)
	}
	_, err := tx.Exec(ctx, `
		update charge set state = $3, gateway_ref = $4, fee_minor = $5, decline = $6, code = $7,
		  settled_at = case when $8 then clock_timestamp() end
		where tenant_id = $1 and id = $2`, id, h.ID, a.State, a.Ref, a.Fee.Minor, a.Decline, a.Code, a.State.Final())
	return err
}

// planRetry commits the job of the next attempt after a soft decline.
func (s *Store) planRetry(ctx context.Context, tx pgx.Tx, id tenant.ID, c campaign.Campaign, h pledge.Charge, a pledge.Answer) error {
	policy, err := policyOf(ctx, tx, id)
	if err != nil {
		return err
	}
	now, err := clock(ctx, tx)
	if err != nil {
		return err
	}
	at, again := pledge.Retry(a.Decline, h.Attempt, now, c, policy)
	if !again {
		return nil
	}
	if _, err := tx.Exec(ctx, `update charge set retry_at = $3 where tenant_id = $1 and id = $2`, id, h.ID, at); err != nil {
		return err
	}
	return s.enqueue(ctx, tx, job.RetryPledge{Tenant: id, Pledge: h.Pledge, Attempt: h.Attempt + 1}, &river.InsertOpts{ScheduledAt: at})
}

// unsettled are the states of pledges that still may become money.
var unsettled = []pledge.State{pledge.Active, pledge.Collecting, pledge.Errored, pledge.AuthRequired}

// settleIfLast ends the collecting early when nothing is left to collect.
func (s *Store) settleIfLast(ctx context.Context, tx pgx.Tx, id tenant.ID, c campaign.Campaign) error {
	var left bool
	err := tx.QueryRow(ctx, `
		select exists (select from pledge where tenant_id = $1 and campaign_id = $2 and state = any($3))`, id, c.ID, unsettled).Scan(&left)
	if err != nil || left {
		return err
	}
	return s.enqueue(ctx, tx, job.SettleCampaign{Tenant: id, Campaign: c.ID}, nil)
}
