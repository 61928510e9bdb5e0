package site

import (
	"net/http"

	"globalbrain/internal/account"
	"globalbrain/internal/middleware"
	"globalbrain/internal/postgres"
)

type signUpPage struct{ Base }

// checkMailPage says that a message is on its way, in the same words whether
// or not there is an account.
type checkMailPage struct {
	Base
	Address string
	Purpose account.Purpose
}

func (s *Server) signUpForm(w http.ResponseWriter, r *http.Request) error {
	if s.person(r).Known() {
		return s.redirect(w, r, s.base(r).back(), "")
	}
	return s.render(w, r, http.StatusOK, "signup", signUpPage{s.base(r)})
}

func (s *Server) signUp(w http.ResponseWriter, r *http.Request) error {
	in := account.SignUp{
		Name: r.PostFormValue("name"), Email: r.PostFormValue("email"), Password: r.PostFormValue("password"),
		Locale: s.visitOf(r).locale.Tag(),
	}
	err := in.Check()
	if err == nil {
		err = s.mayWriteTo(r, in.Email)
	}
	if err != nil {
		return s.again(w, r, err, "signup", signUpPage{s.base(r).Refused(err)})
	}
	hash, err := s.Hasher.Hash(r.Context(), in.Password)
	if err != nil {
		return err
	}
	locale, ticket := s.visitOf(r).locale, newTicket()
	err = s.Store.SignUp(r.Context(), postgres.SignUp{
		Name: in.Name, Email: in.Email, Locale: in.Locale, PasswordHash: hash, Ticket: ticket,
		Verify: s.verifyLetter(locale, in.Email, in.Name, ticket, localPath(r.PostFormValue("next"))),
		Known:  s.knownLetter(locale, in.Email),
	})
	if err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, "checkmail", checkMailPage{s.base(r), in.Email, account.Verify})
}

// mayWriteTo counts one message that the client of r has us send to an address.
func (s *Server) mayWriteTo(r *http.Request, email string) error {
	if err := s.limits.letterFrom.Take(middleware.ClientAddress(r)); err != nil {
		return err
	}
	return s.limits.letterTo.Take(account.EmailKey(email))
}
