package site

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
)

// flash is what an act says on the page that it leads to: a key of the locales
// and what fills its sentence. It travels in a cookie of one use; whoever makes
// one up only speaks to themselves, and only in our sentences.
type flash struct {
	Key  string   `json:"k"`
	Args []string `json:"a,omitempty"`
}

const maxFlash = 2000 // bytes of the cookie's value

func (s *Server) putFlash(w http.ResponseWriter, f flash) {
	raw, err := json.Marshal(f)
	if err != nil {
		return // strings always marshal
	}
	value := base64.RawURLEncoding.EncodeToString(raw)
	if len(value) > maxFlash {
		return
	}
	http.SetCookie(w, s.cookie("flash", value, 60))
}

// takeFlash reads the flash and ends it. A page that is only fetched in part
// leaves it for the page that follows.
func (s *Server) takeFlash(w http.ResponseWriter, r *http.Request) *flash {
	c, err := r.Cookie(s.cookieName("flash"))
	if err != nil || r.Method != http.MethodGet || r.Header.Get("HX-Request") != "" {
		return nil
	}
	http.SetCookie(w, s.cookie("flash", "", -1))
	raw, err := base64.RawURLEncoding.DecodeString(c.Value)
	if err != nil {
		return nil
	}
	var f flash
	if json.Unmarshal(raw, &f) != nil {
		return nil
	}
	return &f
}
