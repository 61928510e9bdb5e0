package site

import (
	"net/http"
	"time"

	"github.com/go-chi/chi/v5"
)

// rankingHistoryPage lists every ranking that a call ever had.
type rankingHistoryPage struct {
	Base
	Call  string
	Rows  []pastRanking
	Pager pager
}

type pastRanking struct {
	URL   string
	At    time.Time
	Ideas int
}

// rankingNewest leads from a call's address to its newest ranking.
func (s *Server) rankingNewest(w http.ResponseWriter, r *http.Request) error {
	id, err := s.Store.NewestSnapshot(r.Context(), s.tenant(r).ID, chi.URLParam(r, "call"))
	if err != nil {
		return err
	}
	return s.redirect(w, r, s.base(r).URL("/ranking/"+id.String()), "")
}

func (s *Server) rankingHistory(w http.ResponseWriter, r *http.Request) error {
	ctx, t, b := r.Context(), s.tenant(r).ID, s.base(r)
	call, err := s.Store.CallBySlug(ctx, t, chi.URLParam(r, "call"))
	if err != nil {
		return err
	}
	list, err := s.Store.Snapshots(ctx, t, call.ID, r.URL.Query().Get("after"), queueLength)
	if err != nil {
		return err
	}
	page := rankingHistoryPage{Base: b, Call: b.In(call.Title), Pager: b.pager(list.Next)}
	for _, one := range list.Items {
		page.Rows = append(page.Rows, pastRanking{URL: b.URL("/ranking/" + one.ID.String()), At: one.At, Ideas: one.Ideas})
	}
	return s.render(w, r, http.StatusOK, "rankinghistory", page)
}
