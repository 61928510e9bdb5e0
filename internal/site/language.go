package site

import (
	"net/http"

	"globalbrain/internal/account"
	"globalbrain/internal/errs"
	"globalbrain/internal/text"
)

const languageAge = 365 * 24 * 60 * 60 // seconds

// chooseLocale takes what this browser asked for on the site, then what the
// person's account says, then what the browser says.
func (s *Server) chooseLocale(r *http.Request, p account.Person) *text.Locale {
	chosen := ""
	if c, err := r.Cookie(s.cookieName("language")); err == nil && s.texts.In(c.Value) != nil {
		chosen = c.Value
	}
	return s.texts.Match(chosen, p.Locale, r.Header.Get("Accept-Language"))
}

// setLanguage switches the language of the interface and comes back.
func (s *Server) setLanguage(w http.ResponseWriter, r *http.Request) error {
	tag := r.PostFormValue("language")
	if s.texts.In(tag) == nil {
		return errs.New(errs.Invalid, "language", "This language is not spoken here.")
	}
	if p := s.person(r); p.Known() {
		if err := s.Store.SetLocale(r.Context(), p.ID, tag); err != nil {
			return err
		}
	}
	http.SetCookie(w, s.cookie("language", tag, languageAge))
	next := localPath(r.PostFormValue("next"))
	if next == "" {
		next = "/"
	}
	return s.redirect(w, r, next, "")
}
