package postgres

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"globalbrain/internal/database"
	"globalbrain/internal/job"
	"globalbrain/internal/ledger"
	"globalbrain/internal/money"
	"globalbrain/internal/pledge"
	"globalbrain/internal/tenant"
)

const refundColumns = `r.id, r.charge_id, h.key, r.key, r.amount_minor, r.currency, r.state = 'succeeded'`

func scanRefund(row pgx.CollectableRow) (r pledge.Refund, err error) {
	err = row.Scan(&r.ID, &r.Charge, &r.ChargeKey, &r.Key, &r.Amount.Minor, &r.Amount.Currency, &r.Done)
	return r, err
}

// startRefunds commits a refund with its key, and the job that sends it, for
// the captured charge of each pledge.
func (s *Store) startRefunds(ctx context.Context, tx pgx.Tx, id tenant.ID, due []pledge.Pledge) error {
	for _, p := range due {
		var charge uuid.UUID
		err := tx.QueryRow(ctx, `
			select id from charge where tenant_id = $1 and pledge_id = $2 and version = $3 and state = 'succeeded'`, id, p.ID, p.Version).Scan(&charge)
		if err != nil {
			return fmt.Errorf("find the captured charge of pledge %s: %w", p.ID, err)
		}
		refund := newID()
		_, err = tx.Exec(ctx, `
			insert into refund (tenant_id, id, charge_id, key, amount_minor, currency) values ($1, $2, $3, $4, $5, $6)`,
			id, refund, charge, pledge.RefundKey(id, charge), p.Amount.Minor, p.Amount.Currency)
		if err != nil {
			return fmt.Errorf("store the refund of pledge %s: %w", p.ID, err)
		}
		if err := s.enqueue(ctx, tx, job.RefundCharge{Tenant: id, Refund: refund}, nil); err != nil {
			return err
		}
	}
	return nil
}

// Refund returns one refund.
func (s *Store) Refund(ctx context.Context, id tenant.ID, refundID uuid.UUID) (pledge.Refund, error) {
	r, err := database.Row(ctx, s.db, id, scanRefund, `
		select `+refundColumns+` from refund r join charge h on h.tenant_id = r.tenant_id and h.id = r.charge_id
		where r.tenant_id = $1 and r.id = $2`, id, refundID)
	if err != nil {
		return r, fmt.Errorf("find refund %s: %w", refundID, err)
	}
	return r, nil
}

// RefundByKey returns the refund with the given key.
func (s *Store) RefundByKey(ctx context.Context, id tenant.ID, key string) (pledge.Refund, error) {
	r, err := database.Row(ctx, s.db, id, scanRefund, `
		select `+refundColumns+` from refund r join charge h on h.tenant_id = r.tenant_id and h.id = r.charge_id
		where r.tenant_id = $1 and r.key = $2`, id, key)
	if err != nil {
		return r, fmt.Errorf("find refund %s: %w", key, err)
	}
	return r, nil
}

// RefundAccepted notes that the gateway has accepted a refund: the capture is
// taken back in the ledger, and what the gateway keeps of it falls on the
// tenant. The second time nothing changes.
func (s *Store) RefundAccepted(ctx context.Context, id tenant.ID, refundID uuid.UUID, ref string) error {
	err := s.db.InTenant(ctx, id, func(ctx context.Context, tx pgx.Tx) error {
		var chargeID uuid.UUID
		if err := tx.QueryRow(ctx, `select charge_id from refund where tenant_id = $1 and id = $2`, id, refundID).Scan(&chargeID); err != nil {
			return err
		}
		h, err := loadCharge(ctx, tx, id, chargeID, "")
		if err != nil {
			return err
		}
		c, p, err := loadBoth(ctx, tx, id, h.Pledge, steady)
		if err != nil {
			return err
		}
		done, err := tx.Exec(ctx, `
			update refund set state = 'succeeded', gateway_ref = $3, settled_at = clock_timestamp()
			where tenant_id = $1 and id = $2 and state = 'pending'`, id, refundID, ref)
		if err != nil || done.RowsAffected() == 0 {
			return err
		}
		if err := transitionPledge(ctx, tx, id, &p, pledge.Refunded, uuid.Nil, ""); err != nil {
			return err
		}
		return postRefund(ctx, tx, id, c.ID, p, h)
	})
	if err != nil {
		return fmt.Errorf("note refund %s: %w", refundID, err)
	}
	return nil
}

func postRefund(ctx context.Context, tx pgx.Tx, id tenant.ID, campaignID uuid.UUID, p pledge.Pledge, h pledge.Charge) error {
	capture, err := p.Capture(h.Key, h.Fee)
	if err != nil {
		return err
	}
	back, err := capture.Reverse()
	if err != nil {
		return err
	}
	if err := post(ctx, tx, id, campaignID, back); err != nil || !h.Fee.IsPositive() {
		return err
	}
	kept, err := ledger.New("kept:"+h.Key, "kept_fee", ledger.Posting{
		From: ledger.PlatformFees, To: ledger.GatewayFees, Amount: money.Amount{Minor: h.Fee.Minor, Currency: h.Amount.Currency},
	})
	if err != nil {
		return err
	}
	return post(ctx, tx, id, campaignID, kept)
}
