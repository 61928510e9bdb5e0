package site

import (
	"net/http"
	"time"

	"github.com/google/uuid"

	"globalbrain/internal/money"
	"globalbrain/internal/pledge"
	"globalbrain/internal/postgres"
)

// pledgeView is one pledge as its backer sees it.
type pledgeView struct {
	Base
	ID        uuid.UUID
	Pledged   money.Amount
	State     pledge.State
	Confirmed bool
}

// pledgeShowPage says where a pledge stands and what happens next.
type pledgeShowPage struct {
	Base
	ID          string
	Idea        ideaTitle
	Pledged     money.Amount
	Reward      string
	Anonymous   bool
	State       pledge.State
	WhatNext    string
	Failure     string // why the last charge failed
	Made        time.Time
	MayContinue bool
	MayMend     bool
	MayCancel   bool
}

func (s *Server) pledgeShowPage(r *http.Request) (pledgeShowPage, error) {
	l, err := s.ownPledge(r)
	if err != nil {
		return pledgeShowPage{}, err
	}
	c, err := s.Store.Campaign(r.Context(), s.tenant(r).ID, l.Campaign)
	if err != nil {
		return pledgeShowPage{}, err
	}
	b := s.base(r)
	page := pledgeShowPage{
		Base: b, ID: l.ID.String(), Idea: ideaTitle{l.Idea.String(), l.Title}, Pledged: l.Amount, Reward: l.RewardTitle, Anonymous: l.Anonymous,
		State: l.State, WhatNext: pledgeNext(b, l), Made: l.CreatedAt,
		MayContinue: l.State.Unconfirmed() && c.TakesPledges(b.Now()) == nil,
		MayMend:     l.State.Mendable() && b.Now().Before(c.CollectUntil),
		// In the last stretch the sum decides, when the backer asks.
		MayCancel: l.MayCancel(c, b.Now(), 0, money.Amount{Currency: l.Amount.Currency}) == nil,
	}
	if l.State.Mendable() {
		page.Failure = chargeProblem(b, l.ChargeCode)
	}
	return page, nil
}

func (s *Server) pledgeShow(w http.ResponseWriter, r *http.Request) error {
	page, err := s.pledgeShowPage(r)
	if err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, "pledgeshow", page)
}

// pledgeCancel takes a pledge back. A refusal is said on the pledge's own page.
func (s *Server) pledgeCancel(w http.ResponseWriter, r *http.Request) error {
	l, err := s.ownPledge(r)
	if err != nil {
		return err
	}
	if _, err := s.Store.CancelPledge(r.Context(), s.tenant(r).ID, l.ID, s.person(r).ID); err != nil {
		page, pageErr := s.pledgeShowPage(r)
		if pageErr != nil {
			return pageErr
		}
		page.Base = page.Refused(err)
		return s.again(w, r, err, "pledgeshow", page)
	}
	return s.redirect(w, r, s.base(r).URL("/pledges/"+l.ID.String()), "flash.pledge_cancelled")
}

// pledgesPage lists a person's pledges in the tenant.
type pledgesPage struct {
	Base
	Rows  []meRow
	Pager pager
}

func (s *Server) pledges(w http.ResponseWriter, r *http.Request) error {
	b := s.base(r)
	list, err := s.Store.PledgesOf(r.Context(), s.tenant(r).ID, s.person(r).ID, r.URL.Query().Get("after"), shownPledges)
	if err != nil {
		return err
	}
	page := pledgesPage{Base: b, Pager: b.pager(list.Next)}
	for _, l := range list.Items {
		page.Rows = append(page.Rows, myPledge(b, l))
	}
	return s.render(w, r, http.StatusOK, "pledges", page)
}

// myPledge is a pledge in a list of one's own.
func myPledge(b Base, l postgres.PledgeLine) meRow {
	return meRow{
		Title:  l.Title,
		Detail: b.T("pledge.row", b.Amount(l.Amount), b.T("pledge.state_"+string(l.State)), pledgeNext(b, l)),
		URL:    b.URL("/pledges/" + l.ID.String()),
		When:   l.CreatedAt,
	}
}
