package postgres

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"globalbrain/internal/review"
	"globalbrain/internal/tenant"
)

const assignmentSelect = `
	select a.id, a.round_id, a.idea_id, a.version, a.reviewer_id, a.organisation, a.state,
	       coalesce(a.invited_at, 'epoch'), a.due_at
	from review_assignment a `

func scanAssignment(row pgx.CollectableRow) (a review.Assignment, err error) {
	err = row.Scan(&a.ID, &a.Round, &a.Idea, &a.Version, &a.Reviewer, &a.Organisation, &a.State, &a.InvitedAt, &a.DueAt)
	return a, err
}

// assignmentsOf reads and locks the assignments that where selects; $1 is the tenant.
func assignmentsOf(ctx context.Context, tx pgx.Tx, id tenant.ID, where string, args ...any) ([]review.Assignment, error) {
	rows, err := tx.Query(ctx, assignmentSelect+`where a.tenant_id = $1 and `+where+` order by a.id for no key update`, append([]any{id}, args...)...)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, scanAssignment)
}

// moveAssignment moves a locked assignment and writes the step.
func moveAssignment(ctx context.Context, tx pgx.Tx, id tenant.ID, a review.Assignment, to review.AssignmentState, actor uuid.UUID, reason string) (review.Assignment, error) {
	moved, err := a.Move(to)
	if err != nil {
		return a, err
	}
	_, err = tx.Exec(ctx, `
		with moved as (
		  update review_assignment set state = $3, invited_at = case when $3 = 'invited' then clock_timestamp() else invited_at end
		  where tenant_id = $1 and id = $2)
		insert into review_assignment_transition (tenant_id, assignment_id, seq, from_state, to_state, actor_id, reason)
		select $1, $2, 1 + count(*), $4, $3, nullif($5, '00000000-0000-0000-0000-000000000000'::uuid), $6
		from review_assignment_transition where tenant_id = $1 and assignment_id = $2`,
		id, a.ID, to, a.State, actor, reason)
	return moved, err
}

// inviteProposed invites everybody who was chosen and returns how many.
func inviteProposed(ctx context.Context, tx pgx.Tx, id tenant.ID, roundID, actor uuid.UUID) (int, error) {
	chosen, err := assignmentsOf(ctx, tx, id, `a.round_id = $2 and a.state = 'proposed'`, roundID)
	if err != nil {
		return 0, err
	}
	for _, a := range chosen {
		if _, err := moveAssignment(ctx, tx, id, a, review.Invited, actor, ""); err != nil {
			return 0, err
		}
	}
	return len(chosen), nil
}

// expireLapsed ends the invitations of a round that waited too long.
func expireLapsed(ctx context.Context, tx pgx.Tx, id tenant.ID, roundID uuid.UUID) error {
	now, err := clock(ctx, tx)
	if err != nil {
		return err
	}
	invited, err := assignmentsOf(ctx, tx, id, `a.round_id = $2 and a.state = 'invited'`, roundID)
	if err != nil {
		return err
	}
	for _, a := range invited {
		if !a.Lapsed(now) {
			continue
		}
		if _, err := moveAssignment(ctx, tx, id, a, review.Expired, uuid.Nil, ""); err != nil {
			return err
		}
	}
	return nil
}
