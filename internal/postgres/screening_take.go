package postgres

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"globalbrain/internal/audit"
	"globalbrain/internal/errs"
	"globalbrain/internal/idea"
	"globalbrain/internal/moderation"
	"globalbrain/internal/tenant"
)

// TakeForScreening puts an idea of the queue on a moderator's desk, so that two
// moderators do not read the same one. The caller has checked the permission.
func (s *Store) TakeForScreening(ctx context.Context, id tenant.ID, moderator, ideaID uuid.UUID) (idea.Idea, error) {
	var i idea.Idea
	err := s.db.InTenant(ctx, id, func(ctx context.Context, tx pgx.Tx) (err error) {
		if i, err = lockIdea(ctx, tx, id, ideaID); err != nil {
			return err
		}
		if err := moderation.MayScreen(moderator, i.Founder); err != nil {
			return err
		}
		if i.State == idea.Screening {
			return errs.New(errs.Conflict, "moderation.taken", "A moderator is reading this idea already.")
		}
		if err := idea.Move(i.State, idea.Screening); err != nil {
			return err
		}
		if err := transitionIdea(ctx, tx, id, ideaID, string(i.State), string(idea.Screening), moderator, ""); err != nil {
			return err
		}
		i.State = idea.Screening
		return record(ctx, tx, id, audit.Event{Actor: moderator, Action: "screening.take", SubjectKind: "idea", SubjectID: ideaID})
	})
	if err != nil {
		return idea.Idea{}, fmt.Errorf("take idea %s for screening: %w", ideaID, err)
	}
	return i, nil
}
