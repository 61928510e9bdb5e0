package site

import (
	"net/http"
	"net/url"

	"globalbrain/internal/account"
	"globalbrain/internal/errs"
	"globalbrain/internal/tenant"
)

// handler answers one request or says why not.
type handler func(w http.ResponseWriter, r *http.Request) error

// serve makes an http.Handler of h; what h returns ends in the one problem page.
func (s *Server) serve(h handler) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if err := h(w, r); err != nil {
			s.problem(w, r, err)
		}
	}
}

// Who may call a route, beside the permissions of the tenant package.
const (
	anyone   tenant.Permission = ""
	signedIn tenant.Permission = "signed in"
)

// may lets h run for who has the permission. A visitor signs in first and comes
// back; somebody who is not allowed is told so. With the first act in a tenant
// a person becomes its member.
func (s *Server) may(permission tenant.Permission, h handler) handler {
	if permission == anyone {
		return h
	}
	return func(w http.ResponseWriter, r *http.Request) error {
		p := s.person(r)
		switch {
		case !p.Known() && isSafe(r):
			return s.askToSignIn(w, r)
		case !p.Known():
			return s.holdForm(w, r)
		case permission != signedIn && !p.May(permission):
			return errs.New(errs.Forbidden, "forbidden", "You may not do this here.")
		}
		if !isSafe(r) && permission != signedIn {
			if err := s.join(r); err != nil {
				return err
			}
		}
		return h(w, r)
	}
}

// join makes the person a member of the tenant at hand, once.
func (s *Server) join(r *http.Request) error {
	v := s.visitOf(r)
	if v.tenant == nil || v.person.Joined || !v.person.Known() {
		return nil
	}
	if err := s.Store.JoinTenant(r.Context(), v.tenant.ID, v.person.ID); err != nil {
		return err
	}
	v.person.Joined = true
	return nil
}

func isSafe(r *http.Request) bool {
	return r.Method == http.MethodGet || r.Method == http.MethodHead
}

// askToSignIn leads to the sign-in page and back to this one.
func (s *Server) askToSignIn(w http.ResponseWriter, r *http.Request) error {
	where := "/signin?next=" + url.QueryEscape(r.URL.RequestURI())
	if r.Header.Get("HX-Request") != "" {
		w.Header().Set("HX-Redirect", where) // htmx: the whole page goes, not a part of it
		w.WriteHeader(http.StatusUnauthorized)
		return nil
	}
	http.Redirect(w, r, where, http.StatusSeeOther)
	return nil
}

// rolesOf returns what somebody may be in a tenant: a member's roles, or those of
// a new member for everybody else who is signed in.
func rolesOf(p account.Person, has []tenant.Role) []tenant.Role {
	if p.Known() && len(has) == 0 {
		return []tenant.Role{tenant.Member}
	}
	return has
}
