package site

import "net/http"

// signOut ends the session here and in the browser.
func (s *Server) signOut(w http.ResponseWriter, r *http.Request) error {
	if v := s.visitOf(r); v.person.Known() {
		if err := s.Store.CloseSession(r.Context(), v.session.ID); err != nil {
			return err
		}
	}
	http.SetCookie(w, s.cookie("session", "", -1))
	return s.redirect(w, r, "/", "flash.signed_out")
}
