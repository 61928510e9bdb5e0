package postgres

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"globalbrain/internal/audit"
	"globalbrain/internal/errs"
	"globalbrain/internal/idea"
	"globalbrain/internal/tenant"
)

// WithdrawIdea takes an idea back for good. Once its campaign has started there
// are backers to answer to, and the campaign must be cancelled first.
func (s *Store) WithdrawIdea(ctx context.Context, id tenant.ID, founder, ideaID uuid.UUID, reason string) (idea.Idea, error) {
	var i idea.Idea
	err := s.db.InTenant(ctx, id, func(ctx context.Context, tx pgx.Tx) (err error) {
		if i, err = lockIdea(ctx, tx, id, ideaID); err != nil {
			return err
		}
		if err := i.MayWithdraw(founder); err != nil {
			return err
		}
		var campaigning bool
		if err := tx.QueryRow(ctx, `
			select exists (select from campaign where tenant_id = $1 and idea_id = $2 and state not in ('draft', 'failed', 'cancelled'))`,
			id, ideaID).Scan(&campaigning); err != nil {
			return err
		}
		if campaigning {
			return errs.New(errs.Conflict, "idea.campaigning", "This idea has a campaign. It can be withdrawn only when the campaign has failed or was cancelled.")
		}
		was := i.State
		if err := transitionIdea(ctx, tx, id, ideaID, string(was), string(idea.Withdrawn), founder, reason); err != nil {
			return err
		}
		i.State = idea.Withdrawn
		if err := record(ctx, tx, id, audit.Event{Actor: founder, Action: "idea.withdraw", SubjectKind: "idea", SubjectID: ideaID}); err != nil {
			return err
		}
		if !was.Public() {
			return nil
		}
		return s.enqueueSnapshot(ctx, tx, id, i.Call) // the ranking closes the gap
	})
	if err != nil {
		return idea.Idea{}, fmt.Errorf("withdraw idea %s: %w", ideaID, err)
	}
	return i, nil
}
