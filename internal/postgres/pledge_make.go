package postgres

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"globalbrain/internal/campaign"
	"globalbrain/internal/database"
	"globalbrain/internal/errs"
	"globalbrain/internal/job"
	"globalbrain/internal/money"
	"globalbrain/internal/pledge"
	"globalbrain/internal/tenant"
)

// MakePledge is what a backer offers.
type MakePledge struct {
	ID        uuid.UUID // made with the form: sending it twice makes one pledge
	Campaign  uuid.UUID
	Backer    uuid.UUID
	Amount    money.Amount
	Reward    uuid.UUID // uuid.Nil for none
	Anonymous bool
}

// MakePledge commits a pledge as an intent, before the gateway hears of it. The
// same ID again returns the pledge as it stands. An earlier pledge of the backer
// that was never confirmed gives way to the new one.
func (s *Store) MakePledge(ctx context.Context, id tenant.ID, in MakePledge) (pledge.Pledge, error) {
	var p pledge.Pledge
	err := s.db.InTenant(ctx, id, func(ctx context.Context, tx pgx.Tx) (err error) {
		p, err = s.makePledge(ctx, tx, id, in)
		return err
	})
	switch {
	case database.Violates(err, "pledge_pkey"): // the same form, sent twice at once
		l, err := s.Pledge(ctx, id, in.ID)
		return l.Pledge, mine(err, l.Pledge, in)
	case database.Violates(err, "pledge_one_open"):
		return p, errs.Wrap(err, errs.Conflict, "pledge.open", "You have a pledge to this campaign already.")
	case err != nil:
		return p, fmt.Errorf("pledge to campaign %s: %w", in.Campaign, err)
	}
	return p, nil
}

// mine refuses a pledge that is not the one of the offer.
func mine(err error, p pledge.Pledge, in MakePledge) error {
	if err == nil && (p.Backer != in.Backer || p.Campaign != in.Campaign) {
		return errs.New(errs.NotFound, "not_found", "This was not found.")
	}
	return err
}

func (s *Store) makePledge(ctx context.Context, tx pgx.Tx, id tenant.ID, in MakePledge) (pledge.Pledge, error) {
	c, err := loadCampaign(ctx, tx, id, in.Campaign, steady)
	if err != nil {
		return pledge.Pledge{}, err
	}
	offer, former, err := judge(ctx, tx, id, c, in)
	if err != nil {
		return pledge.Pledge{}, err
	}
	if former.ID == in.ID {
		return former, mine(nil, former, in)
	}
	now, err := clock(ctx, tx)
	if err != nil {
		return pledge.Pledge{}, err
	}
	p, err := pledge.Accept(c, now, offer)
	if err != nil {
		return pledge.Pledge{}, err
	}
	if former.State.Unconfirmed() {
		if err := transitionPledge(ctx, tx, id, &former, pledge.Abandoned, in.Backer, "replaced"); err != nil {
			return pledge.Pledge{}, err
		}
	}
	_, err = tx.Exec(ctx, `
		insert into pledge (tenant_id, id, campaign_id, backer_id, reward_id, amount_minor, currency, anonymous, created_at)
		values ($1, $2, $3, $4, nullif($5, '00000000-0000-0000-0000-000000000000'::uuid), $6, $7, $8, $9)`,
		id, p.ID, p.Campaign, p.Backer, p.Reward, p.Amount.Minor, p.Amount.Currency, p.Anonymous, p.CreatedAt)
	if err != nil {
		return pledge.Pledge{}, err
	}
	policy, err := policyOf(ctx, tx, id)
	if err != nil {
		return pledge.Pledge{}, err
	}
	return p, s.enqueue(ctx, tx, job.AbandonPledge{Tenant: id, Pledge: p.ID}, &river.InsertOpts{ScheduledAt: now.Add(policy.PledgeIntent)})
}

// judge finds what must be known to judge an offer, and the backer's open
// pledge to the campaign or the pledge of the same ID, if there is one.
func judge(ctx context.Context, tx pgx.Tx, id tenant.ID, c campaign.Campaign, in MakePledge) (pledge.Offer, pledge.Pledge, error) {
	o := pledge.Offer{ID: in.ID, Backer: in.Backer, Amount: in.Amount, Reward: in.Reward, Anonymous: in.Anonymous}
	var former pledge.Pledge
	batch := &pgx.Batch{}
	batch.Queue(`select email_verified_at is not null from account where id = $1`, in.Backer).QueryRow(func(row pgx.Row) error { return row.Scan(&o.Verified) })
	batch.Queue(`
		select exists (select from review_assignment where tenant_id = $1 and idea_id = $2 and reviewer_id = $3
		  and state in ('proposed', 'invited', 'accepted', 'in_progress', 'submitted', 'final'))`,
		id, c.Idea, in.Backer).QueryRow(func(row pgx.Row) error { return row.Scan(&o.Reviewer) })
	batch.Queue(`
		select `+pledgeColumns+` from pledge p
		where p.tenant_id = $1 and (p.id = $2 or p.campaign_id = $3 and p.backer_id = $4 and p.state = any($5))
		order by p.id = $2 desc limit 1`, id, in.ID, c.ID, in.Backer, pledge.Open).Query(func(rows pgx.Rows) error {
		list, err := pgx.CollectRows(rows, scanPledge)
		if len(list) > 0 {
			former = list[0]
		}
		return err
	})
	if err := tx.SendBatch(ctx, batch).Close(); err != nil {
		return o, former, err
	}
	o.HasOpen = former.State.IsOpen() && !former.State.Unconfirmed() && former.ID != in.ID
	r, known := c.Reward(in.Reward)
	if !known || r.Quantity == 0 {
		return o, former, nil
	}
	// A limited reward is handed out one at a time: the lock comes first, and the
	// count in a statement of its own, which sees what the last holder has taken.
	if _, err := tx.Exec(ctx, `select from reward where tenant_id = $1 and id = $2 for update`, id, r.ID); err != nil {
		return o, former, err
	}
	err := tx.QueryRow(ctx, `
		select count(*) from pledge where tenant_id = $1 and reward_id = $2 and state = any($3) and id <> $4`,
		id, r.ID, pledge.Open, former.ID).Scan(&o.RewardTaken)
	return o, former, err
}
