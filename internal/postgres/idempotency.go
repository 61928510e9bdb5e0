package postgres

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"globalbrain/internal/database"
	"globalbrain/internal/errs"
	"globalbrain/internal/tenant"
)

// Answer is what a request was answered with, kept so that the same key gives
// the same answer again.
type Answer struct {
	Status int
	Header map[string]string
	Body   []byte
}

// orphaned is after how long a reserved key without an answer is free again: a
// server was killed in mid-request, and no request runs this long.
const orphaned = 3 * time.Minute

// ReserveKey takes an Idempotency-Key for one person's request. It returns the
// stored answer when the same request was answered before; nil means that the
// caller must carry the request out and then FinishKey or ReleaseKey. A key
// that is in flight is a Conflict, one that was used for another request Invalid.
func (s *Store) ReserveKey(ctx context.Context, id tenant.ID, person uuid.UUID, key string, hash []byte) (*Answer, error) {
	var answer *Answer
	err := s.db.InTenant(ctx, id, func(ctx context.Context, tx pgx.Tx) error {
		// One statement decides who runs: the row is new, or it was orphaned.
		tag, err := tx.Exec(ctx, `
			insert into idempotency_key as k (tenant_id, account_id, key, request_hash, created_at)
			values ($1, $2, $3, $4, clock_timestamp())
			on conflict (tenant_id, account_id, key) do update set created_at = excluded.created_at
			where k.finished_at is null and k.request_hash = excluded.request_hash
			  and k.created_at < clock_timestamp() - make_interval(secs => $5)`,
			id, person, key, hash, orphaned.Seconds())
		if err != nil || tag.RowsAffected() == 1 {
			return err
		}
		answer, err = storedAnswer(ctx, tx, id, person, key, hash)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("reserve an idempotency key: %w", err)
	}
	return answer, nil
}

func storedAnswer(ctx context.Context, tx pgx.Tx, id tenant.ID, person uuid.UUID, key string, hash []byte) (*Answer, error) {
	var (
		before []byte
		done   *time.Time
		status *int
		answer Answer
	)
	err := tx.QueryRow(ctx, `
		select request_hash, finished_at, status, coalesce(header, '{}'), coalesce(body, '')
		from idempotency_key where tenant_id = $1 and account_id = $2 and key = $3`, id, person, key).
		Scan(&before, &done, &status, &answer.Header, &answer.Body)
	switch {
	case errors.Is(err, pgx.ErrNoRows), err == nil && done == nil && bytes.Equal(before, hash):
		return nil, errs.New(errs.Conflict, "idempotency.in_flight", "A request with this Idempotency-Key is still being carried out. Ask again in a moment.").After(time.Second)
	case err != nil:
		return nil, err
	case !bytes.Equal(before, hash):
		return nil, errs.New(errs.Invalid, "idempotency.changed", "This Idempotency-Key was used for another request. Use a new key for a new request.")
	}
	answer.Status = *status
	return &answer, nil
}

// FinishKey stores the answer of a reserved key.
func (s *Store) FinishKey(ctx context.Context, id tenant.ID, person uuid.UUID, key string, a Answer) error {
	_, err := database.Rows(ctx, s.db, id, pgx.RowTo[int], `
		update idempotency_key set finished_at = clock_timestamp(), status = $4, header = $5, body = $6
		where tenant_id = $1 and account_id = $2 and key = $3 returning 1`, id, person, key, a.Status, a.Header, a.Body)
	return err
}

// ReleaseKey frees a reserved key whose request had no effect (a refusal for
// want of capacity, an internal error), so that it can be sent again.
func (s *Store) ReleaseKey(ctx context.Context, id tenant.ID, person uuid.UUID, key string) error {
	_, err := database.Rows(ctx, s.db, id, pgx.RowTo[int], `
		delete from idempotency_key where tenant_id = $1 and account_id = $2 and key = $3 and finished_at is null returning 1`, id, person, key)
	return err
}
