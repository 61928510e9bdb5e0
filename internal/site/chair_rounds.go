package site

import (
	"net/http"
	"time"

	"github.com/google/uuid"

	"globalbrain/internal/errs"
	"globalbrain/internal/postgres"
	"globalbrain/internal/review"
	"globalbrain/internal/tenant"
)

// roundsPage is the way into the chair's room: rounds that run, rounds that are
// done, and calls that wait for one.
type roundsPage struct {
	Base
	Rounds      []roundRow
	CallOptions []Option
}

type roundRow struct {
	URL   string
	Call  string
	State string
	Why   string
}

func (s *Server) roundsPage(r *http.Request, b Base) (roundsPage, error) {
	page := roundsPage{Base: b}
	rounds, err := s.Store.Rounds(r.Context(), s.tenant(r).ID)
	if err != nil {
		return page, err
	}
	for _, one := range rounds {
		page.Rounds = append(page.Rounds, roundRow{
			URL: b.URL("/rounds/" + one.ID.String()), Call: b.In(one.CallTitle), State: b.T("round.state_" + string(one.State)),
			Why: b.T("round.progress", one.Finals, one.Asked, b.Time(one.DueAt)),
		})
	}
	calls, err := s.Store.CallsToReview(r.Context(), s.tenant(r).ID)
	if err != nil {
		return page, err
	}
	for _, c := range calls {
		page.CallOptions = append(page.CallOptions, Option{Value: c.ID.String(), Label: b.N("round.call_option", c.Ideas, b.In(c.Title))})
	}
	return page, nil
}

// usualRound is how long reviewers are given when the form is first shown.
const usualRound = 14 * 24 * time.Hour

func (s *Server) rounds(w http.ResponseWriter, r *http.Request) error {
	b := s.base(r)
	page, err := s.roundsPage(r, b.With("due", b.Now().Add(usualRound).UTC().Format(time.DateOnly)))
	if err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, "rounds", page)
}

func (s *Server) roundOpen(w http.ResponseWriter, r *http.Request) error {
	round, err := s.openRound(r)
	if err != nil {
		if !isRefusal(err) {
			return err
		}
		page, broken := s.roundsPage(r, s.base(r).Refused(err))
		if broken != nil {
			return broken
		}
		return s.again(w, r, err, "rounds", page)
	}
	return s.redirect(w, r, s.base(r).URL("/rounds/"+round.ID.String()), "round.opened")
}

func (s *Server) openRound(r *http.Request) (review.Round, error) {
	var f errs.Fields
	call, err := uuid.Parse(r.PostFormValue("call"))
	if err != nil {
		f.Add("call", "round.call", "Choose a call.")
	}
	day, err := time.Parse(time.DateOnly, r.PostFormValue("due"))
	if err != nil {
		f.Add("due", "round.due_date", "Write the date as year-month-day.")
	}
	if err := f.Err(); err != nil {
		return review.Round{}, err
	}
	// The reviews are due when that day has ended.
	return s.Store.OpenRound(r.Context(), s.tenant(r).ID, postgres.RoundOpen{Call: call, Chair: s.person(r).ID, Due: day.AddDate(0, 0, 1)})
}

// chairNeeds tells a chair on my page which rounds wait for them.
func chairNeeds(s *Server, r *http.Request, page *mePage) error {
	if !s.person(r).May(tenant.ChairRounds) {
		return nil
	}
	ctx, t := r.Context(), s.tenant(r).ID
	calls, err := s.Store.CallsToReview(ctx, t)
	if err != nil {
		return err
	}
	for _, c := range calls {
		page.Needs = append(page.Needs, meRow{Title: page.In(c.Title), Detail: page.N("round.need_open", c.Ideas), URL: page.URL("/rounds")})
	}
	rounds, err := s.Store.Rounds(ctx, t)
	if err != nil {
		return err
	}
	for _, one := range rounds {
		if one.State != review.RoundPublished {
			page.Needs = append(page.Needs, meRow{
				Title: page.In(one.CallTitle), Detail: page.T("round.state_" + string(one.State)), URL: page.URL("/rounds/" + one.ID.String()), When: one.DueAt,
			})
		}
	}
	return nil
}
