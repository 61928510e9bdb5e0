package postgres

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"globalbrain/internal/audit"
	"globalbrain/internal/errs"
	"globalbrain/internal/review"
	"globalbrain/internal/tenant"
)

// StartRound invites everybody who was chosen and opens the round for reviews.
func (s *Store) StartRound(ctx context.Context, id tenant.ID, roundID, actor uuid.UUID) error {
	return s.moveRoundBy(ctx, id, roundID, actor, review.RoundOpen, "round.start", func(ctx context.Context, tx pgx.Tx, _ review.Round) error {
		invited, err := inviteProposed(ctx, tx, id, roundID, actor)
		if err == nil && invited == 0 {
			err = errs.New(errs.Conflict, "round.nobody", "Choose at least one reviewer first.")
		}
		return err
	})
}

// CloseRound ends the writing of reviews. Invitations that nobody answered
// expire; reviews that are not handed in stay unread.
func (s *Store) CloseRound(ctx context.Context, id tenant.ID, roundID, actor uuid.UUID) error {
	return s.moveRoundBy(ctx, id, roundID, actor, review.RoundDiscussion, "round.close", func(ctx context.Context, tx pgx.Tx, _ review.Round) error {
		open, err := assignmentsOf(ctx, tx, id, `a.round_id = $2 and a.state in ('proposed', 'invited')`, roundID)
		if err != nil {
			return err
		}
		for _, a := range open {
			if _, err := moveAssignment(ctx, tx, id, a, review.Expired, actor, ""); err != nil {
				return err
			}
		}
		return nil
	})
}

// FinishRound fixes the outcome once every idea of the round has a decision.
// Ideas that their founders took back need none.
func (s *Store) FinishRound(ctx context.Context, id tenant.ID, roundID, actor uuid.UUID) error {
	return s.moveRoundBy(ctx, id, roundID, actor, review.RoundDecided, "round.finish", func(ctx context.Context, tx pgx.Tx, _ review.Round) error {
		var undecided int
		err := tx.QueryRow(ctx, `
			select count(*) from review_round_idea ri join idea i on i.tenant_id = $1 and i.id = ri.idea_id
			where ri.tenant_id = $1 and ri.round_id = $2 and i.state = 'in_review'
			  and not exists (select from review_decision d where d.tenant_id = $1 and d.round_id = $2 and d.idea_id = ri.idea_id)`,
			id, roundID).Scan(&undecided)
		if err == nil && undecided > 0 {
			err = errs.New(errs.Conflict, "round.undecided", "Decide on every idea first; %d still wait.", undecided)
		}
		return err
	})
}

// PublishRound shows the round's reviews and decisions to everybody.
func (s *Store) PublishRound(ctx context.Context, id tenant.ID, roundID, actor uuid.UUID) error {
	return s.moveRoundBy(ctx, id, roundID, actor, review.RoundPublished, "round.publish", func(ctx context.Context, tx pgx.Tx, r review.Round) error {
		return s.enqueueSnapshot(ctx, tx, id, r.Call)
	})
}

// moveRoundBy locks a round, moves it, and does what the move brings with it.
func (s *Store) moveRoundBy(ctx context.Context, id tenant.ID, roundID, actor uuid.UUID, to review.RoundState, action string, with func(context.Context, pgx.Tx, review.Round) error) error {
	err := s.db.InTenant(ctx, id, func(ctx context.Context, tx pgx.Tx) error {
		round, err := lockRound(ctx, tx, id, roundID)
		if err != nil {
			return err
		}
		if round, err = moveRound(ctx, tx, id, round, to, actor); err != nil {
			return err
		}
		if err := with(ctx, tx, round); err != nil {
			return err
		}
		return record(ctx, tx, id, audit.Event{Actor: actor, Action: action, SubjectKind: "round", SubjectID: roundID})
	})
	if err != nil {
		return fmt.Errorf("%s %s: %w", action, roundID, err)
	}
	return nil
}
