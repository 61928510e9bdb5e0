package postgres

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

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
	k, err := knowPledge(ctx, tx, id, in)
	if err != nil {
		return pledge.Pledge{}, err
	}
	if k.former.ID == in.ID {
		return k.former, mine(nil, k.former, in)
	}
	p, err := pledge.Accept(k.campaign, k.now, k.offer)
	if err != nil {
		return pledge.Pledge{}, err
	}
	if k.former.State.Unconfirmed() {
		if err := transitionPledge(ctx, tx, id, &k.former, pledge.Abandoned, in.Backer, "replaced"); err != nil {
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
	return p, s.enqueue(ctx, tx, job.AbandonPledge{Tenant: id, Pledge: p.ID}, &river.InsertOpts{ScheduledAt: k.now.Add(k.policy.PledgeIntent)})
}
