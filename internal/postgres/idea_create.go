package postgres

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"globalbrain/internal/audit"
	"globalbrain/internal/database"
	"globalbrain/internal/errs"
	"globalbrain/internal/idea"
	"globalbrain/internal/tenant"
)

// CreateIdea starts an empty draft for a call, in the tenant's currency. The
// founder must be a member, and the call must take ideas.
func (s *Store) CreateIdea(ctx context.Context, id tenant.ID, founder, callID uuid.UUID) (idea.Idea, error) {
	var made idea.Idea
	err := s.db.InTenant(ctx, id, func(ctx context.Context, tx pgx.Tx) error {
		if err := callTakesIdeas(ctx, tx, id, callID); err != nil {
			return err
		}
		ideaID := newID()
		_, err := tx.Exec(ctx, `
			insert into idea (tenant_id, id, call_id, founder_id, currency)
			select $1, $2, $3, $4, t.currency from tenant t where t.id = $1`, id, ideaID, callID, founder)
		if database.Violates(err, "idea_tenant_id_founder_id_fkey") {
			return errs.Wrap(err, errs.Forbidden, "account.not_member", "This person is not a member.")
		}
		if err != nil {
			return err
		}
		if err := record(ctx, tx, id, audit.Event{Actor: founder, Action: "idea.create", SubjectKind: "idea", SubjectID: ideaID}); err != nil {
			return err
		}
		made, err = lockIdea(ctx, tx, id, ideaID)
		return err
	})
	if err != nil {
		return idea.Idea{}, fmt.Errorf("create an idea: %w", err)
	}
	return made, nil
}

// callTakesIdeas asks the call by the database's clock.
func callTakesIdeas(ctx context.Context, tx pgx.Tx, id tenant.ID, callID uuid.UUID) error {
	now, err := clock(ctx, tx)
	if err != nil {
		return err
	}
	rows, err := tx.Query(ctx, `select `+callColumns+` from call c where c.tenant_id = $1 and c.id = $2`, id, callID)
	if err != nil {
		return err
	}
	c, err := pgx.CollectExactlyOneRow(rows, scanCall)
	if err != nil {
		return err
	}
	return c.TakesIdeas(now)
}
