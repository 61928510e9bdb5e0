// Package database is the way to Postgres: the pool, transactions that belong
// to one tenant, retries, and the translation of the driver's errors. It does
// not know any table.
package database

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"globalbrain/internal/tenant"
)

// DB is a pool of connections under one role.
type DB struct{ pool *pgxpool.Pool }

// Options bound a pool.
type Options struct {
	MaxConns int32         // 0: 8, the best number measured on two cores
	Timeout  time.Duration // of one statement; 0: 15 s
}

// Open makes a pool for dsn and proves that it answers.
func Open(ctx context.Context, dsn string, o Options) (*DB, error) {
	cfg, err := pgxpool.ParseConfig(dsn)
	if err != nil {
		return nil, fmt.Errorf("read the database address: %w", err)
	}
	if o.MaxConns == 0 {
		o.MaxConns = 8
	}
	if o.Timeout == 0 {
		o.Timeout = 15 * time.Second
	}
	cfg.MaxConns = o.MaxConns
	params := cfg.ConnConfig.RuntimeParams
	params["application_name"] = "globalbrain"
	params["timezone"] = "UTC"
	params["statement_timeout"] = fmt.Sprint(o.Timeout.Milliseconds())
	params["idle_in_transaction_session_timeout"] = "30000"
	pool, err := pgxpool.NewWithConfig(ctx, cfg)
	if err != nil {
		return nil, fmt.Errorf("open the database: %w", Translate(err))
	}
	if err := pool.Ping(ctx); err != nil {
		pool.Close()
		return nil, fmt.Errorf("reach the database: %w", Translate(err))
	}
	return &DB{pool: pool}, nil
}

// New wraps a pool that somebody else made, and closes.
func New(pool *pgxpool.Pool) *DB { return &DB{pool: pool} }

// Pool returns the pool, for what needs the driver itself (River).
func (db *DB) Pool() *pgxpool.Pool { return db.pool }

// Close waits for connections in use and closes the pool.
func (db *DB) Close() { db.pool.Close() }

type inTx struct{}

var errNested = errors.New("database: a transaction inside a transaction")

// attempts is how often a transaction runs that loses against another one.
const attempts = 5

// InTenant runs fn in a transaction that sees one tenant's rows only. Begin and
// tenant travel in one round trip. A lost race (serialization failure or
// deadlock) runs fn again, so fn must have no effect outside the transaction.
// Errors come back translated; a transaction in a transaction is refused.
func (db *DB) InTenant(ctx context.Context, id tenant.ID, fn func(context.Context, pgx.Tx) error) error {
	return db.transact(ctx, fmt.Sprintf("begin; select set_config('app.tenant_id', '%d', true)", id), fn)
}

// InSystem runs fn in a transaction with no tenant set: accounts, sessions,
// tenants and mail, but no row of any tenant's table.
func (db *DB) InSystem(ctx context.Context, fn func(context.Context, pgx.Tx) error) error {
	return db.transact(ctx, "begin", fn)
}

func (db *DB) transact(ctx context.Context, begin string, fn func(context.Context, pgx.Tx) error) error {
	if ctx.Value(inTx{}) != nil {
		return errNested
	}
	inner := context.WithValue(ctx, inTx{}, true)
	var err error
	for n := range attempts {
		if err = db.once(inner, begin, fn); !lostRace(err) {
			break
		}
		pause := time.Duration(rand.Int64N(int64(5*time.Millisecond) << n)) //nolint:gosec // G404: a pause needs no secret
		select {
		case <-ctx.Done():
			return Translate(ctx.Err())
		case <-time.After(pause):
		}
	}
	return Translate(err)
}

func (db *DB) once(ctx context.Context, begin string, fn func(context.Context, pgx.Tx) error) error {
	tx, err := db.pool.BeginTx(ctx, pgx.TxOptions{BeginQuery: begin})
	if err != nil {
		return err
	}
	// The rollback must reach the server although ctx may be over by then.
	defer func() {
		done, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer cancel()
		_ = tx.Rollback(done) // after a commit this does nothing
	}()
	if err := fn(ctx, tx); err != nil {
		return err
	}
	return tx.Commit(ctx)
}

// Rows runs one statement for one tenant in a single round trip: the tenant and
// the statement travel as one pipeline, which Postgres runs as one transaction.
func Rows[T any](ctx context.Context, db *DB, id tenant.ID, to pgx.RowToFunc[T], sql string, args ...any) ([]T, error) {
	var list []T
	batch := &pgx.Batch{}
	batch.Queue("select set_config('app.tenant_id', $1, true)", fmt.Sprint(int64(id)))
	batch.Queue(sql, args...).Query(func(rows pgx.Rows) (err error) {
		list, err = pgx.CollectRows(rows, to)
		return err
	})
	if err := db.pool.SendBatch(ctx, batch).Close(); err != nil {
		return nil, Translate(err)
	}
	return list, nil
}

// Row is Rows for a statement that must give exactly one row; none is NotFound.
func Row[T any](ctx context.Context, db *DB, id tenant.ID, to pgx.RowToFunc[T], sql string, args ...any) (T, error) {
	var zero T
	list, err := Rows(ctx, db, id, to, sql, args...)
	switch {
	case err != nil:
		return zero, err
	case len(list) == 0:
		return zero, Translate(pgx.ErrNoRows)
	case len(list) > 1:
		return zero, Translate(pgx.ErrTooManyRows)
	}
	return list[0], nil
}
