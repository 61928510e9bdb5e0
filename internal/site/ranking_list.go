package site

import (
	"net/http"
	"time"

	"globalbrain/internal/ranking"
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

func (s *Server) rankings(w http.ResponseWriter, r *http.Request) error {
	calls, err := s.Store.RankedCalls(r.Context(), s.tenant(r).ID)
	if err != nil {
		return err
	}
	b := s.base(r)
	page := rankingsPage{Base: b, Weights: ranking.DefaultWeights, Measured: ranking.Measured, Card: s.modelCard(r)}
	for _, c := range calls {
		page.Rows = append(page.Rows, rankedCallRow{Title: b.In(c.Title), URL: b.URL("/ranking/" + c.Snapshot.String()), Ideas: c.Ideas, At: c.At})
	}
	return s.render(w, r, http.StatusOK, "rankings", page)
}
