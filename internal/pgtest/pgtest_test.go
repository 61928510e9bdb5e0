package pgtest

import (
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"
)

func TestEveryTestHasADatabaseOfItsOwn(t *testing.T) {
	t.Parallel()
	one, two := New(t), New(t)
	if one.Name == two.Name {
		t.Fatalf("both are %s", one.Name)
	}
	if _, err := one.Super.Exec(t.Context(), "create table only_here (n int)"); err != nil {
		t.Fatal(err)
	}
	var there bool
	if err := two.Super.QueryRow(t.Context(), "select to_regclass('only_here') is not null").Scan(&there); err != nil {
		t.Fatal(err)
	}
	if there {
		t.Error("a table of one database is in the other")
	}
}

func TestPoolsConnectAsTheirRolesWithNoTenantSet(t *testing.T) {
	t.Parallel()
	db := New(t)
	for _, tt := range []struct {
		role string
		pool *pgxpool.Pool
	}{{App, db.App}, {Jobs, db.Jobs}, {Owner, db.Owner}} {
		var role, tenant string
		var bypass, super bool
		err := tt.pool.QueryRow(t.Context(), `select current_user, coalesce(current_setting('app.tenant_id', true), ''), rolbypassrls, rolsuper
			from pg_roles where rolname = current_user`).Scan(&role, &tenant, &bypass, &super)
		if err != nil {
			t.Fatal(err)
		}
		if role != tt.role || tenant != "" || bypass || super {
			t.Errorf("role %q, tenant %q, bypassrls %v, superuser %v; want %s and nothing else", role, tenant, bypass, super, tt.role)
		}
	}
}

func BenchmarkNew(b *testing.B) {
	New(b) // the first one starts the cluster and makes the template
	for b.Loop() {
		New(b)
	}
}
