package account

import (
	"slices"

	"globalbrain/internal/errs"
	"globalbrain/internal/tenant"
)

// MayChangeRole reports whether somebody with the actor's roles may give or
// take the role: who manages people may change all roles below admin, and only
// an owner makes or unmakes admins and owners, so that nobody lifts themselves.
// The role member is everybody's and never changes.
func MayChangeRole(actor []tenant.Role, role tenant.Role) bool {
	switch {
	case !tenant.ValidRole(role), role == tenant.Member:
		return false
	case role == tenant.Admin, role == tenant.Owner:
		return slices.Contains(actor, tenant.Owner)
	}
	return tenant.Allows(actor, tenant.ManagePeople)
}

// GiveRole returns the roles with one more, in the table's order.
func GiveRole(actor, has []tenant.Role, role tenant.Role) ([]tenant.Role, error) {
	if !MayChangeRole(actor, role) {
		return nil, refuseRole()
	}
	if slices.Contains(has, role) {
		return has, nil
	}
	return inOrder(append(slices.Clone(has), role)), nil
}

// TakeRole returns the roles without one. The last owner stays: a tenant that
// nobody owns could never change its roles again.
func TakeRole(actor, has []tenant.Role, role tenant.Role, owners int) ([]tenant.Role, error) {
	if !MayChangeRole(actor, role) {
		return nil, refuseRole()
	}
	if role == tenant.Owner && slices.Contains(has, role) && owners <= 1 {
		return nil, errs.New(errs.Conflict, "account.last_owner", "This is the last owner. Make somebody else an owner first.")
	}
	left := slices.DeleteFunc(slices.Clone(has), func(r tenant.Role) bool { return r == role })
	return inOrder(left), nil
}

func refuseRole() error {
	return errs.New(errs.Forbidden, "account.role_forbidden", "Only an owner can give or take this role.")
}

func inOrder(roles []tenant.Role) []tenant.Role {
	list := []tenant.Role{}
	for _, r := range tenant.Roles {
		if r == tenant.Member || slices.Contains(roles, r) {
			list = append(list, r)
		}
	}
	return list
}
