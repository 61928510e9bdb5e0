package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"globalbrain/internal/database"
	"globalbrain/internal/pledge"
	"globalbrain/internal/tenant"
)

const chargeColumns = `h.id, h.campaign_id, h.pledge_id, h.version, h.attempt, h.key, h.payment_method, h.amount_minor, h.currency,
	h.state, h.gateway_ref, h.fee_minor, h.decline, h.code, h.created_at, h.settled_at`

// chargeRow receives chargeColumns.
type chargeRow struct {
	c       pledge.Charge
	settled *time.Time // null until it is final
}

func (r *chargeRow) places() []any {
	c := &r.c
	return []any{&c.ID, &c.Campaign, &c.Pledge, &c.Version, &c.Attempt, &c.Key, &c.PaymentMethod, &c.Amount.Minor, &c.Amount.Currency,
		&c.State, &c.Ref, &c.Fee.Minor, &c.Decline, &c.Code, &c.CreatedAt, &r.settled}
}

func (r *chargeRow) charge() pledge.Charge {
	c := r.c
	c.Fee.Currency, c.SettledAt = c.Amount.Currency, orZero(r.settled)
	return c
}

func scanCharge(row pgx.CollectableRow) (pledge.Charge, error) {
	var r chargeRow
	err := row.Scan(r.places()...)
	return r.charge(), err
}

func loadCharge(ctx context.Context, tx pgx.Tx, id tenant.ID, chargeID uuid.UUID, lock string) (pledge.Charge, error) {
	rows, err := tx.Query(ctx, `select `+chargeColumns+` from charge h where h.tenant_id = $1 and h.id = $2`+lock, id, chargeID)
	if err != nil {
		return pledge.Charge{}, err
	}
	c, err := pgx.CollectExactlyOneRow(rows, scanCharge)
	if err != nil {
		return c, fmt.Errorf("load charge %s: %w", chargeID, err)
	}
	return c, nil
}

// Charge returns one attempt to charge a pledge.
func (s *Store) Charge(ctx context.Context, id tenant.ID, chargeID uuid.UUID) (pledge.Charge, error) {
	c, err := database.Row(ctx, s.db, id, scanCharge, `select `+chargeColumns+` from charge h where h.tenant_id = $1 and h.id = $2`, id, chargeID)
	if err != nil {
		return c, fmt.Errorf("find charge %s: %w", chargeID, err)
	}
	return c, nil
}

// ChargeByKey returns the attempt with the given key.
func (s *Store) ChargeByKey(ctx context.Context, id tenant.ID, key string) (pledge.Charge, error) {
	c, err := database.Row(ctx, s.db, id, scanCharge, `select `+chargeColumns+` from charge h where h.tenant_id = $1 and h.key = $2`, id, key)
	if err != nil {
		return c, fmt.Errorf("find charge %s: %w", key, err)
	}
	return c, nil
}

type chargeKey struct {
	At time.Time `json:"t"`
	ID uuid.UUID `json:"i"`
}

// Charges lists charges, the newest first; of one campaign, or with uuid.Nil of
// the whole tenant.
func (s *Store) Charges(ctx context.Context, id tenant.ID, campaignID uuid.UUID, next string, size int) (Page[pledge.Charge], error) {
	var before chargeKey
	more, err := readKey(next, &before)
	if err != nil {
		return Page[pledge.Charge]{}, err
	}
	list, err := database.Rows(ctx, s.db, id, scanCharge, `
		select `+chargeColumns+` from charge h
		where h.tenant_id = $1 and ($2 = '00000000-0000-0000-0000-000000000000'::uuid or h.campaign_id = $2)
		  and (not $3 or (h.created_at, h.id) < ($4, $5))
		order by h.created_at desc, h.id desc limit $6`, id, campaignID, more, before.At, before.ID, size+1)
	if err != nil {
		return Page[pledge.Charge]{}, fmt.Errorf("list charges: %w", err)
	}
	return pageOf(list, size, func(c pledge.Charge) chargeKey { return chargeKey{c.CreatedAt, c.ID} })
}

// BookedCharges lists charges with what the ledger says about each, the newest
// first, for reconciliation with the gateway; at most size.
func (s *Store) BookedCharges(ctx context.Context, id tenant.ID, size int) ([]pledge.Booked, error) {
	list, err := database.Rows(ctx, s.db, id, func(row pgx.CollectableRow) (pledge.Booked, error) {
		var r chargeRow
		var b pledge.Booked
		err := row.Scan(append(r.places(), &b.Posted.Minor)...)
		b.Charge = r.charge()
		b.Posted.Currency = b.Amount.Currency
		return b, err
	}, `
		select `+chargeColumns+`, coalesce((
		  select -sum(e.amount_minor) from ledger_transaction t join ledger_entry e on e.tenant_id = t.tenant_id and e.transaction_id = t.id
		  where t.tenant_id = h.tenant_id and t.reference = 'charge:' || h.key and e.account like 'backer:%'), 0)::bigint
		from charge h where h.tenant_id = $1 order by h.created_at desc, h.id desc limit $2`, id, size)
	if err != nil {
		return nil, fmt.Errorf("list booked charges: %w", err)
	}
	return list, nil
}
