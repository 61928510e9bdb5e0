package postgres

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"globalbrain/internal/tenant"
)

// RemoveImage deletes a picture of an idea that its founder may edit. One that
// is gone already is no error.
func (s *Store) RemoveImage(ctx context.Context, id tenant.ID, founder, ideaID, imageID uuid.UUID) error {
	err := s.db.InTenant(ctx, id, func(ctx context.Context, tx pgx.Tx) error {
		i, err := lockIdea(ctx, tx, id, ideaID)
		if err != nil {
			return err
		}
		if err := i.MayEdit(founder); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `delete from idea_image where tenant_id = $1 and idea_id = $2 and id = $3`, id, ideaID, imageID)
		return err
	})
	if err != nil {
		return fmt.Errorf("remove a picture of idea %s: %w", ideaID, err)
	}
	return nil
}
