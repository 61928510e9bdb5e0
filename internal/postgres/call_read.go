package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"globalbrain/internal/database"
	"globalbrain/internal/idea"
	"globalbrain/internal/tenant"
)

const callColumns = `c.id, c.slug, c.title, c.brief, c.opens_at, c.closes_at, c.created_at`

func scanCall(row pgx.CollectableRow) (c idea.Call, err error) {
	var closes *time.Time
	err = row.Scan(&c.ID, &c.Slug, &c.Title, &c.Brief, &c.OpensAt, &closes, &c.CreatedAt)
	c.ClosesAt = orZero(closes)
	return c, err
}

// Calls lists a tenant's calls, the newest first. There are few, so this list
// has no pages.
func (s *Store) Calls(ctx context.Context, id tenant.ID) ([]idea.Call, error) {
	list, err := database.Rows(ctx, s.db, id, scanCall, `select `+callColumns+` from call c where c.tenant_id = $1 order by c.opens_at desc, c.id desc`, id)
	if err != nil {
		return nil, fmt.Errorf("list calls: %w", err)
	}
	return list, nil
}

// Call finds a call by its id; unknown is NotFound.
func (s *Store) Call(ctx context.Context, id tenant.ID, callID uuid.UUID) (idea.Call, error) {
	return s.callWhere(ctx, id, `c.id = $2`, callID)
}

// CallBySlug finds a call by the part of its address; unknown is NotFound.
func (s *Store) CallBySlug(ctx context.Context, id tenant.ID, slug string) (idea.Call, error) {
	return s.callWhere(ctx, id, `c.slug = $2`, slug)
}

func (s *Store) callWhere(ctx context.Context, id tenant.ID, where string, arg any) (idea.Call, error) {
	c, err := database.Row(ctx, s.db, id, scanCall, `select `+callColumns+` from call c where c.tenant_id = $1 and `+where, id, arg)
	if err != nil {
		return c, fmt.Errorf("find a call: %w", err)
	}
	return c, nil
}
