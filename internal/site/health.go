package site

import (
	"io"
	"net/http"

	"globalbrain/internal/errs"
)

// alive says that the process answers.
func (s *Server) alive(w http.ResponseWriter, _ *http.Request) error {
	_, err := io.WriteString(w, "ok\n")
	return err
}

// ready says that the process can do its work: the database answers.
func (s *Server) ready(w http.ResponseWriter, r *http.Request) error {
	if err := s.Store.Ping(r.Context()); err != nil {
		return errs.Wrap(err, errs.Unavailable, "database", "The database cannot be reached. Please try again in a moment.")
	}
	_, err := io.WriteString(w, "ready\n")
	return err
}
