package postgres_test

import (
	"context"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"globalbrain/internal/database"
	"globalbrain/internal/errs"
)

// line is one entry that a test tries to write, around the domain.
type line struct {
	account, currency string
	minor             int64
}

func (m *market) post(t *testing.T, reference string, lines ...line) error {
	t.Helper()
	return database.New(m.pg.App).InTenant(t.Context(), town, func(ctx context.Context, tx pgx.Tx) error {
		id := uuid.New()
		if _, err := tx.Exec(ctx, `insert into ledger_transaction (tenant_id, id, reference, kind) values ($1, $2, $3, 'test')`, town, id, reference); err != nil {
			return err
		}
		for i, l := range lines {
			_, err := tx.Exec(ctx, `insert into ledger_entry (tenant_id, transaction_id, seq, account, amount_minor, currency) values ($1, $2, $3, $4, $5, $6)`,
				town, id, i+1, l.account, l.minor, l.currency)
			if err != nil {
				return err
			}
		}
		return nil
	})
}

func TestTheDatabaseRefusesATransactionThatDoesNotSumToZero(t *testing.T) {
	t.Parallel()
	m := newMarket(t)
	if err := m.post(t, "good", line{"fees:platform", "EUR", 5}, line{"fees:gateway", "EUR", -5}); err != nil {
		t.Fatal(err)
	}
	if err := m.post(t, "two currencies", line{"fees:platform", "EUR", 5}, line{"fees:gateway", "EUR", -5}, line{"fees:platform", "JPY", -7}, line{"fees:gateway", "JPY", 7}); err != nil {
		t.Fatal(err)
	}
	for name, lines := range map[string][]line{
		"a cent too much":         {{"fees:platform", "EUR", 6}, {"fees:gateway", "EUR", -5}},
		"one side only":           {{"fees:platform", "EUR", 5}},
		"no entries":              {},
		"zero by two currencies":  {{"fees:platform", "EUR", 5}, {"fees:gateway", "JPY", -5}},
		"one of two is lopsided":  {{"fees:platform", "EUR", 5}, {"fees:gateway", "EUR", -5}, {"fees:platform", "JPY", 1}},
		"an amount of nothing":    {{"fees:platform", "EUR", 0}, {"fees:gateway", "EUR", 0}},
		"an account of no sort":   {{"Fees", "EUR", 5}, {"fees:gateway", "EUR", -5}},
		"a currency of no sort":   {{"fees:platform", "euro", 5}, {"fees:gateway", "euro", -5}},
		"the reference once more": nil,
	} {
		reference, kind := name, errs.Invalid
		if lines == nil {
			reference, kind, lines = "good", errs.Conflict, []line{{"fees:platform", "EUR", 5}, {"fees:gateway", "EUR", -5}}
		}
		if err := m.post(t, reference, lines...); !errs.Is(err, kind) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if n := m.number(t, `select count(*) from ledger_transaction`); n != 2 {
		t.Errorf("%d transactions", n)
	}
}

func TestAPostedTransactionTakesNoMoreEntries(t *testing.T) {
	t.Parallel()
	m := newMarket(t)
	if err := m.post(t, "done", line{"fees:platform", "EUR", 5}, line{"fees:gateway", "EUR", -5}); err != nil {
		t.Fatal(err)
	}
	err := database.New(m.pg.App).InTenant(t.Context(), town, func(ctx context.Context, tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `
			insert into ledger_entry (tenant_id, transaction_id, seq, account, amount_minor, currency)
			select t.tenant_id, t.id, 10 + s.n, 'fees:platform', s.n, 'EUR' from ledger_transaction t, (values (1), (-1)) as s (n)`)
		return err
	})
	if err == nil {
		t.Error("a balanced pair was added to a closed transaction")
	}
}

func TestTheApplicationCannotChangeOrDeleteWhatWasPosted(t *testing.T) {
	t.Parallel()
	m := newMarket(t)
	if err := m.post(t, "done", line{"fees:platform", "EUR", 5}, line{"fees:gateway", "EUR", -5}); err != nil {
		t.Fatal(err)
	}
	for _, sql := range []string{
		`update ledger_entry set amount_minor = 6`, `delete from ledger_entry`, `truncate ledger_entry`,
		`update ledger_transaction set reference = 'x'`, `delete from ledger_transaction`, `truncate ledger_transaction cascade`,
		`update pledge set amount_minor = 1`, `update charge set amount_minor = 1`, `delete from pledge`, `delete from charge`,
		`update pledge_transition set pledged = 1`, `delete from pledge_transition`, `delete from campaign`, `update gateway_event set body = ''`,
	} {
		_, err := m.pg.App.Exec(t.Context(), sql)
		if err == nil || errs.KindOf(database.Translate(err)) != errs.Internal { // 42501: no permission
			t.Errorf("%s: %v", sql, err)
		}
	}
	if n := m.number(t, `select sum(amount_minor) from ledger_entry where account = 'fees:platform'`); n != 5 {
		t.Errorf("the account holds %d", n)
	}
}
