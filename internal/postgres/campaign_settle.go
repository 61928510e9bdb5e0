package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"globalbrain/internal/campaign"
	"globalbrain/internal/job"
	"globalbrain/internal/ledger"
	"globalbrain/internal/money"
	"globalbrain/internal/pledge"
	"globalbrain/internal/tenant"
)

// settlePause is how long a settlement waits for charges that have no answer yet.
const settlePause = 20 * time.Second

// SettleCampaign ends the collecting when nothing is left to collect or its
// window is over, and gives the money back in a shortfall that the founder has
// not decided in time. again is when to come back, zero for never.
func (s *Store) SettleCampaign(ctx context.Context, id tenant.ID, campaignID uuid.UUID) (again time.Duration, err error) {
	err = s.db.InTenant(ctx, id, func(ctx context.Context, tx pgx.Tx) error {
		again = 0
		c, err := loadCampaign(ctx, tx, id, campaignID, closing)
		if err != nil {
			return err
		}
		now, err := clock(ctx, tx)
		if err != nil {
			return err
		}
		switch {
		case c.State == campaign.Collecting:
			again, err = s.endCollecting(ctx, tx, id, &c, now)
		case c.State == campaign.Shortfall && !now.Before(c.DecideUntil):
			err = s.giveBack(ctx, tx, id, &c, uuid.Nil, "the founder did not decide")
		}
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("settle campaign %s: %w", campaignID, err)
	}
	return again, nil
}

func (s *Store) endCollecting(ctx context.Context, tx pgx.Tx, id tenant.ID, c *campaign.Campaign, now time.Time) (again time.Duration, err error) {
	var underway, failed bool
	err = tx.QueryRow(ctx, `
		select coalesce(bool_or(state in ('active', 'collecting')), false), coalesce(bool_or(state in ('errored', 'auth_required')), false)
		from pledge where tenant_id = $1 and campaign_id = $2 and state = any($3)`, id, c.ID, unsettled).Scan(&underway, &failed)
	switch {
	case err != nil:
		return 0, err
	case underway:
		return settlePause, nil // an answer is owed: the gateway may have the money
	case failed && now.Before(c.CollectUntil):
		return c.CollectUntil.Sub(now), nil
	}
	for _, from := range []pledge.State{pledge.Errored, pledge.AuthRequired} {
		if _, err := transitionPledges(ctx, tx, id, c.ID, pledge.Step{From: from, To: pledge.Dropped}, uuid.Nil, "not collected in time"); err != nil {
			return 0, err
		}
	}
	return 0, s.settle(ctx, tx, id, c, now)
}

// settle stores what was collected, exactly, and what follows from it.
func (s *Store) settle(ctx context.Context, tx pgx.Tx, id tenant.ID, c *campaign.Campaign, now time.Time) (err error) {
	if c.Collected, _, err = sumPledges(ctx, tx, id, *c, pledge.Collected); err != nil {
		return err
	}
	policy, err := policyOf(ctx, tx, id)
	if err != nil {
		return err
	}
	outcome, err := c.Settlement(c.Collected, policy.ShortfallFloor)
	if err != nil {
		return err
	}
	c.SettledAt, c.DecideUntil = now, now.Add(policy.DecideWindow)
	_, err = tx.Exec(ctx, `
		update campaign set settled_at = $3, collected_minor = $4, decide_until = case when $5 = 'shortfall' then $6::timestamptz end
		where tenant_id = $1 and id = $2`, id, c.ID, c.SettledAt, c.Collected.Minor, outcome, c.DecideUntil)
	if err != nil {
		return err
	}
	if outcome == campaign.Shortfall {
		if err := transitionCampaign(ctx, tx, id, c, outcome, uuid.Nil, ""); err != nil {
			return err
		}
		return s.enqueue(ctx, tx, job.SettleCampaign{Tenant: id, Campaign: c.ID}, &river.InsertOpts{ScheduledAt: c.DecideUntil})
	}
	return fund(ctx, tx, id, c, policy, uuid.Nil)
}

// fund ends a campaign well: the tenant's fee leaves the escrow, which never
// holds less than nothing.
func fund(ctx context.Context, tx pgx.Tx, id tenant.ID, c *campaign.Campaign, policy tenant.Policy, actor uuid.UUID) error {
	fee, err := c.Collected.Share(policy.PlatformFeeBasis)
	if err != nil {
		return err
	}
	escrow, err := balance(ctx, tx, id, ledger.Escrow(c.ID), c.Goal.Currency)
	if err != nil {
		return err
	}
	if fee = (money.Amount{Minor: min(fee.Minor, escrow.Minor), Currency: fee.Currency}); fee.IsPositive() {
		t, err := ledger.New("campaign:"+c.ID.String()+":fee", "fee", ledger.Posting{From: ledger.Escrow(c.ID), To: ledger.PlatformFees, Amount: fee})
		if err != nil {
			return err
		}
		if err := post(ctx, tx, id, c.ID, t); err != nil {
			return err
		}
	}
	return transitionCampaign(ctx, tx, id, c, campaign.Funded, actor, "")
}

// giveBack ends a shortfall: every collected pledge is refunded.
func (s *Store) giveBack(ctx context.Context, tx pgx.Tx, id tenant.ID, c *campaign.Campaign, actor uuid.UUID, reason string) error {
	due, err := transitionPledges(ctx, tx, id, c.ID, pledge.Step{From: pledge.Collected, To: pledge.RefundPending}, actor, reason)
	if err != nil {
		return err
	}
	if err := s.startRefunds(ctx, tx, id, due); err != nil {
		return err
	}
	return transitionCampaign(ctx, tx, id, c, campaign.Cancelled, actor, reason)
}

// DecideShortfall lets the founder go ahead with what was collected, or give
// everything back.
func (s *Store) DecideShortfall(ctx context.Context, id tenant.ID, campaignID, person uuid.UUID, proceed bool) (campaign.Campaign, error) {
	var c campaign.Campaign
	err := s.db.InTenant(ctx, id, func(ctx context.Context, tx pgx.Tx) (err error) {
		if c, err = loadCampaign(ctx, tx, id, campaignID, closing); err != nil {
			return err
		}
		now, err := clock(ctx, tx)
		if err != nil {
			return err
		}
		if err := c.MayDecide(person, now); err != nil {
			return err
		}
		if !proceed {
			return s.giveBack(ctx, tx, id, &c, person, "the founder gave the money back")
		}
		policy, err := policyOf(ctx, tx, id)
		if err != nil {
			return err
		}
		return fund(ctx, tx, id, &c, policy, person)
	})
	if err != nil {
		return c, fmt.Errorf("decide the shortfall of campaign %s: %w", campaignID, err)
	}
	return c, nil
}
