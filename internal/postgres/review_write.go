package postgres

import (
	"context"
	"fmt"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"globalbrain/internal/audit"
	"globalbrain/internal/review"
	"globalbrain/internal/tenant"
)

// SaveReviewDraft keeps what a reviewer has typed so far.
func (s *Store) SaveReviewDraft(ctx context.Context, id tenant.ID, assignmentID, reviewer uuid.UUID, sheet review.Sheet) error {
	if err := sheet.CheckDraft(); err != nil {
		return err
	}
	err := s.db.InTenant(ctx, id, func(ctx context.Context, tx pgx.Tx) error {
		_, err := draftReview(ctx, tx, id, assignmentID, reviewer, sheet)
		return err
	})
	if err != nil {
		return fmt.Errorf("save a review: %w", err)
	}
	return nil
}

// draftReview stores a draft and returns its assignment, in progress.
func draftReview(ctx context.Context, tx pgx.Tx, id tenant.ID, assignmentID, reviewer uuid.UUID, sheet review.Sheet) (review.Assignment, error) {
	a, err := lockOwn(ctx, tx, id, assignmentID, reviewer)
	if err != nil {
		return a, err
	}
	if err := a.Writable(); err != nil {
		return a, err
	}
	if a.State == review.Accepted {
		if a, err = moveAssignment(ctx, tx, id, a, review.InProgress, reviewer, ""); err != nil {
			return a, err
		}
	}
	_, err = tx.Exec(ctx, `
		insert into review_draft (tenant_id, assignment_id, sheet) values ($1, $2, $3)
		on conflict (tenant_id, assignment_id) do update set sheet = excluded.sheet, saved_at = clock_timestamp()`, id, a.ID, sheet)
	return a, err
}

// SubmitReview hands a review in. It is final at once and never changes; the
// ranking of its call is built anew.
func (s *Store) SubmitReview(ctx context.Context, t *tenant.Tenant, assignmentID, reviewer uuid.UUID, sheet review.Sheet) error {
	for i := range sheet {
		sheet[i].Rationale = strings.TrimSpace(sheet[i].Rationale)
	}
	if err := sheet.CheckFinal(t.Policy.MinRationale); err != nil {
		return err
	}
	err := s.db.InTenant(ctx, t.ID, func(ctx context.Context, tx pgx.Tx) error {
		a, err := draftReview(ctx, tx, t.ID, assignmentID, reviewer, sheet)
		if err != nil {
			return err
		}
		if err := mayJudge(ctx, tx, t.ID, reviewer, a.Idea); err != nil {
			return err
		}
		if err := insertFinal(ctx, tx, t.ID, a, sheet); err != nil {
			return err
		}
		for _, to := range []review.AssignmentState{review.Submitted, review.Finalised} {
			if a, err = moveAssignment(ctx, tx, t.ID, a, to, reviewer, ""); err != nil {
				return err
			}
		}
		var call uuid.UUID
		err = tx.QueryRow(ctx, `
			with gone as (delete from review_draft where tenant_id = $1 and assignment_id = $2)
			select call_id from review_round where tenant_id = $1 and id = $3`, t.ID, a.ID, a.Round).Scan(&call)
		if err != nil {
			return err
		}
		if err := s.enqueueSnapshot(ctx, tx, t.ID, call); err != nil {
			return err
		}
		return record(ctx, tx, t.ID, audit.Event{Actor: reviewer, Action: "review.submit", SubjectKind: "assignment", SubjectID: a.ID, Detail: map[string]any{"idea": a.Idea, "version": a.Version}})
	})
	if err != nil {
		return fmt.Errorf("submit a review: %w", err)
	}
	return nil
}

func insertFinal(ctx context.Context, tx pgx.Tx, id tenant.ID, a review.Assignment, sheet review.Sheet) error {
	var scores, confidences []int
	var rationales []string
	for _, j := range sheet {
		scores, confidences, rationales = append(scores, j.Score), append(confidences, j.Confidence), append(rationales, j.Rationale)
	}
	_, err := tx.Exec(ctx, `
		insert into review_final (tenant_id, assignment_id, round_id, idea_id, version, reviewer_id, organisation, scores, confidences, rationales)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		id, a.ID, a.Round, a.Idea, a.Version, a.Reviewer, a.Organisation, scores, confidences, rationales)
	return err
}
