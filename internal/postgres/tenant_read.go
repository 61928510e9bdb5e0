package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"globalbrain/internal/database"
	"globalbrain/internal/tenant"
)

const tenantColumns = `id, slug, name, tagline, hue, currency, locales, policy`

func scanTenant(row pgx.CollectableRow) (*tenant.Tenant, error) {
	t := &tenant.Tenant{Policy: tenant.DefaultPolicy()}
	err := row.Scan(&t.ID, &t.Slug, &t.Name, &t.Tagline, &t.Hue, &t.Currency, &t.Locales, &t.Policy)
	return t, err
}

// Tenants lists every tenant by its slug.
func (s *Store) Tenants(ctx context.Context) ([]*tenant.Tenant, error) {
	rows, err := s.db.Pool().Query(ctx, `select `+tenantColumns+` from tenant order by slug`)
	if err != nil {
		return nil, fmt.Errorf("list tenants: %w", database.Translate(err))
	}
	list, err := pgx.CollectRows(rows, scanTenant)
	if err != nil {
		return nil, fmt.Errorf("list tenants: %w", database.Translate(err))
	}
	return list, nil
}

// TenantBySlug finds a tenant by the part of the address; unknown is NotFound.
func (s *Store) TenantBySlug(ctx context.Context, slug string) (*tenant.Tenant, error) {
	return s.tenantWhere(ctx, `slug = $1`, slug)
}

// Tenant finds a tenant by its id; unknown is NotFound.
func (s *Store) Tenant(ctx context.Context, id tenant.ID) (*tenant.Tenant, error) {
	return s.tenantWhere(ctx, `id = $1`, id)
}

func (s *Store) tenantWhere(ctx context.Context, where string, arg any) (*tenant.Tenant, error) {
	rows, err := s.db.Pool().Query(ctx, `select `+tenantColumns+` from tenant where `+where, arg)
	if err != nil {
		return nil, fmt.Errorf("find tenant: %w", database.Translate(err))
	}
	t, err := pgx.CollectExactlyOneRow(rows, scanTenant)
	if err != nil {
		return nil, fmt.Errorf("find tenant: %w", database.Translate(err))
	}
	return t, nil
}
