package site

import (
	"net/http"
	"strings"
	"time"

	"globalbrain/internal/ranking"
	"globalbrain/internal/scoring"
)

// rankingsPage lists every call's ranking and explains how rankings are made.
type rankingsPage struct {
	Base
	Rows     []rankedCallRow
	Weights  ranking.Weights
	Measured []ranking.Figure
	Card     modelCard
}

type rankedCallRow struct {
	Title string
	URL   string
	Ideas int
	At    time.Time
}

// modelCard is what everybody may know of the model that is served; without a
// model Name is empty.
type modelCard struct {
	Name      string
	Base      string
	Licence   string
	Languages string // those it was trained on, in the reader's words
}

func (s *Server) rankings(w http.ResponseWriter, r *http.Request) error {
	calls, err := s.Store.RankedCalls(r.Context(), s.tenant(r).ID)
	if err != nil {
		return err
	}
	b := s.base(r)
	page := rankingsPage{Base: b, Weights: ranking.DefaultWeights, Measured: ranking.Measured, Card: s.modelCard(b)}
	for _, c := range calls {
		page.Rows = append(page.Rows, rankedCallRow{Title: b.In(c.Title), URL: b.URL("/ranking/" + c.Snapshot.String()), Ideas: c.Ideas, At: c.At})
	}
	return s.render(w, r, http.StatusOK, "rankings", page)
}

// modelCard asks the model that is served about itself.
func (s *Server) modelCard(b Base) modelCard {
	served, ok := s.Coach.(interface{ Manifest() *scoring.Manifest })
	if !ok {
		return modelCard{}
	}
	m := served.Manifest()
	var names []string
	for _, code := range m.Languages {
		names = append(names, languageName(b, code))
	}
	return modelCard{Name: m.Title(), Base: m.Base, Licence: m.Licence, Languages: strings.Join(names, ", ")}
}
