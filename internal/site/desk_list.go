package site

import (
	"net/http"
	"time"

	"globalbrain/internal/postgres"
	"globalbrain/internal/review"
	"globalbrain/internal/tenant"
)

// deskPage is a reviewer's desk: what is next, what is due, what is done.
type deskPage struct {
	Base
	Next *deskRow
	Open []deskRow
	Done []deskRow
}

type deskRow struct {
	URL   string
	Title string
	Call  string
	State string
	Why   string
	Due   time.Time
	Late  bool
}

func (s *Server) desk(w http.ResponseWriter, r *http.Request) error {
	list, err := s.Store.Desk(r.Context(), s.tenant(r).ID, s.person(r).ID)
	if err != nil {
		return err
	}
	page := deskPage{Base: s.base(r)}
	for _, item := range list {
		row := page.row(item)
		switch {
		case waits(item):
			page.Open = append(page.Open, row)
		case item.Assignment.State == review.Finalised:
			page.Done = append(page.Done, row)
		}
	}
	if len(page.Open) > 0 {
		page.Next = &page.Open[0]
	}
	return s.render(w, r, http.StatusOK, "desk", page)
}

// waits reports whether an assignment still needs its reviewer.
func waits(item postgres.DeskItem) bool {
	return item.Assignment.State.Pending() && item.RoundState == review.RoundOpen
}

func (b Base) row(item postgres.DeskItem) deskRow {
	a := item.Assignment
	row := deskRow{
		URL: b.URL("/desk/" + a.ID.String()), Title: item.Title, Call: b.In(item.Call), Due: a.DueAt, Late: b.Now().After(a.DueAt),
		State: b.T("assignment." + string(a.State)),
	}
	switch a.State {
	case review.Invited:
		row.Why = b.T("desk.answer_by", b.Time(a.InvitedAt.Add(review.InvitationLasts)))
	case review.Accepted, review.InProgress:
		row.Why = b.T("desk.progress", item.Answered, len(review.Rubric), b.Time(a.DueAt))
	}
	return row
}

// deskNeeds tells a reviewer on my page what waits, and lists what is done.
func deskNeeds(s *Server, r *http.Request, page *mePage) error {
	if !s.person(r).May(tenant.ReviewIdeas) {
		return nil
	}
	list, err := s.Store.Desk(r.Context(), s.tenant(r).ID, s.person(r).ID)
	if err != nil {
		return err
	}
	section := meSection{Title: page.T("desk.title"), Empty: page.T("desk.empty"), Action: meLink{Label: page.T("desk.open"), URL: page.URL("/desk")}}
	for _, item := range list {
		row := page.row(item)
		mine := meRow{Title: row.Title, Detail: row.State, URL: row.URL, When: row.Due}
		if waits(item) {
			mine.Detail = row.State + " · " + row.Why
			page.Needs = append(page.Needs, mine)
		}
		section.Rows = append(section.Rows, mine)
	}
	page.Sections = append(page.Sections, section)
	return nil
}
