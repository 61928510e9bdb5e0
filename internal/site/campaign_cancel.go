package site

import (
	"net/http"
	"strings"

	"globalbrain/internal/errs"
)

// campaignCancelPage asks before a live campaign is called off for good.
type campaignCancelPage struct {
	Base
	ID     string
	Idea   ideaTitle
	People int // who have pledged
}

func (s *Server) campaignCancelPage(r *http.Request) (campaignCancelPage, error) {
	c, err := s.campaignOf(r)
	if err == nil {
		err = c.MayCancel(s.person(r).ID, s.mayRunCampaigns(r))
	}
	if err != nil {
		return campaignCancelPage{}, err
	}
	v, err := s.Store.Idea(r.Context(), s.tenant(r).ID, c.Idea)
	if err != nil {
		return campaignCancelPage{}, err
	}
	totals, err := s.Store.Totals(r.Context(), s.tenant(r).ID, c.ID)
	return campaignCancelPage{Base: s.base(r), ID: c.ID.String(), Idea: ideaTitle{c.Idea.String(), v.Said.Title}, People: totals.Backers}, err
}

func (s *Server) campaignCancelForm(w http.ResponseWriter, r *http.Request) error {
	page, err := s.campaignCancelPage(r)
	if err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, "campaigncancel", page)
}

// maxReason bounds the words with which a campaign is called off, in characters.
const maxReason = 500

func (s *Server) campaignCancel(w http.ResponseWriter, r *http.Request) error {
	page, err := s.campaignCancelPage(r)
	if err != nil {
		return err
	}
	reason := strings.TrimSpace(r.PostFormValue("reason"))
	var f errs.Fields
	if n := len([]rune(reason)); n == 0 || n > maxReason {
		f.Add("reason", "campaign.reason", "Say why, in at most %d characters.", maxReason)
	}
	if err = f.Err(); err == nil {
		id, _ := pathID(r, "campaign") // campaignCancelPage has read it
		err = s.Store.CancelCampaign(r.Context(), s.tenant(r).ID, id, s.person(r).ID, s.mayRunCampaigns(r), reason)
	}
	if err != nil {
		page.Base = page.Refused(err)
		return s.again(w, r, err, "campaigncancel", page)
	}
	return s.redirect(w, r, page.URL("/ideas/"+page.Idea.ID), "flash.campaign_cancelled")
}
