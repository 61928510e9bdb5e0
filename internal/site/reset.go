package site

import (
	"net/http"
	"time"

	"globalbrain/internal/account"
	"globalbrain/internal/errs"
)

type resetPage struct{ Base }

type newPasswordPage struct {
	Base
	Address string
	Ticket  string
}

func (s *Server) resetForm(w http.ResponseWriter, r *http.Request) error {
	return s.render(w, r, http.StatusOK, "reset", resetPage{s.base(r)})
}

// evenTime is how long asking for a reset takes at least: writing a letter must
// not show in the time of the answer.
const evenTime = 250 * time.Millisecond

// askReset sends a link to an address that has an account, and says the same
// about one that has none.
func (s *Server) askReset(w http.ResponseWriter, r *http.Request) error {
	over := time.After(evenTime)
	email, ok := account.CleanEmail(r.PostFormValue("email"))
	var err error
	if !ok {
		var f errs.Fields
		f.Add("email", "account.email", "Type an e-mail address such as name@example.org.")
		err = f.Err()
	} else {
		err = s.mayWriteTo(r, email)
	}
	if err != nil {
		return s.again(w, r, err, "reset", resetPage{s.base(r).Refused(err)})
	}
	who, err := s.Store.AccountByEmail(r.Context(), email)
	if err == nil {
		ticket := newTicket()
		err = s.Store.SendReset(r.Context(), who.ID, ticket, s.resetLetter(s.texts.Match(who.Locale), who.Email, who.Name, ticket))
	}
	if err != nil && !errs.Is(err, errs.NotFound) {
		return err
	}
	select {
	case <-over:
	case <-r.Context().Done():
	}
	return s.render(w, r, http.StatusOK, "checkmail", checkMailPage{s.base(r), email, account.Reset})
}

func (s *Server) newPasswordForm(w http.ResponseWriter, r *http.Request) error {
	text := r.URL.Query().Get("t")
	_, address, err := s.openReset(r, text)
	if err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, "newpassword", newPasswordPage{s.base(r), address, text})
}

func (s *Server) newPassword(w http.ResponseWriter, r *http.Request) error {
	text := r.PostFormValue("t")
	ticket, address, err := s.openReset(r, text)
	if err != nil {
		return err
	}
	password := r.PostFormValue("password")
	if err := account.CheckPassword("password", password, "", address); err != nil {
		return s.again(w, r, err, "newpassword", newPasswordPage{s.base(r).Refused(err), address, text})
	}
	hash, err := s.Hasher.Hash(r.Context(), password)
	if err != nil {
		return err
	}
	id, err := s.Store.ResetPassword(r.Context(), ticket, hash)
	if err != nil {
		return err
	}
	if err := s.signInAs(w, r, id); err != nil {
		return err
	}
	return s.redirect(w, r, "/me", "flash.password_changed")
}

func (s *Server) openReset(r *http.Request, text string) (account.Ticket, string, error) {
	t, ok := account.ReadTicket(text)
	if !ok {
		return t, "", errs.New(errs.NotFound, "account.link", "This link is no longer good. Ask for a new one.")
	}
	who, err := s.Store.TicketAccount(r.Context(), t, account.Reset)
	return t, who.Email, err
}
