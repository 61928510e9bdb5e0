package site

import (
	"net/http"
	"time"

	"globalbrain/internal/campaign"
	"globalbrain/internal/money"
)

// campaignLaunchPage asks before a campaign starts: its terms cannot be changed
// afterwards.
type campaignLaunchPage struct {
	Base
	ID       string
	Idea     ideaTitle
	Goal     money.Amount
	Length   string
	Deadline time.Time // if it starts now
	Rewards  []campaign.Reward
}

func (s *Server) campaignLaunchPage(r *http.Request) (campaignLaunchPage, error) {
	c, err := s.ownCampaign(r)
	if err != nil {
		return campaignLaunchPage{}, err
	}
	v, err := s.Store.Idea(r.Context(), s.tenant(r).ID, c.Idea)
	b := s.base(r)
	page := campaignLaunchPage{
		Base: b, ID: c.ID.String(), Idea: ideaTitle{c.Idea.String(), v.Said.Title}, Goal: c.Goal, Length: length(b, c.Duration), Rewards: c.Rewards,
	}
	if err != nil {
		return page, err
	}
	page.Deadline, err = c.Launch(s.person(r).ID, b.Now(), s.tenant(r).Policy)
	return page, err
}

func (s *Server) campaignLaunchForm(w http.ResponseWriter, r *http.Request) error {
	page, err := s.campaignLaunchPage(r)
	if err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, "campaignlaunch", page)
}

func (s *Server) campaignLaunch(w http.ResponseWriter, r *http.Request) error {
	page, err := s.campaignLaunchPage(r)
	if err != nil {
		return err
	}
	id, err := pathID(r, "campaign")
	if err != nil {
		return err
	}
	if _, err := s.Store.LaunchCampaign(r.Context(), s.tenant(r).ID, id, s.person(r).ID); err != nil {
		page.Base = page.Refused(err)
		return s.again(w, r, err, "campaignlaunch", page)
	}
	return s.redirect(w, r, page.URL("/ideas/"+page.Idea.ID), "flash.campaign_launched")
}
