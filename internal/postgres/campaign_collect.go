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
	"globalbrain/internal/pledge"
	"globalbrain/internal/tenant"
)

// CarryOutClose does what follows from a closing: a failed campaign lets its
// pledges go; a succeeded one starts to collect. It is a transaction of its own,
// so that the lock of the closing is short, and does nothing the second time.
func (s *Store) CarryOutClose(ctx context.Context, id tenant.ID, campaignID uuid.UUID) error {
	err := s.db.InTenant(ctx, id, func(ctx context.Context, tx pgx.Tx) error {
		c, err := loadCampaign(ctx, tx, id, campaignID, closing)
		if err != nil {
			return err
		}
		switch c.State {
		case campaign.Failed:
			return releasePledges(ctx, tx, id, c.ID, uuid.Nil, "goal not reached")
		case campaign.Succeeded:
			return s.collect(ctx, tx, id, c)
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("carry out the closing of campaign %s: %w", campaignID, err)
	}
	return nil
}

// releasePledges lets every pledge go that was not charged.
func releasePledges(ctx context.Context, tx pgx.Tx, id tenant.ID, campaignID, actor uuid.UUID, reason string) error {
	for _, step := range []pledge.Step{
		{From: pledge.Active, To: pledge.Released}, {From: pledge.Intent, To: pledge.Abandoned}, {From: pledge.RequiresAction, To: pledge.Abandoned},
	} {
		if _, err := transitionPledges(ctx, tx, id, campaignID, step, actor, reason); err != nil {
			return err
		}
	}
	return nil
}

// collect commits one charge with its key, and the job that sends it, for every
// active pledge. What the backer never confirmed is dropped.
func (s *Store) collect(ctx context.Context, tx pgx.Tx, id tenant.ID, c campaign.Campaign) error {
	for _, from := range []pledge.State{pledge.Intent, pledge.RequiresAction} {
		if _, err := transitionPledges(ctx, tx, id, c.ID, pledge.Step{From: from, To: pledge.Abandoned}, uuid.Nil, "campaign closed"); err != nil {
			return err
		}
	}
	due, err := transitionPledges(ctx, tx, id, c.ID, pledge.Step{From: pledge.Active, To: pledge.Collecting}, uuid.Nil, "")
	if err != nil {
		return err
	}
	if err := s.startCharges(ctx, tx, id, due, 1); err != nil {
		return err
	}
	if err := transitionCampaign(ctx, tx, id, &c, campaign.Collecting, uuid.Nil, ""); err != nil {
		return err
	}
	return s.enqueue(ctx, tx, job.SettleCampaign{Tenant: id, Campaign: c.ID}, &river.InsertOpts{ScheduledAt: c.CollectUntil})
}

// perSecond spreads the charges of a large campaign, so that they neither run
// into the gateway's rate limit nor keep every other job waiting.
const perSecond = 20

// startCharges commits the given attempt for each pledge, with its job.
func (s *Store) startCharges(ctx context.Context, tx pgx.Tx, id tenant.ID, due []pledge.Pledge, attempt int) error {
	if len(due) == 0 {
		return nil
	}
	now, err := clock(ctx, tx)
	if err != nil {
		return err
	}
	var ids, campaigns, pledges []uuid.UUID
	var versions []int
	var keys, methods, currencies []string
	var amounts []int64
	jobs := make([]river.InsertManyParams, len(due))
	for i, p := range due {
		charge := newID()
		ids, campaigns, pledges = append(ids, charge), append(campaigns, p.Campaign), append(pledges, p.ID)
		versions, keys = append(versions, p.Version), append(keys, p.ChargeKey(id, attempt))
		methods, amounts, currencies = append(methods, p.PaymentMethod), append(amounts, p.Amount.Minor), append(currencies, p.Amount.Currency)
		jobs[i] = river.InsertManyParams{Args: job.ChargePledge{Tenant: id, Charge: charge}}
		if i >= perSecond {
			jobs[i].InsertOpts = &river.InsertOpts{ScheduledAt: now.Add(time.Duration(i/perSecond) * time.Second)}
		}
	}
	_, err = tx.Exec(ctx, `
		insert into charge (tenant_id, id, campaign_id, pledge_id, version, attempt, key, payment_method, amount_minor, currency)
		select $1, u.id, u.campaign_id, u.pledge_id, u.version, $2, u.key, u.method, u.amount, u.currency
		from unnest($3::uuid[], $4::uuid[], $5::uuid[], $6::int[], $7::text[], $8::text[], $9::bigint[], $10::text[])
		  as u (id, campaign_id, pledge_id, version, key, method, amount, currency)`,
		id, attempt, ids, campaigns, pledges, versions, keys, methods, amounts, currencies)
	if err != nil {
		return fmt.Errorf("store charges: %w", err)
	}
	if _, err := s.jobs.InsertManyTx(ctx, tx, jobs); err != nil {
		return fmt.Errorf("enqueue charges: %w", err)
	}
	return nil
}
