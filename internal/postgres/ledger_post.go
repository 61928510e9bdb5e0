package postgres

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"globalbrain/internal/ledger"
	"globalbrain/internal/money"
	"globalbrain/internal/tenant"
)

// post writes a transaction with its entries. A reference that was posted
// before changes nothing. The database proves the sums when tx commits.
func post(ctx context.Context, tx pgx.Tx, id tenant.ID, campaignID uuid.UUID, t ledger.Transaction) error {
	entries, err := t.Entries()
	if err != nil {
		return err
	}
	made := newID()
	done, err := tx.Exec(ctx, `
		insert into ledger_transaction (tenant_id, id, reference, kind, campaign_id, reverses)
		values ($1, $2, $3, $4, nullif($5, '00000000-0000-0000-0000-000000000000'::uuid),
		  (select o.id from ledger_transaction o where o.tenant_id = $1 and o.reference = nullif($6, '')))
		on conflict (tenant_id, reference) do nothing`, id, made, t.Reference, t.Kind, campaignID, t.Reverses)
	if err != nil {
		return fmt.Errorf("post %s: %w", t.Reference, err)
	}
	if done.RowsAffected() == 0 {
		return nil
	}
	var accounts, currencies []string
	var amounts []int64
	for _, e := range entries {
		accounts, amounts, currencies = append(accounts, string(e.Account)), append(amounts, e.Amount.Minor), append(currencies, e.Amount.Currency)
	}
	_, err = tx.Exec(ctx, `
		insert into ledger_entry (tenant_id, transaction_id, seq, account, amount_minor, currency)
		select $1, $2, u.seq, u.account, u.amount, u.currency
		from unnest($3::text[], $4::bigint[], $5::text[]) with ordinality as u (account, amount, currency, seq)`,
		id, made, accounts, amounts, currencies)
	if err != nil {
		return fmt.Errorf("post %s: %w", t.Reference, err)
	}
	return nil
}

// balance is the sum of an account's entries in one currency.
func balance(ctx context.Context, tx pgx.Tx, id tenant.ID, account ledger.Account, currency string) (money.Amount, error) {
	sum := money.Amount{Currency: currency}
	err := tx.QueryRow(ctx, `
		select coalesce(sum(amount_minor), 0)::bigint from ledger_entry where tenant_id = $1 and account = $2 and currency = $3`,
		id, account, currency).Scan(&sum.Minor)
	return sum, err
}
