package site

import (
	"net/http"

	"github.com/google/uuid"

	"globalbrain/internal/account"
	"globalbrain/internal/errs"
)

// recognise finds who is signed in by the session's cookie. A cookie that is
// worth nothing is ended, so that the browser stops sending it.
func (s *Server) recognise(w http.ResponseWriter, r *http.Request, v *visit) error {
	c, err := r.Cookie(s.cookieName("session"))
	if err != nil {
		return nil //nolint:nilerr // no cookie: a visitor
	}
	ticket, ok := account.ReadTicket(c.Value)
	if !ok {
		http.SetCookie(w, s.cookie("session", "", -1))
		return nil
	}
	session, who, err := s.Store.Session(r.Context(), ticket)
	if errs.Is(err, errs.Unauthenticated) {
		http.SetCookie(w, s.cookie("session", "", -1))
		return nil
	}
	if err != nil {
		return err
	}
	v.session = session
	v.person = account.Person{ID: who.ID, Name: who.Name, Email: who.Email, Locale: who.Locale, Verified: !who.VerifiedAt.IsZero()}
	return nil
}

// signInAs gives the browser a new session; the one before it ends.
func (s *Server) signInAs(w http.ResponseWriter, r *http.Request, accountID uuid.UUID) error {
	ticket := account.NewTicket(uuid.Must(uuid.NewV7()))
	before := s.visitOf(r).session.ID
	if err := s.Store.OpenSession(r.Context(), accountID, ticket, r.UserAgent(), before); err != nil {
		return err
	}
	http.SetCookie(w, s.cookie("session", ticket.String(), int(account.SessionAbsolute.Seconds())))
	return nil
}
