package site

import (
	"context"
	"net/http"
	"time"

	"globalbrain/internal/account"
	"globalbrain/internal/tenant"
	"globalbrain/internal/text"
)

// visit is what is known about one request beside its content.
type visit struct {
	now     time.Time
	locale  *text.Locale
	session account.Session
	person  account.Person
	tenant  *tenant.Tenant
	flash   *flash
}

type visitKey struct{}

// open starts a visit: who is signed in, which language, what to say first.
func (s *Server) open(next http.Handler) http.Handler {
	return s.serve(func(w http.ResponseWriter, r *http.Request) error {
		v := &visit{now: s.Now()}
		r = r.WithContext(context.WithValue(r.Context(), visitKey{}, v))
		if err := s.recognise(w, r, v); err != nil {
			return err
		}
		v.locale = s.chooseLocale(r, v.person)
		v.flash = s.takeFlash(w, r)
		w.Header().Add("Vary", "Cookie")
		w.Header().Add("Vary", "Accept-Language")
		w.Header().Set("Cache-Control", "private, no-cache")
		next.ServeHTTP(w, r)
		return nil
	})
}

// visitOf returns the request's visit. A request that failed before it had one
// gets one of its own, so that its problem page speaks the right language.
func (s *Server) visitOf(r *http.Request) *visit {
	v, ok := r.Context().Value(visitKey{}).(*visit)
	if !ok {
		v = &visit{now: s.Now()}
	}
	if v.locale == nil {
		v.locale = s.chooseLocale(r, v.person)
	}
	return v
}

// person returns who is signed in, with the roles in the tenant at hand; the
// zero Person is a visitor.
func (s *Server) person(r *http.Request) account.Person { return s.visitOf(r).person }

// tenant returns the tenant of the request's path; nil outside of tenants.
func (s *Server) tenant(r *http.Request) *tenant.Tenant { return s.visitOf(r).tenant }
