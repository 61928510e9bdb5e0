// Package postgres keeps the domain's state. An exported method is one
// transaction; unexported functions take the transaction they work in. The
// domain decides, this package does: it holds SQL, locks and order, and no rule
// that the domain could hold. It does not know HTTP, the model or the gateway.
package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"

	"globalbrain/internal/audit"
	"globalbrain/internal/database"
	"globalbrain/internal/tenant"
)

// Store reads and writes everything that the program knows.
type Store struct {
	db   *database.DB
	jobs *river.Client[pgx.Tx]
}

// NewStore returns a store over a pool of the application role.
func NewStore(db *database.DB) (*Store, error) {
	jobs, err := river.NewClient(riverpgxv5.New(db.Pool()), &river.Config{})
	if err != nil {
		return nil, fmt.Errorf("make the job inserter: %w", err)
	}
	return &Store{db: db, jobs: jobs}, nil
}

// Ping proves that the database answers.
func (s *Store) Ping(ctx context.Context) error { return database.Translate(s.db.Pool().Ping(ctx)) }

// SchemaVersion returns the number of the newest migration that ran.
func (s *Store) SchemaVersion(ctx context.Context) (uint, error) {
	var version uint
	err := s.db.Pool().QueryRow(ctx, "select version from schema_migrations where not dirty").Scan(&version)
	return version, database.Translate(err)
}

// newID returns a UUIDv7, which sorts by the time it was made.
func newID() uuid.UUID { return uuid.Must(uuid.NewV7()) }

// clock returns the database's time, the only clock for money and deadlines.
func clock(ctx context.Context, tx pgx.Tx) (time.Time, error) {
	var now time.Time
	err := tx.QueryRow(ctx, "select clock_timestamp()").Scan(&now)
	return now, err
}

// record writes one line of the audit trail.
func record(ctx context.Context, tx pgx.Tx, id tenant.ID, e audit.Event) error {
	if e.Detail == nil {
		e.Detail = map[string]any{}
	}
	_, err := tx.Exec(ctx, `
		insert into audit_event (tenant_id, id, actor_id, action, subject_kind, subject_id, detail)
		values ($1, $2, nullif($3, '00000000-0000-0000-0000-000000000000'::uuid), $4, $5, $6, $7)`,
		id, newID(), e.Actor, e.Action, e.SubjectKind, e.SubjectID, e.Detail)
	if err != nil {
		return fmt.Errorf("record %s: %w", e.Action, err)
	}
	return nil
}

// enqueue adds a job to the queue when tx commits.
func (s *Store) enqueue(ctx context.Context, tx pgx.Tx, args river.JobArgs, opts *river.InsertOpts) error {
	if _, err := s.jobs.InsertTx(ctx, tx, args, opts); err != nil {
		return fmt.Errorf("enqueue %s: %w", args.Kind(), err)
	}
	return nil
}
