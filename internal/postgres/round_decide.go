package postgres

import (
	"context"
	"fmt"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"globalbrain/internal/audit"
	"globalbrain/internal/database"
	"globalbrain/internal/errs"
	"globalbrain/internal/review"
	"globalbrain/internal/tenant"
)

// RoundDecision is what the chair decides on one idea of a round.
type RoundDecision struct {
	Round    uuid.UUID
	Idea     uuid.UUID
	Chair    uuid.UUID
	Decision review.Decision
	Reason   string
}

// DecideIdea shortlists or rejects an idea of a round in discussion, once and
// for all. A chair with a conflict of interest cannot decide on the idea.
func (s *Store) DecideIdea(ctx context.Context, t *tenant.Tenant, in RoundDecision) error {
	in.Reason = strings.TrimSpace(in.Reason)
	err := s.db.InTenant(ctx, t.ID, func(ctx context.Context, tx pgx.Tx) error {
		round, err := lockRound(ctx, tx, t.ID, in.Round)
		if err != nil {
			return err
		}
		if round.State != review.RoundDiscussion {
			return errs.New(errs.Conflict, "round.not_discussing", "Close the round before you decide.")
		}
		if err := mayJudge(ctx, tx, t.ID, in.Chair, in.Idea); err != nil {
			return err
		}
		finals, err := finalsOf(ctx, tx, t.ID, in.Round, in.Idea)
		if err != nil {
			return err
		}
		if err := review.Decide(in.Decision, finals, in.Reason, t.Policy); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `
			insert into review_decision (tenant_id, round_id, idea_id, decision, reason, chair_id) values ($1, $2, $3, $4, $5, $6)`,
			t.ID, in.Round, in.Idea, in.Decision, in.Reason, in.Chair)
		if database.Violates(err, "review_decision_pkey") {
			return errs.Wrap(err, errs.Conflict, "round.decided_before", "This idea has its decision already.")
		}
		if err != nil {
			return err
		}
		// The state is taken for granted here; transitionIdea refuses an idea that left the review.
		if err := transitionIdea(ctx, tx, t.ID, in.Idea, "in_review", string(in.Decision), in.Chair, in.Reason); err != nil {
			return err
		}
		if err := s.enqueueSnapshot(ctx, tx, t.ID, round.Call); err != nil {
			return err
		}
		return record(ctx, tx, t.ID, audit.Event{Actor: in.Chair, Action: "idea." + string(in.Decision), SubjectKind: "idea", SubjectID: in.Idea, Detail: map[string]any{"round": in.Round, "finals": len(finals)}})
	})
	if err != nil {
		return fmt.Errorf("decide on idea %s: %w", in.Idea, err)
	}
	return nil
}

// finalsOf reads an idea's final reviews in a round.
func finalsOf(ctx context.Context, tx pgx.Tx, id tenant.ID, roundID, ideaID uuid.UUID) ([]review.Final, error) {
	rows, err := tx.Query(ctx, `
		select reviewer_id, organisation, scores, confidences, rationales from review_final
		where tenant_id = $1 and round_id = $2 and idea_id = $3 order by at, assignment_id`, id, roundID, ideaID)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (f review.Final, err error) {
		var scores, confidences []int
		var rationales []string
		if err = row.Scan(&f.Reviewer, &f.Organisation, &scores, &confidences, &rationales); err != nil {
			return f, err
		}
		f.Sheet = sheetOf(scores, confidences, rationales)
		return f, nil
	})
}

func sheetOf(scores, confidences []int, rationales []string) (s review.Sheet) {
	for i := range s {
		s[i] = review.Judgement{Score: scores[i], Confidence: confidences[i], Rationale: rationales[i]}
	}
	return s
}
