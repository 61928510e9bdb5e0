package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"globalbrain/internal/database"
	"globalbrain/internal/tenant"
)

// Membership is what a person is in one tenant.
type Membership struct {
	AccountID    uuid.UUID
	Name         string
	Email        string
	Roles        []tenant.Role
	Organisation string
	JoinedAt     time.Time
}

const membershipSelect = `
	select m.account_id, a.name, a.email, m.roles, m.organisation, m.joined_at
	from membership m join account a on a.id = m.account_id `

func scanMembership(row pgx.CollectableRow) (m Membership, err error) {
	err = row.Scan(&m.AccountID, &m.Name, &m.Email, &m.Roles, &m.Organisation, &m.JoinedAt)
	return m, err
}

// Membership returns what an account is in the tenant; NotFound when nothing.
func (s *Store) Membership(ctx context.Context, id tenant.ID, accountID uuid.UUID) (Membership, error) {
	m, err := database.Row(ctx, s.db, id, scanMembership, membershipSelect+`where m.tenant_id = $1 and m.account_id = $2`, id, accountID)
	if err != nil {
		return m, fmt.Errorf("find a membership: %w", err)
	}
	return m, nil
}

type membershipKey struct {
	Name string    `json:"n"`
	ID   uuid.UUID `json:"i"`
}

// Members lists the people of a tenant by name. role narrows it to those who
// have the role; "" is everybody.
func (s *Store) Members(ctx context.Context, id tenant.ID, role tenant.Role, next string, size int) (Page[Membership], error) {
	var after membershipKey
	if _, err := readKey(next, &after); err != nil {
		return Page[Membership]{}, err
	}
	list, err := database.Rows(ctx, s.db, id, scanMembership, membershipSelect+`
		where m.tenant_id = $1 and (a.name, m.account_id) > ($2, $3) and ($4 = '' or $4 = any(m.roles))
		order by a.name, m.account_id limit $5`, id, after.Name, after.ID, role, size+1)
	if err != nil {
		return Page[Membership]{}, fmt.Errorf("list members: %w", err)
	}
	return pageOf(list, size, func(m Membership) membershipKey { return membershipKey{m.Name, m.AccountID} })
}

// RolesIn returns what an account is in each of the tenants; those that it does
// not belong to are absent. All tenants are asked in one round trip, each behind
// its own row security.
func (s *Store) RolesIn(ctx context.Context, accountID uuid.UUID, tenants []tenant.ID) (map[tenant.ID][]tenant.Role, error) {
	found := map[tenant.ID][]tenant.Role{}
	batch := &pgx.Batch{}
	for _, id := range tenants {
		batch.Queue("select set_config('app.tenant_id', $1, true)", fmt.Sprint(int64(id)))
		batch.Queue(`select roles from membership where tenant_id = $1 and account_id = $2`, id, accountID).Query(func(rows pgx.Rows) error {
			list, err := pgx.CollectRows(rows, pgx.RowTo[[]tenant.Role])
			if len(list) > 0 {
				found[id] = list[0]
			}
			return err
		})
	}
	if err := s.db.Pool().SendBatch(ctx, batch).Close(); err != nil {
		return nil, fmt.Errorf("find the places of an account: %w", database.Translate(err))
	}
	return found, nil
}
