package database_test

import (
	"context"
	"errors"
	"testing"

	"github.com/jackc/pgx/v5"

	"globalbrain/internal/database"
	"globalbrain/internal/errs"
	"globalbrain/internal/pgtest"
	"globalbrain/internal/tenant"
)

// two tenants with one audit event each, and a pool of the application's role
// that holds a single connection, so that anything left on it would show.
func twoTenants(t *testing.T) *database.DB {
	t.Helper()
	pg := pgtest.New(t)
	if _, err := pg.Super.Exec(t.Context(), `
		insert into tenant (slug, name, hue, currency, locales, policy)
		select 'town-' || n, '{"en": "Town"}', 1, 'EUR', '{en}', '{}' from generate_series(1, 2) n;
		insert into audit_event (tenant_id, id, action, subject_kind) select id, gen_random_uuid(), 'made', slug from tenant`); err != nil {
		t.Fatal(err)
	}
	cfg := pg.App.Config()
	cfg.MaxConns = 1
	db, err := database.Open(t.Context(), cfg.ConnString(), database.Options{MaxConns: 1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(db.Close)
	return db
}

const allEvents = "select subject_kind from audit_event"

func read(ctx context.Context, tx pgx.Tx) ([]string, error) {
	rows, err := tx.Query(ctx, allEvents)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[string])
}

func TestOneConnectionAlternatesTenantsAndNothingLeaks(t *testing.T) {
	t.Parallel()
	db := twoTenants(t)
	for n := range 1000 {
		id := tenant.ID(n%2 + 1)
		want := []string{"", "town-1", "town-2"}[id]
		var got []string
		var err error
		if n%3 == 0 {
			got, err = database.Rows(t.Context(), db, id, pgx.RowTo[string], allEvents)
		} else {
			err = db.InTenant(t.Context(), id, func(ctx context.Context, tx pgx.Tx) (err error) {
				got, err = read(ctx, tx)
				return err
			})
		}
		if err != nil || len(got) != 1 || got[0] != want {
			t.Fatalf("round %d: tenant %d sees %v (%v)", n, id, got, err)
		}
	}
	err := db.InSystem(t.Context(), func(ctx context.Context, tx pgx.Tx) error {
		got, err := read(ctx, tx)
		if len(got) != 0 {
			t.Errorf("no tenant sees %v", got)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestARowOfAnotherTenantCannotBeWritten(t *testing.T) {
	t.Parallel()
	db := twoTenants(t)
	err := db.InTenant(t.Context(), 1, func(ctx context.Context, tx pgx.Tx) error {
		_, err := tx.Exec(ctx, "insert into audit_event (tenant_id, id, action, subject_kind) values (2, gen_random_uuid(), 'x', 'x')")
		return err
	})
	if err == nil {
		t.Error("tenant 1 wrote a row of tenant 2")
	}
}

func TestATransactionInATransactionIsRefused(t *testing.T) {
	t.Parallel()
	db := twoTenants(t)
	err := db.InTenant(t.Context(), 1, func(ctx context.Context, _ pgx.Tx) error {
		return db.InSystem(ctx, func(context.Context, pgx.Tx) error { return nil })
	})
	if err == nil {
		t.Error("a nested transaction began")
	}
}

func TestAnErrorRollsBackEvenWhenTheCallerHasLeft(t *testing.T) {
	t.Parallel()
	db := twoTenants(t)
	left, leave := context.WithCancel(t.Context())
	boom := errors.New("boom")
	err := db.InTenant(left, 1, func(ctx context.Context, tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, "insert into audit_event (tenant_id, id, action, subject_kind) values (1, gen_random_uuid(), 'x', 'x')"); err != nil {
			return err
		}
		leave()
		return boom
	})
	if !errors.Is(err, boom) {
		t.Fatalf("err = %v", err)
	}
	got, err := database.Rows(t.Context(), db, 1, pgx.RowTo[string], allEvents)
	if err != nil || len(got) != 1 {
		t.Errorf("after the rollback: %v (%v)", got, err)
	}
}

func TestALostRaceRunsAgain(t *testing.T) {
	t.Parallel()
	db := twoTenants(t)
	tries := 0
	err := db.InTenant(t.Context(), 1, func(ctx context.Context, tx pgx.Tx) error {
		if tries++; tries < 3 {
			_, err := tx.Exec(ctx, "do $$ begin raise exception 'lost' using errcode = '40001'; end $$")
			return err
		}
		return nil
	})
	if err != nil || tries != 3 {
		t.Errorf("%d tries, err = %v", tries, err)
	}
}

func TestDriverErrorsBecomeOurs(t *testing.T) {
	t.Parallel()
	db := twoTenants(t)
	cases := []struct {
		name string
		sql  string
		want errs.Kind
	}{
		{"a right that is missing stays internal", "insert into tenant (slug) values ('x')", errs.Internal},
		{"a missing row is not found", "select 1 from tenant where slug = 'nobody'", errs.NotFound},
		{"a broken check is invalid", "insert into email_token (id, account_id, purpose, secret_hash, expires_at) values (gen_random_uuid(), gen_random_uuid(), 'dance', '', now())", errs.Invalid},
		{"a reference to nothing is not found", "insert into email_token (id, account_id, purpose, secret_hash, expires_at) values (gen_random_uuid(), gen_random_uuid(), 'reset', '', now()) returning 1", errs.NotFound},
		{"a refused step is a conflict", "do $$ begin raise exception 'no' using errcode = 'GB001'; end $$", errs.Conflict},
		{"a text that is no id is not found", "select 'nonsense'::uuid", errs.NotFound},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, err := database.Row(t.Context(), db, 1, pgx.RowTo[any], c.sql)
			if err == nil {
				t.Fatal("no error")
			}
			if got := errs.KindOf(err); got != c.want {
				t.Errorf("kind = %v, want %v (%v)", got, c.want, err)
			}
		})
	}
	if _, err := database.Row(t.Context(), db, 1, pgx.RowTo[int], "select 1"); err != nil {
		t.Errorf("the connection did not recover: %v", err)
	}
}
