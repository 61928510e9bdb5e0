package site

import (
	"context"
	"net/http"
	"sync"
	"time"

	"github.com/go-chi/chi/v5"

	"globalbrain/internal/errs"
	"globalbrain/internal/tenant"
)

// tenantCache keeps tenants for a moment: every page needs one, and they change
// by an operator's hand only.
type tenantCache struct {
	mu     sync.Mutex
	bySlug map[string]*tenant.Tenant
	until  time.Time
}

const tenantsKept = 10 * time.Second

// tenantBySlug finds a tenant, in the cache or the store; unknown is NotFound.
func (s *Server) tenantBySlug(ctx context.Context, slug string) (*tenant.Tenant, error) {
	list, err := s.allTenants(ctx)
	if err != nil {
		return nil, err
	}
	t := list[slug]
	if t == nil {
		return nil, errs.New(errs.NotFound, "not_found", "This was not found.")
	}
	return t, nil
}

func (s *Server) allTenants(ctx context.Context) (map[string]*tenant.Tenant, error) {
	c := s.tenants
	c.mu.Lock()
	defer c.mu.Unlock()
	if now := s.Now(); c.bySlug == nil || now.After(c.until) {
		list, err := s.Store.Tenants(ctx)
		if err != nil {
			return nil, err
		}
		c.bySlug = make(map[string]*tenant.Tenant, len(list))
		for _, t := range list {
			c.bySlug[t.Slug] = t
		}
		c.until = now.Add(tenantsKept)
	}
	return c.bySlug, nil
}

// enter finds the tenant of the path, and what the person is in it.
func (s *Server) enter(next http.Handler) http.Handler {
	return s.serve(func(w http.ResponseWriter, r *http.Request) error {
		t, err := s.tenantBySlug(r.Context(), chi.URLParam(r, "tenant"))
		if err != nil {
			return err
		}
		v := s.visitOf(r)
		v.tenant = t
		if v.person.Known() {
			m, err := s.Store.Membership(r.Context(), t.ID, v.person.ID)
			if err != nil && !errs.Is(err, errs.NotFound) {
				return err
			}
			v.person.Joined = err == nil
			v.person.Roles = rolesOf(v.person, m.Roles)
			v.person.Organisation = m.Organisation
		}
		next.ServeHTTP(w, r)
		return nil
	})
}
