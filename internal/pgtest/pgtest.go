// Package pgtest gives each test a database of its own: a clone of a migrated
// template, made in tens of milliseconds in one cluster that all test programs
// of a user share. Nothing needs to be set up or cleaned up: the first test
// starts the cluster, and it stops some seconds after the last. It does not know
// what the tables mean.
package pgtest

import (
	"context"
	"fmt"
	"os"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"globalbrain/internal/localpg"
)

// The roles that migrations.RolesSQL makes.
const (
	Owner = "globalbrain_owner"
	App   = "globalbrain_app"
	Jobs  = "globalbrain_jobs"
	Audit = "globalbrain_audit"
)

var logins = []string{Owner, App, Jobs, Audit}

// A DB is one test's database. Each pool connects as one role, with no tenant
// set: a query that forgot the tenant finds nothing.
type DB struct {
	Name  string
	App   *pgxpool.Pool // what the site and the API use
	Jobs  *pgxpool.Pool // what fetches jobs across tenants
	Owner *pgxpool.Pool // the schema's owner, whom row security holds as well
	Super *pgxpool.Pool // the superuser, whom nothing holds: for reading catalogues and setting up

	cluster *localpg.Cluster
}

// New returns a database with every migration done. It is dropped, and its
// pools are closed, when the test ends.
func New(t testing.TB) *DB {
	t.Helper()
	c := join(t)
	template, err := ensureTemplate(t.Context(), c)
	if err != nil {
		t.Fatalf("pgtest: %v", err)
	}
	return clone(t, c, "template "+pgx.Identifier{template}.Sanitize()+" strategy "+strategy)
}

// NewEmpty returns a database without any migration, for the tests of the
// migrations themselves. The roles are there.
func NewEmpty(t testing.TB) *DB {
	t.Helper()
	c := join(t)
	if err := ensureRoles(t.Context(), c); err != nil {
		t.Fatalf("pgtest: %v", err)
	}
	return clone(t, c, "")
}

// DSN is the database's address for a role, as a postgres:// URL.
func (db *DB) DSN(role string) string { return db.cluster.DSN(role, db.Name) }

// Program returns the path of one of Postgres's programs, such as pg_dump, of
// the version that runs the database.
func (db *DB) Program(name string) (string, error) { return db.cluster.Program(name) }

// strategy file_copy lets Postgres copy the template's files instead of logging
// every page; without fsync that is the quicker of the two.
const strategy = "file_copy"

// number makes the names of one program's databases different.
var number atomic.Int64

func join(t testing.TB) *localpg.Cluster {
	t.Helper()
	m, err := shared()
	if err != nil {
		t.Fatalf("pgtest: %v", err)
	}
	return m.cluster
}

func clone(t testing.TB, c *localpg.Cluster, how string) *DB {
	t.Helper()
	db := &DB{Name: fmt.Sprintf("%s%d_%d", clonePrefix, os.Getpid(), number.Add(1)), cluster: c}
	name := pgx.Identifier{db.Name}.Sanitize()
	if err := asSuperuser(t.Context(), c, "create database "+name+" owner "+Owner+" "+how); err != nil {
		t.Fatalf("pgtest: make the test's database: %v", err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		if err := asSuperuser(ctx, c, "drop database "+name+" with (force)"); err != nil {
			t.Errorf("pgtest: drop the test's database: %v", err)
		}
	})
	for _, p := range []struct {
		pool **pgxpool.Pool
		role string
	}{{&db.App, App}, {&db.Jobs, Jobs}, {&db.Owner, Owner}, {&db.Super, localpg.Superuser}} {
		*p.pool = open(t, db.DSN(p.role))
	}
	return db
}

// open makes a pool that connects when it is first used.
func open(t testing.TB, dsn string) *pgxpool.Pool {
	t.Helper()
	cfg, err := pgxpool.ParseConfig(dsn)
	if err != nil {
		t.Fatalf("pgtest: %v", err)
	}
	cfg.MaxConns = 8
	cfg.ConnConfig.RuntimeParams["timezone"] = "UTC"
	pool, err := pgxpool.NewWithConfig(t.Context(), cfg)
	if err != nil {
		t.Fatalf("pgtest: %v", err)
	}
	t.Cleanup(pool.Close)
	return pool
}

// asSuperuser runs one statement on a connection of its own, so that no
// connection is left to look like a leak.
func asSuperuser(ctx context.Context, c *localpg.Cluster, sql string) error {
	conn, err := pgx.Connect(ctx, c.SuperuserDSN())
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	_, err = conn.Exec(ctx, sql)
	return err
}
