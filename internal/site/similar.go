package site

import (
	"net/http"

	"globalbrain/internal/idea"
	"globalbrain/internal/scoring"
)

// similar lists public ideas of the tenant that are like a draft.
func (s *Server) similar(*http.Request, idea.Idea, scoring.Score) ([]similarLine, error) {
	return nil, nil
}
