package postgres

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"globalbrain/internal/audit"
	"globalbrain/internal/database"
	"globalbrain/internal/errs"
	"globalbrain/internal/tenant"
)

// CreateTenant adds a tenant and returns its id. Only a store over the owner's
// role may: the application reads tenants and never makes them.
func (s *Store) CreateTenant(ctx context.Context, t *tenant.Tenant) (tenant.ID, error) {
	if err := t.Check(); err != nil {
		return 0, err
	}
	var id tenant.ID
	err := s.db.InSystem(ctx, func(ctx context.Context, tx pgx.Tx) error {
		err := tx.QueryRow(ctx, `
			insert into tenant (slug, name, tagline, hue, currency, locales, policy)
			values ($1, $2, $3, $4, $5, $6, $7) returning id`,
			t.Slug, t.Name, orEmpty(t.Tagline), t.Hue, t.Currency, t.Locales, t.Policy).Scan(&id)
		if database.Violates(err, "tenant_slug_key") {
			return errs.Wrap(err, errs.Conflict, "tenant.slug_taken", "There is a tenant with this address already.")
		}
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("create tenant %s: %w", t.Slug, err)
	}
	return id, nil
}

func orEmpty(texts map[string]string) map[string]string {
	if texts == nil {
		return map[string]string{}
	}
	return texts
}

// AppointOwner makes an account an owner of a tenant. Only a store over the
// owner's role should: it is how an operator gives a tenant its first owner,
// and it asks nobody's permission.
func (s *Store) AppointOwner(ctx context.Context, id tenant.ID, accountID uuid.UUID) error {
	err := s.db.InTenant(ctx, id, func(ctx context.Context, tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `
			insert into membership (tenant_id, account_id, roles) values ($1, $2, array['member', 'owner'])
			on conflict (tenant_id, account_id) do update set roles =
			  case when 'owner' = any(membership.roles) then membership.roles else membership.roles || 'owner'::text end`,
			id, accountID)
		if err != nil {
			return err
		}
		return record(ctx, tx, id, audit.Event{Action: "role.appoint_owner", SubjectKind: "account", SubjectID: accountID})
	})
	if err != nil {
		return fmt.Errorf("appoint an owner: %w", err)
	}
	return nil
}
