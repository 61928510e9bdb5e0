package site

import (
	"net/http"

	"globalbrain/internal/account"
	"globalbrain/internal/errs"
	"globalbrain/internal/middleware"
	"globalbrain/internal/postgres"
)

type signInPage struct{ Base }

func (s *Server) signInForm(w http.ResponseWriter, r *http.Request) error {
	if s.person(r).Known() {
		return s.redirect(w, r, s.base(r).back(), "")
	}
	return s.render(w, r, http.StatusOK, "signin", signInPage{s.base(r)})
}

func (s *Server) signIn(w http.ResponseWriter, r *http.Request) error {
	who, err := s.checkPassword(r, r.PostFormValue("email"), r.PostFormValue("password"))
	if err != nil {
		return s.again(w, r, err, "signin", signInPage{s.base(r).Refused(err)})
	}
	next := localPath(r.PostFormValue("next"))
	if who.VerifiedAt.IsZero() {
		return s.verifyFirst(w, r, who, next)
	}
	if err := s.signInAs(w, r, who.ID); err != nil {
		return err
	}
	if next == "" {
		next = "/me"
	}
	return s.redirect(w, r, next, "")
}

// verifyFirst sends a new link to who knows the password but never proved the
// address: nobody is signed in before.
func (s *Server) verifyFirst(w http.ResponseWriter, r *http.Request, who postgres.Credentials, next string) error {
	if err := s.mayWriteTo(r, who.Email); err != nil {
		return s.again(w, r, err, "signin", signInPage{s.base(r).Refused(err)})
	}
	ticket := newTicket()
	l := s.verifyLetter(s.visitOf(r).locale, who.Email, who.Name, ticket, next)
	if err := s.Store.SendVerification(r.Context(), who.ID, ticket, l); err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, "checkmail", checkMailPage{s.base(r), who.Email, account.Verify})
}

// checkPassword returns the account with this address and password. A wrong
// password and an unknown address give the same answer after the same work.
func (s *Server) checkPassword(r *http.Request, email, password string) (postgres.Credentials, error) {
	if err := s.limits.signInFrom.Take(middleware.ClientAddress(r)); err != nil {
		return postgres.Credentials{}, err
	}
	if err := s.limits.signInTo.Take(account.EmailKey(email)); err != nil {
		return postgres.Credentials{}, err
	}
	who, err := s.Store.AccountByEmail(r.Context(), email)
	if err != nil && !errs.Is(err, errs.NotFound) {
		return postgres.Credentials{}, err
	}
	ok, err := s.Hasher.Matches(r.Context(), who.PasswordHash, password)
	if err != nil {
		return postgres.Credentials{}, err
	}
	if !ok {
		return postgres.Credentials{}, errs.New(errs.Unauthenticated, "account.credentials", "The e-mail address or the password is not right.")
	}
	return who, nil
}
