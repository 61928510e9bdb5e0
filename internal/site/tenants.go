package site

import (
	"cmp"
	"maps"
	"net/http"
	"slices"

	"globalbrain/internal/tenant"
)

// tenantListPage is the front door: every community and what it is about.
type tenantListPage struct {
	Base
	Tenants []*tenant.Tenant
}

func (s *Server) tenantList(w http.ResponseWriter, r *http.Request) error {
	known, err := s.tenantsInOrder(r)
	if err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, "tenants", tenantListPage{s.base(r), known})
}

func (s *Server) tenantsInOrder(r *http.Request) ([]*tenant.Tenant, error) {
	known, err := s.allTenants(r.Context())
	if err != nil {
		return nil, err
	}
	bySlug := func(a, b *tenant.Tenant) int { return cmp.Compare(a.Slug, b.Slug) }
	return slices.SortedFunc(maps.Values(known), bySlug), nil
}
