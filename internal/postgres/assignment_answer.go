package postgres

import (
	"context"
	"fmt"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"globalbrain/internal/audit"
	"globalbrain/internal/errs"
	"globalbrain/internal/review"
	"globalbrain/internal/tenant"
)

// AcceptAssignment agrees to review. Who has come to have a conflict of
// interest since the invitation cannot.
func (s *Store) AcceptAssignment(ctx context.Context, id tenant.ID, assignmentID, reviewer uuid.UUID) error {
	return s.answer(ctx, id, assignmentID, reviewer, "assignment.accept", func(ctx context.Context, tx pgx.Tx, a review.Assignment) error {
		now, err := clock(ctx, tx)
		if err != nil {
			return err
		}
		if _, err := a.Accept(now); err != nil {
			return err
		}
		if err := mayJudge(ctx, tx, id, reviewer, a.Idea); err != nil {
			return err
		}
		_, err = moveAssignment(ctx, tx, id, a, review.Accepted, reviewer, "")
		return err
	})
}

// DeclineAssignment says no to an invitation.
func (s *Store) DeclineAssignment(ctx context.Context, id tenant.ID, assignmentID, reviewer uuid.UUID, reason string) error {
	return s.answer(ctx, id, assignmentID, reviewer, "assignment.decline", func(ctx context.Context, tx pgx.Tx, a review.Assignment) error {
		_, err := moveAssignment(ctx, tx, id, a, review.Declined, reviewer, clip(reason))
		return err
	})
}

// DeclareConflict says that the reviewer must not judge the idea. It holds for
// good, in every later round too. Before the acceptance the assignment becomes
// conflicted, afterwards recused.
func (s *Store) DeclareConflict(ctx context.Context, id tenant.ID, assignmentID, reviewer uuid.UUID, note string) error {
	return s.answer(ctx, id, assignmentID, reviewer, "assignment.conflict", func(ctx context.Context, tx pgx.Tx, a review.Assignment) error {
		to := review.Recused
		if a.State == review.Proposed || a.State == review.Invited {
			to = review.Conflicted
		}
		if _, err := moveAssignment(ctx, tx, id, a, to, reviewer, clip(note)); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `
			insert into conflict_of_interest (tenant_id, idea_id, account_id, note) values ($1, $2, $3, $4)
			on conflict (tenant_id, idea_id, account_id) do nothing`, id, a.Idea, reviewer, clip(note))
		return err
	})
}

// RecuseFromAssignment steps back from a review that is not handed in, without
// a conflict of interest.
func (s *Store) RecuseFromAssignment(ctx context.Context, id tenant.ID, assignmentID, reviewer uuid.UUID, reason string) error {
	return s.answer(ctx, id, assignmentID, reviewer, "assignment.recuse", func(ctx context.Context, tx pgx.Tx, a review.Assignment) error {
		_, err := moveAssignment(ctx, tx, id, a, review.Recused, reviewer, clip(reason))
		return err
	})
}

// answer locks the round and the reviewer's own assignment, and does the act.
// Another person's assignment is not found.
func (s *Store) answer(ctx context.Context, id tenant.ID, assignmentID, reviewer uuid.UUID, action string, do func(context.Context, pgx.Tx, review.Assignment) error) error {
	err := s.db.InTenant(ctx, id, func(ctx context.Context, tx pgx.Tx) error {
		a, err := lockOwn(ctx, tx, id, assignmentID, reviewer)
		if err != nil {
			return err
		}
		if err := do(ctx, tx, a); err != nil {
			return err
		}
		return record(ctx, tx, id, audit.Event{Actor: reviewer, Action: action, SubjectKind: "assignment", SubjectID: a.ID, Detail: map[string]any{"idea": a.Idea}})
	})
	if err != nil {
		return fmt.Errorf("%s %s: %w", action, assignmentID, err)
	}
	return nil
}

// lockOwn reads and locks a reviewer's assignment. Its round is locked in
// between the readers of it and the chair's acts, and must be open.
func lockOwn(ctx context.Context, tx pgx.Tx, id tenant.ID, assignmentID, reviewer uuid.UUID) (review.Assignment, error) {
	rows, err := tx.Query(ctx, roundSelect+`
		join review_assignment a on a.tenant_id = $1 and a.round_id = r.id
		where r.tenant_id = $1 and a.id = $2 and a.reviewer_id = $3 for share of r`, id, assignmentID, reviewer)
	if err != nil {
		return review.Assignment{}, err
	}
	round, err := pgx.CollectExactlyOneRow(rows, scanRound)
	if err != nil {
		return review.Assignment{}, err
	}
	list, err := assignmentsOf(ctx, tx, id, `a.id = $2`, assignmentID)
	if err != nil {
		return review.Assignment{}, err
	}
	if len(list) == 0 || list[0].State == review.Proposed {
		return review.Assignment{}, errs.New(errs.NotFound, "not_found", "This was not found.")
	}
	if list[0].State == review.Finalised {
		return list[0], list[0].Writable()
	}
	return list[0], round.MayReview()
}

// clip keeps a short reason within its column.
func clip(s string) string {
	runes := []rune(strings.TrimSpace(s))
	return string(runes[:min(len(runes), 1000)])
}
