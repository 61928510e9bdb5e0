package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"globalbrain/internal/audit"
	"globalbrain/internal/database"
	"globalbrain/internal/errs"
	"globalbrain/internal/review"
	"globalbrain/internal/tenant"
)

// RoundOpen asks for a review round of one call.
type RoundOpen struct {
	Call  uuid.UUID
	Chair uuid.UUID
	Due   time.Time // when reviews are due
}

// OpenRound starts a round with every idea of the call that waits for review,
// each in its newest version. The round comes back in the state assigning.
func (s *Store) OpenRound(ctx context.Context, id tenant.ID, in RoundOpen) (review.Round, error) {
	var round review.Round
	err := s.db.InTenant(ctx, id, func(ctx context.Context, tx pgx.Tx) error {
		now, err := clock(ctx, tx)
		if err != nil {
			return err
		}
		rows, err := tx.Query(ctx, `
			select id from idea where tenant_id = $1 and call_id = $2 and state = 'in_review' order by id for key share`, id, in.Call)
		if err != nil {
			return err
		}
		ideas, err := pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
		if err != nil {
			return err
		}
		if round, err = review.NewRound(newID(), in.Call, in.Chair, len(ideas), in.Due, now); err != nil {
			return err
		}
		if err := insertRound(ctx, tx, id, round, ideas); err != nil {
			return err
		}
		if round, err = moveRound(ctx, tx, id, round, review.RoundAssigning, in.Chair); err != nil {
			return err
		}
		return record(ctx, tx, id, audit.Event{Actor: in.Chair, Action: "round.open", SubjectKind: "round", SubjectID: round.ID, Detail: map[string]any{"ideas": len(ideas)}})
	})
	if err != nil {
		return review.Round{}, fmt.Errorf("open a round: %w", err)
	}
	return round, nil
}

func insertRound(ctx context.Context, tx pgx.Tx, id tenant.ID, r review.Round, ideas []uuid.UUID) error {
	_, err := tx.Exec(ctx, `
		insert into review_round (tenant_id, id, call_id, chair_id, due_at, created_at) values ($1, $2, $3, $4, $5, $6)`,
		id, r.ID, r.Call, r.Chair, r.DueAt, r.CreatedAt)
	if database.Violates(err, "review_round_of_call") {
		return errs.Wrap(err, errs.Conflict, "round.running", "This call has a review round already. Publish it before you open another.")
	}
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `
		insert into review_round_idea (tenant_id, round_id, idea_id, version)
		select $1, $2, i.id, i.version from idea i where i.tenant_id = $1 and i.id = any($3)`, id, r.ID, ideas)
	return err
}

// lockRound reads a round and holds it until the transaction ends, so that no
// two acts of the chair run at once.
func lockRound(ctx context.Context, tx pgx.Tx, id tenant.ID, roundID uuid.UUID) (review.Round, error) {
	rows, err := tx.Query(ctx, roundSelect+`where r.tenant_id = $1 and r.id = $2 for no key update`, id, roundID)
	if err != nil {
		return review.Round{}, err
	}
	return pgx.CollectExactlyOneRow(rows, scanRound)
}

const roundSelect = `select r.id, r.call_id, r.chair_id, r.state, r.due_at, r.created_at from review_round r `

func scanRound(row pgx.CollectableRow) (r review.Round, err error) {
	err = row.Scan(&r.ID, &r.Call, &r.Chair, &r.State, &r.DueAt, &r.CreatedAt)
	return r, err
}

// moveRound moves a locked round and writes the step.
func moveRound(ctx context.Context, tx pgx.Tx, id tenant.ID, r review.Round, to review.RoundState, actor uuid.UUID) (review.Round, error) {
	moved, err := r.Move(to)
	if err != nil {
		return r, err
	}
	_, err = tx.Exec(ctx, `
		with moved as (
		  update review_round set state = $3, published_at = case when $3 = 'published' then clock_timestamp() end
		  where tenant_id = $1 and id = $2)
		insert into review_round_transition (tenant_id, round_id, seq, from_state, to_state, actor_id)
		select $1, $2, 1 + count(*), $4, $3, $5 from review_round_transition where tenant_id = $1 and round_id = $2`,
		id, r.ID, to, r.State, actor)
	return moved, err
}
