package postgres

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"globalbrain/internal/audit"
	"globalbrain/internal/errs"
	"globalbrain/internal/tenant"
)

// JoinTenant makes a verified account a member; who is one already stays as they are.
func (s *Store) JoinTenant(ctx context.Context, id tenant.ID, accountID uuid.UUID) error {
	err := s.db.InTenant(ctx, id, func(ctx context.Context, tx pgx.Tx) error {
		var verified bool
		if err := tx.QueryRow(ctx, `select email_verified_at is not null from account where id = $1`, accountID).Scan(&verified); err != nil {
			return err
		}
		if !verified {
			return errs.New(errs.Forbidden, "account.unverified", "Please confirm your e-mail address first.")
		}
		done, err := tx.Exec(ctx, `
			insert into membership (tenant_id, account_id, roles) values ($1, $2, array['member'])
			on conflict (tenant_id, account_id) do nothing`, id, accountID)
		if err != nil || done.RowsAffected() == 0 {
			return err
		}
		return record(ctx, tx, id, audit.Event{Actor: accountID, Action: "membership.join", SubjectKind: "account", SubjectID: accountID})
	})
	if err != nil {
		return fmt.Errorf("join tenant %d: %w", id, err)
	}
	return nil
}
