package api

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/google/uuid"

	"globalbrain/internal/account"
	"globalbrain/internal/errs"
	"globalbrain/internal/middleware"
	"globalbrain/internal/tenant"
)

// caller is who asks, and in which tenant.
type caller struct {
	network string // that the request came from
	session uuid.UUID
	person  account.Person
	tenant  *tenant.Tenant // nil outside of tenants
}

type callerKey struct{}

func callerOf(ctx context.Context) caller {
	c, _ := ctx.Value(callerKey{}).(caller)
	return c
}

// identify finds the tenant in the path and the person in the bearer token. A
// token that is not good is refused at once rather than treated as nobody.
func (a *api) identify(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		// What is answered depends on who asks, and no cache between may keep it.
		w.Header().Set("Cache-Control", "private, no-cache")
		w.Header().Add("Vary", "Authorization")
		c, err := a.whoAsks(r)
		if err != nil {
			a.refuse(w, r, err)
			return
		}
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), callerKey{}, c)))
	})
}

func (a *api) whoAsks(r *http.Request) (c caller, err error) {
	ctx := r.Context()
	c.network = middleware.ClientAddress(r)
	if query, err := url.QueryUnescape(r.URL.RawQuery); err != nil || !storable(query) || !storable(r.URL.Path) {
		return c, notFound()
	}
	if rest, ok := strings.CutPrefix(r.URL.Path, "/tenants/"); ok {
		slug, _, _ := strings.Cut(rest, "/")
		if c.tenant, err = a.store.TenantBySlug(ctx, slug); err != nil {
			return c, err
		}
	}
	bearer, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !ok {
		return c, nil
	}
	ticket, ok := account.ReadTicket(bearer)
	if !ok {
		return c, errs.New(errs.Unauthenticated, "token", "This token is not good. Get a new one from POST %s/sessions.", Prefix)
	}
	session, who, err := a.store.Session(ctx, ticket)
	if err != nil {
		return c, err
	}
	c.session = session.ID
	c.person = account.Person{ID: who.ID, Name: who.Name, Email: who.Email, Locale: who.Locale, Verified: !who.VerifiedAt.IsZero()}
	if c.tenant != nil {
		err = a.addRoles(ctx, &c)
	}
	return c, err
}

// addRoles reads what the person is in the tenant; nothing yet is a future member.
func (a *api) addRoles(ctx context.Context, c *caller) error {
	m, err := a.store.Membership(ctx, c.tenant.ID, c.person.ID)
	switch {
	case errs.Is(err, errs.NotFound):
		c.person.Roles = []tenant.Role{tenant.Member}
		return nil
	case err != nil:
		return err
	}
	c.person.Roles, c.person.Organisation, c.person.Joined = m.Roles, m.Organisation, true
	return nil
}

// known refuses a visitor.
func (c caller) known() error {
	if c.person.Known() {
		return nil
	}
	return errs.New(errs.Unauthenticated, "sign_in", "Sign in first: POST %s/sessions returns a token for the Authorization header.", Prefix)
}

// need returns nil when the caller may do p. A verified visitor of the tenant
// becomes a member with the first act.
func (a *api) need(ctx context.Context, p tenant.Permission, acts bool) error {
	c := callerOf(ctx)
	if err := c.known(); err != nil {
		return err
	}
	switch {
	case !c.person.Verified:
		return unverified()
	case !c.person.May(p):
		return errs.New(errs.Forbidden, "permission", "This takes the permission %s, which you do not have here.", p)
	case acts && !c.person.Joined:
		return a.store.JoinTenant(ctx, c.tenant.ID, c.person.ID)
	}
	return nil
}

// storable reports whether a text holds nothing that no database keeps: NUL and
// broken UTF-8.
func storable(text string) bool { return utf8.ValidString(text) && !strings.ContainsRune(text, 0) }

func unverified() error {
	return errs.New(errs.Forbidden, "verify", "Prove your e-mail address first: the link is in the message that was sent to you.")
}
