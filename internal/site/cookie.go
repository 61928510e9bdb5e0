package site

import "net/http"

// cookieName returns the full name of one of our cookies. On https the prefix
// __Host- makes browsers refuse one that another host of the domain set.
func (s *Server) cookieName(name string) string {
	if s.https {
		return "__Host-gb_" + name
	}
	return "gb_" + name
}

// cookie makes one of our cookies; age is in seconds, 0 is until the browser
// closes and below 0 ends it.
func (s *Server) cookie(name, value string, age int) *http.Cookie {
	return &http.Cookie{ //nolint:gosec // G124: Secure is off only where the site itself has no https, as in the demo
		Name: s.cookieName(name), Value: value, Path: "/", MaxAge: age,
		Secure: s.https, HttpOnly: true, SameSite: http.SameSiteLaxMode,
	}
}
