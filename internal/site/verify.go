package site

import (
	"net/http"
	"strings"

	"globalbrain/internal/account"
	"globalbrain/internal/errs"
	"globalbrain/internal/postgres"
)

// verifyPage asks for the password once more: the link proves the mailbox, the
// password proves that the same person signed up. Without it, whoever signs up
// with a stranger's address gets in when the stranger follows the link.
type verifyPage struct {
	Base
	Address string
	Ticket  string
	Next    string
}

func (s *Server) openVerify(r *http.Request, ticket string) (account.Ticket, postgres.Credentials, error) {
	t, ok := account.ReadTicket(ticket)
	if !ok {
		return t, postgres.Credentials{}, errs.New(errs.NotFound, "account.link", "This link is no longer good. Ask for a new one.")
	}
	who, err := s.Store.TicketAccount(r.Context(), t, account.Verify)
	return t, who, err
}

func (s *Server) verifyForm(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	_, who, err := s.openVerify(r, q.Get("t"))
	if err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, "verify", verifyPage{s.base(r), who.Email, q.Get("t"), localPath(q.Get("next"))})
}

func (s *Server) verify(w http.ResponseWriter, r *http.Request) error {
	ticket, next := r.PostFormValue("t"), localPath(r.PostFormValue("next"))
	t, who, err := s.openVerify(r, ticket)
	if err != nil {
		return err
	}
	if _, err := s.checkPassword(r, who.Email, r.PostFormValue("password")); err != nil {
		return s.again(w, r, err, "verify", verifyPage{s.base(r).Refused(err), who.Email, ticket, next})
	}
	id, err := s.Store.VerifyEmail(r.Context(), t)
	if err != nil {
		return err
	}
	if err := s.signInAs(w, r, id); err != nil {
		return err
	}
	if err := s.joinByPath(r, next, who.Account); err != nil {
		return err
	}
	if next == "" {
		next = "/me"
	}
	return s.redirect(w, r, next, "flash.verified", who.Name)
}

// joinByPath makes a person who came from a tenant its member.
func (s *Server) joinByPath(r *http.Request, path string, who account.Account) error {
	rest, inTenant := strings.CutPrefix(path, "/t/")
	if !inTenant {
		return nil
	}
	slug, _, _ := strings.Cut(rest, "/")
	t, err := s.tenantBySlug(r.Context(), slug)
	if errs.Is(err, errs.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	return s.Store.JoinTenant(r.Context(), t.ID, who.ID)
}
