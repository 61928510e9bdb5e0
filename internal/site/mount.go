package site

import (
	"net/http"
	"strings"
)

// refuser is a mounted handler that says in its own form what the protections
// around it refuse.
type refuser interface {
	Refuse(w http.ResponseWriter, r *http.Request, err error)
}

// mounted returns the refuser below whose prefix the request's path is, or nil.
func (s *Server) mounted(r *http.Request) refuser {
	for prefix, h := range s.Mount {
		if own, ok := h.(refuser); ok && strings.HasPrefix(r.URL.Path+"/", prefix+"/") {
			return own
		}
	}
	return nil
}
