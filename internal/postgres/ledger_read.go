package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"globalbrain/internal/database"
	"globalbrain/internal/ledger"
	"globalbrain/internal/money"
	"globalbrain/internal/tenant"
)

// Balance is what one account holds in one currency.
type Balance struct {
	Account ledger.Account
	Amount  money.Amount
	Entries int
}

// Proof is the sum of every entry in one currency: nothing, or the books are wrong.
type Proof struct {
	Sum          money.Amount
	Transactions int
	Entries      int
}

// Proofs adds up the whole ledger of a tenant, by currency.
func (s *Store) Proofs(ctx context.Context, id tenant.ID) ([]Proof, error) {
	list, err := database.Rows(ctx, s.db, id, func(row pgx.CollectableRow) (p Proof, err error) {
		err = row.Scan(&p.Sum.Currency, &p.Sum.Minor, &p.Transactions, &p.Entries)
		return p, err
	}, `select currency, sum(amount_minor)::bigint, count(distinct transaction_id), count(*) from ledger_entry where tenant_id = $1 group by 1 order by 1`, id)
	if err != nil {
		return nil, fmt.Errorf("prove the ledger: %w", err)
	}
	return list, nil
}

// Balances lists accounts by name. Backers' accounts are left out unless asked
// for: there is one for each person.
func (s *Store) Balances(ctx context.Context, id tenant.ID, backers bool, next string, size int) (Page[Balance], error) {
	var after string
	if _, err := readKey(next, &after); err != nil {
		return Page[Balance]{}, err
	}
	list, err := database.Rows(ctx, s.db, id, func(row pgx.CollectableRow) (b Balance, err error) {
		err = row.Scan(&b.Account, &b.Amount.Currency, &b.Amount.Minor, &b.Entries)
		return b, err
	}, `
		select account, currency, sum(amount_minor)::bigint, count(*) from ledger_entry
		where tenant_id = $1 and account || ' ' || currency > $2 and ($3 or account not like 'backer:%')
		group by 1, 2 order by account || ' ' || currency limit $4`, id, after, backers, size+1)
	if err != nil {
		return Page[Balance]{}, fmt.Errorf("list balances: %w", err)
	}
	return pageOf(list, size, func(b Balance) string { return string(b.Account) + " " + b.Amount.Currency })
}

// LedgerLine is one entry with its transaction.
type LedgerLine struct {
	Transaction uuid.UUID
	Reference   string
	Kind        string
	At          time.Time
	Account     ledger.Account
	Amount      money.Amount
}

// LedgerOf lists a campaign's entries, the newest transactions first; at most
// size lines.
func (s *Store) LedgerOf(ctx context.Context, id tenant.ID, campaignID uuid.UUID, size int) ([]LedgerLine, error) {
	list, err := database.Rows(ctx, s.db, id, func(row pgx.CollectableRow) (l LedgerLine, err error) {
		err = row.Scan(&l.Transaction, &l.Reference, &l.Kind, &l.At, &l.Account, &l.Amount.Minor, &l.Amount.Currency)
		return l, err
	}, `
		select t.id, t.reference, t.kind, t.at, e.account, e.amount_minor, e.currency
		from ledger_transaction t join ledger_entry e on e.tenant_id = t.tenant_id and e.transaction_id = t.id
		where t.tenant_id = $1 and t.campaign_id = $2 order by t.at desc, t.id, e.seq limit $3`, id, campaignID, size)
	if err != nil {
		return nil, fmt.Errorf("list the ledger of campaign %s: %w", campaignID, err)
	}
	return list, nil
}

// EscrowOf is what a campaign holds.
func (s *Store) EscrowOf(ctx context.Context, id tenant.ID, campaignID uuid.UUID, currency string) (money.Amount, error) {
	var sum money.Amount
	err := s.db.InTenant(ctx, id, func(ctx context.Context, tx pgx.Tx) (err error) {
		sum, err = balance(ctx, tx, id, ledger.Escrow(campaignID), currency)
		return err
	})
	return sum, err
}
