package migrations_test

import (
	"io/fs"
	"strings"
	"testing"

	"globalbrain/internal/pgtest"
	"globalbrain/migrations"
)

func TestEveryStepUpHasAWayBackAndSaysWhy(t *testing.T) {
	t.Parallel()
	ups, err := fs.Glob(migrations.FS, "*.up.sql")
	if err != nil || len(ups) == 0 {
		t.Fatalf("no migrations: %v", err)
	}
	for _, up := range ups {
		text, err := fs.ReadFile(migrations.FS, up)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(string(text), "-- ") {
			t.Errorf("%s does not begin by saying why", up)
		}
		if _, err := fs.Stat(migrations.FS, strings.TrimSuffix(up, ".up.sql")+".down.sql"); err != nil {
			t.Errorf("%s has no way back", up)
		}
	}
}

func TestTheSchemaGoesUpAndDownAndUpAgain(t *testing.T) {
	t.Parallel()
	db := pgtest.NewEmpty(t)
	dsn := db.DSN(pgtest.Owner)
	for range 2 {
		if err := migrations.Up(t.Context(), dsn); err != nil {
			t.Fatal(err)
		}
		if err := migrations.Down(t.Context(), dsn); err != nil {
			t.Fatal(err)
		}
		var left int
		if err := db.Super.QueryRow(t.Context(), `
			select (select count(*) from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = 'public' and c.relname not like 'schema\_migrations%')
			     + (select count(*) from pg_proc p join pg_namespace n on n.oid = p.pronamespace where n.nspname = 'public')
			     + (select count(*) from pg_type y join pg_namespace n on n.oid = y.typnamespace where n.nspname = 'public' and y.typname not like '%schema\_migrations')`).Scan(&left); err != nil {
			t.Fatal(err)
		}
		if left != 0 {
			t.Errorf("%d things are left after going down", left)
		}
	}
	if err := migrations.Up(t.Context(), dsn); err != nil {
		t.Fatal(err)
	}
	if err := migrations.Up(t.Context(), dsn); err != nil {
		t.Errorf("nothing to do is an error: %v", err)
	}
}
