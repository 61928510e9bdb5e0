package postgres

import (
	"context"
	"fmt"
	"slices"
	"unicode/utf8"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"globalbrain/internal/account"
	"globalbrain/internal/audit"
	"globalbrain/internal/errs"
	"globalbrain/internal/tenant"
)

// GrantRole gives a member one more role, by right of the actor's own roles.
func (s *Store) GrantRole(ctx context.Context, id tenant.ID, actor, member uuid.UUID, role tenant.Role) error {
	return s.changeRoles(ctx, id, actor, member, "role.grant", role, func(actors, has []tenant.Role, _ int) ([]tenant.Role, error) {
		return account.GiveRole(actors, has, role)
	})
}

// TakeRole takes a role from a member, by right of the actor's own roles. The
// last owner keeps theirs.
func (s *Store) TakeRole(ctx context.Context, id tenant.ID, actor, member uuid.UUID, role tenant.Role) error {
	return s.changeRoles(ctx, id, actor, member, "role.take", role, func(actors, has []tenant.Role, owners int) ([]tenant.Role, error) {
		return account.TakeRole(actors, has, role, owners)
	})
}

func (s *Store) changeRoles(ctx context.Context, id tenant.ID, actor, member uuid.UUID, action string, role tenant.Role,
	decide func(actor, has []tenant.Role, owners int) ([]tenant.Role, error)) error {
	err := s.db.InTenant(ctx, id, func(ctx context.Context, tx pgx.Tx) error {
		roles, owners, err := lockRoles(ctx, tx, id, actor, member)
		if err != nil {
			return err
		}
		has, isMember := roles[member]
		if !isMember {
			return errs.New(errs.NotFound, "account.not_member", "This person is not a member.")
		}
		will, err := decide(roles[actor], has, owners)
		if err != nil || slices.Equal(will, has) {
			return err
		}
		_, err = tx.Exec(ctx, `update membership set roles = $3 where tenant_id = $1 and account_id = $2`, id, member, will)
		if err != nil {
			return err
		}
		return record(ctx, tx, id, audit.Event{Actor: actor, Action: action, SubjectKind: "account", SubjectID: member, Detail: map[string]any{"role": role}})
	})
	if err != nil {
		return fmt.Errorf("%s %s: %w", action, role, err)
	}
	return nil
}

// lockRoles locks the memberships of the two people and of every owner, always
// in the same order, and returns their roles and the number of owners: two
// owners who remove each other at once cannot both succeed.
func lockRoles(ctx context.Context, tx pgx.Tx, id tenant.ID, actor, member uuid.UUID) (map[uuid.UUID][]tenant.Role, int, error) {
	rows, err := tx.Query(ctx, `
		select account_id, roles from membership
		where tenant_id = $1 and (account_id in ($2, $3) or 'owner' = any(roles)) order by account_id for update`, id, actor, member)
	if err != nil {
		return nil, 0, err
	}
	roles := map[uuid.UUID][]tenant.Role{}
	owners := 0
	var who uuid.UUID
	var has []tenant.Role
	_, err = pgx.ForEachRow(rows, []any{&who, &has}, func() error {
		roles[who] = slices.Clone(has)
		if slices.Contains(has, tenant.Owner) {
			owners++
		}
		return nil
	})
	return roles, owners, err
}

// maxOrganisation is the longest name of an organisation in characters.
const maxOrganisation = 120

// SetOrganisation says which organisation a member belongs to. Who manages
// people sets it, because reviews count by distinct organisations.
func (s *Store) SetOrganisation(ctx context.Context, id tenant.ID, actor, member uuid.UUID, name string) error {
	name = account.CleanName(name)
	if utf8.RuneCountInString(name) > maxOrganisation {
		var f errs.Fields
		f.Add("organisation", "account.organisation_long", "An organisation's name has at most %d characters.", maxOrganisation)
		return f.Err()
	}
	err := s.db.InTenant(ctx, id, func(ctx context.Context, tx pgx.Tx) error {
		roles, _, err := lockRoles(ctx, tx, id, actor, member)
		if err != nil {
			return err
		}
		if !tenant.Allows(roles[actor], tenant.ManagePeople) {
			return errs.New(errs.Forbidden, "forbidden", "You may not do this here.")
		}
		done, err := tx.Exec(ctx, `update membership set organisation = $3 where tenant_id = $1 and account_id = $2`, id, member, name)
		if err != nil {
			return err
		}
		if done.RowsAffected() == 0 {
			return errs.New(errs.NotFound, "account.not_member", "This person is not a member.")
		}
		return record(ctx, tx, id, audit.Event{Actor: actor, Action: "membership.organisation", SubjectKind: "account", SubjectID: member})
	})
	if err != nil {
		return fmt.Errorf("set an organisation: %w", err)
	}
	return nil
}
