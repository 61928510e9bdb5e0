package tenant_test

import (
	"testing"

	"globalbrain/internal/tenant"
)

func TestPermissionsAreDeniedUnlessTheTableGrantsThem(t *testing.T) {
	t.Parallel()
	for _, p := range tenant.Permissions() {
		if tenant.Allows(nil, p) {
			t.Errorf("a visitor may %s", p)
		}
	}
	if tenant.Allows(tenant.Roles, "no.such.thing") {
		t.Error("an unknown permission is granted")
	}
	cases := []struct {
		role tenant.Role
		may  []tenant.Permission
		not  []tenant.Permission
	}{
		{tenant.Member, []tenant.Permission{tenant.PostIdea, tenant.Pledge}, []tenant.Permission{tenant.ReviewIdeas, tenant.Moderate, tenant.SeeMoney}},
		{tenant.Expert, []tenant.Permission{tenant.ReviewIdeas}, []tenant.Permission{tenant.Moderate, tenant.ChairRounds}},
		{tenant.Moderator, []tenant.Permission{tenant.Moderate}, []tenant.Permission{tenant.ReviewIdeas, tenant.SeeMoney, tenant.ChairRounds}},
		{tenant.Admin, []tenant.Permission{tenant.ChairRounds, tenant.SeeMoney}, []tenant.Permission{tenant.ReviewIdeas, tenant.ManageModels}},
	}
	for _, c := range cases {
		for _, p := range c.may {
			if !tenant.Allows([]tenant.Role{c.role}, p) {
				t.Errorf("a %s may not %s", c.role, p)
			}
		}
		for _, p := range c.not {
			if tenant.Allows([]tenant.Role{c.role}, p) {
				t.Errorf("a %s may %s", c.role, p)
			}
		}
	}
}
