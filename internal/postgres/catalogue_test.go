package postgres_test

import (
	"context"
	"slices"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"globalbrain/internal/pgtest"
)

// shared are the tables that belong to no tenant, each with its reason.
var shared = map[string]string{
	"tenant":            "the list of tenants",
	"account":           "a person is one account everywhere",
	"session":           "a person's sign-in, before a tenant is known",
	"email_token":       "a person's proof of an address",
	"mail_message":      "the outbox to people",
	"state_rule":        "the state machines, the same for all",
	"model_default":     "the platform's model, for tenants that chose none",
	"schema_migrations": "golang-migrate's own",
}

// definers are the functions that run with their owner's rights, each with its reason.
var definers = map[string]string{}

// appendOnly are the tables whose rows the application may add and never change.
var appendOnly = []string{
	"audit_event", "idea_version", "idea_transition", "idea_score", "screening_decision", "idea_likeness",
	"campaign_transition", "pledge_transition", "ledger_transaction", "ledger_entry",
	"ranking_snapshot", "ranking_receipt", "review_round_transition", "review_round_idea", "review_decision",
	"review_assignment_transition", "review_final", "conflict_of_interest",
	"model_promotion",
}

// column reads one column of one query as the superuser.
func column(t *testing.T, pool *pgxpool.Pool, sql string, args ...any) []string {
	t.Helper()
	rows, err := pool.Query(context.Background(), sql, args...)
	if err != nil {
		t.Fatal(err)
	}
	list, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func none(t *testing.T, complaint string, list []string) {
	t.Helper()
	for _, name := range list {
		t.Errorf("%s: %s", name, complaint)
	}
}

// tenantTables is a query's beginning: every table that has a tenant_id.
const tenantTables = `with tt as (
	select c.oid, c.relname::text as name, c.relrowsecurity, c.relforcerowsecurity,
	       (select a.attnum from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id') as tenant_col
	from pg_class c join pg_namespace n on n.oid = c.relnamespace
	where n.nspname = 'public' and c.relkind in ('r', 'p')
	  and exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped)
) `

func TestEveryTableOfATenantIsWalledIn(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t).Owner

	if n := len(column(t, db, tenantTables+`select name from tt`)); n < 10 {
		t.Fatalf("only %d tenant tables were found: the query is wrong", n)
	}
	none(t, "row security is not forced", column(t, db, tenantTables+`select name from tt where not (relrowsecurity and relforcerowsecurity)`))
	none(t, "has not exactly the policy of protect_tenant_table", column(t, db, tenantTables+`
		select name from tt where
		  (select count(*) from pg_policy p where p.polrelid = tt.oid) <> 1 or not exists (
		  select from pg_policies p where p.schemaname = 'public' and p.tablename = tt.name and p.policyname = 'tenant' and p.cmd = 'ALL'
		    and p.qual like '%app.tenant_id%' and p.with_check like '%app.tenant_id%')`))
	none(t, "tenant_id is not first in a primary key, or may be null", column(t, db, tenantTables+`
		select name from tt where not exists (
		  select from pg_index i where i.indrelid = tt.oid and i.indisprimary and i.indkey[0] = tt.tenant_col)`))
	none(t, "a unique index does not start with tenant_id and tells what other tenants have", column(t, db, tenantTables+`
		select i.indexrelid::regclass::text from tt join pg_index i on i.indrelid = tt.oid
		where i.indisunique and i.indkey[0] <> tt.tenant_col`))
	none(t, "a foreign key between tenant tables does not start with tenant_id on both sides", column(t, db, tenantTables+`
		select k.conname::text from tt join pg_constraint k on k.conrelid = tt.oid and k.contype = 'f'
		join tt target on target.oid = k.confrelid
		where k.conkey[1] <> tt.tenant_col or k.confkey[1] <> target.tenant_col`))
}

func TestATableWithoutATenantIsOneThatWeKnow(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t).Owner
	for _, name := range column(t, db, tenantTables+`
		select c.relname::text from pg_class c join pg_namespace n on n.oid = c.relnamespace
		where n.nspname = 'public' and c.relkind in ('r', 'p', 'm', 'f') and c.oid not in (select oid from tt)
		  and c.relname not like 'river\_%'`) {
		if shared[name] == "" {
			t.Errorf("%s has no tenant_id and no reason", name)
		}
	}
	none(t, "a view that runs with its owner's rights leaks", column(t, db, `
		select c.relname::text from pg_class c join pg_namespace n on n.oid = c.relnamespace
		where n.nspname = 'public' and c.relkind = 'v' and not coalesce(c.reloptions::text like '%security_invoker=true%' or c.reloptions::text like '%security_invoker=on%', false)`))
	none(t, "a materialised view cannot have row security", column(t, db, `
		select c.relname::text from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = 'public' and c.relkind = 'm'`))
	for _, name := range column(t, db, `select p.proname::text from pg_proc p join pg_namespace n on n.oid = p.pronamespace where n.nspname = 'public' and p.prosecdef`) {
		if definers[name] == "" {
			t.Errorf("function %s runs with its owner's rights and has no reason", name)
		}
	}
}

func TestTheApplicationsRightsAreNarrow(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t).Owner
	none(t, "role with rights that it must not have", column(t, db, `
		select rolname::text from pg_roles where rolname like 'globalbrain\_%' and (rolsuper or rolbypassrls or rolcreaterole)`))
	none(t, "owned by a role that must own nothing", column(t, db, `
		select c.relname::text from pg_class c join pg_roles r on r.oid = c.relowner
		where r.rolname in ('globalbrain_app', 'globalbrain_jobs', 'globalbrain_audit')`))
	none(t, "the application may truncate it, or set triggers or references", column(t, db, `
		select distinct table_name::text from information_schema.role_table_grants
		where grantee in ('globalbrain_app', 'globalbrain_jobs') and privilege_type in ('TRUNCATE', 'TRIGGER', 'REFERENCES')`))
	none(t, "the jobs role may read a tenant's rows", column(t, db, tenantTables+`
		select name from tt where has_table_privilege('globalbrain_jobs', tt.oid, 'select')`))

	existing := column(t, db, tenantTables+`select name from tt`)
	for _, name := range appendOnly {
		if !slices.Contains(existing, name) {
			t.Errorf("%s is listed as append-only and does not exist", name)
			continue
		}
		changes := column(t, db, `
			select privilege_type::text from information_schema.role_table_grants
			where grantee = 'globalbrain_app' and table_name = $1 and privilege_type in ('UPDATE', 'DELETE')
			union all
			select 'UPDATE of ' || column_name from information_schema.column_privileges
			where grantee = 'globalbrain_app' and table_name = $1 and privilege_type = 'UPDATE'`, name)
		none(t, "the application may change "+name, changes)
	}
}
