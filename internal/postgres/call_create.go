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

// CreateCall opens a call for ideas and returns it with its id. A zero OpensAt
// means now; a zero ClosesAt leaves it open.
func (s *Store) CreateCall(ctx context.Context, id tenant.ID, actor uuid.UUID, c idea.Call) (idea.Call, error) {
	c.ID = newID()
	err := s.db.InTenant(ctx, id, func(ctx context.Context, tx pgx.Tx) error {
		if c.OpensAt.IsZero() {
			now, err := clock(ctx, tx)
			if err != nil {
				return err
			}
			c.OpensAt = now
		}
		if err := c.Check(); err != nil {
			return err
		}
		err := tx.QueryRow(ctx, `
			insert into call (tenant_id, id, slug, title, brief, opens_at, closes_at)
			values ($1, $2, $3, $4, $5, $6, $7) returning created_at`,
			id, c.ID, c.Slug, c.Title, c.Brief, c.OpensAt, orNull(c.ClosesAt)).Scan(&c.CreatedAt)
		if database.Violates(err, "call_tenant_id_slug_key") {
			return errs.Wrap(err, errs.Conflict, "idea.call_slug_taken", "There is a call with this address already.")
		}
		if err != nil {
			return err
		}
		return record(ctx, tx, id, audit.Event{Actor: actor, Action: "call.create", SubjectKind: "call", SubjectID: c.ID})
	})
	if err != nil {
		return idea.Call{}, fmt.Errorf("create call %s: %w", c.Slug, err)
	}
	return c, nil
}
