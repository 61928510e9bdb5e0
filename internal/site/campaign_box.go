package site

import (
	"net/http"
	"time"

	"github.com/google/uuid"

	"globalbrain/internal/campaign"
	"globalbrain/internal/errs"
	"globalbrain/internal/idea"
	"globalbrain/internal/money"
	"globalbrain/internal/postgres"
)

// campaignBox is an idea's campaign on the idea's page: how far it has come,
// until when, the rewards, and the pledge form.
type campaignBox struct {
	Base
	ID       uuid.UUID
	State    campaign.State
	Goal     money.Amount
	Totals   postgres.Totals
	Percent  int
	Shown    int // the length of the bar, at most 100
	Curve    *curve
	Deadline time.Time
	Live     bool
	Stepper  stepper
	Rewards  []rewardView
	Mine     *pledgeView // the reader's open pledge
	Form     *pledgeForm // nil: the reader cannot pledge here
	Why      string      // why not
}

// rewardView is a reward and how many of it are left.
type rewardView struct {
	campaign.Reward
	Left int // of a limited one
	Gone bool
}

// campaignPart puts the campaign on the page of its idea, and the way to one on
// the founder's page of a shortlisted idea.
func campaignPart(s *Server, r *http.Request, v postgres.IdeaView, page *ideaPage) error {
	c, err := s.Store.CampaignOfIdea(r.Context(), s.tenant(r).ID, v.ID)
	mine := v.Founder == s.person(r).ID
	switch {
	case errs.Is(err, errs.NotFound) && mine && v.State == idea.Shortlisted:
		page.Actions = append(page.Actions, meLink{page.T("campaign.plan"), page.URL("/ideas/" + v.ID.String() + "/campaign")})
		return nil
	case errs.Is(err, errs.NotFound):
		return nil
	case err != nil:
		return err
	}
	if mine {
		page.Actions = append(page.Actions, founderLinks(page.Base, c)...)
	} else if s.mayRunCampaigns(r) && c.State.Public() {
		page.Actions = append(page.Actions, meLink{page.T("campaign.money"), page.URL("/campaigns/" + c.ID.String() + "/money")})
	}
	if !c.State.Public() {
		return nil
	}
	onCampaign(&page.Stepper)
	box, err := s.campaignBox(r, c)
	if err != nil {
		return err
	}
	html, err := s.block("campaignbox", box)
	page.Blocks = append(page.Blocks, html)
	return err
}

// onCampaign moves the stepper of an idea to its last step, the campaign; the
// box says where that stands.
func onCampaign(st *stepper) {
	for i := range st.Steps {
		st.Steps[i].State, st.Steps[i].Detail = "done", ""
	}
	st.Steps[len(st.Steps)-1].State = "now"
}

func founderLinks(b Base, c campaign.Campaign) []meLink {
	path := "/campaigns/" + c.ID.String()
	switch c.State {
	case campaign.Draft:
		return []meLink{{b.T("campaign.plan_go_on"), b.URL("/ideas/" + c.Idea.String() + "/campaign")}, {b.T("campaign.launch"), b.URL(path + "/launch")}}
	case campaign.Failed, campaign.Cancelled:
		return []meLink{{b.T("campaign.money"), b.URL(path + "/money")}, {b.T("campaign.plan_again"), b.URL("/ideas/" + c.Idea.String() + "/campaign")}}
	}
	return []meLink{{b.T("campaign.money"), b.URL(path + "/money")}}
}

// campaignBox fills the box for whoever reads the page.
func (s *Server) campaignBox(r *http.Request, c campaign.Campaign) (campaignBox, error) {
	ctx, t, b := r.Context(), s.tenant(r), s.base(r)
	totals, err := s.Store.Totals(ctx, t.ID, c.ID)
	if err != nil {
		return campaignBox{}, err
	}
	box := campaignBox{
		Base: b, ID: c.ID, State: c.State, Goal: c.Goal, Totals: totals, Percent: percentOf(totals.Pledged, c.Goal), Deadline: c.Deadline,
		Live: c.TakesPledges(b.Now()) == nil, Stepper: campaignStepper(b, c),
	}
	box.Shown = min(box.Percent, 100)
	if drawn, ok, err := s.curveOf(r, c); err != nil {
		return box, err
	} else if ok {
		box.Curve = &drawn
	}
	if box.Rewards, err = s.rewardsOf(r, c); err != nil {
		return box, err
	}
	person := s.person(r)
	if person.Known() {
		p, open, err := s.Store.OpenPledge(ctx, t.ID, c.ID, person.ID)
		if err != nil {
			return box, err
		}
		if open {
			box.Mine = &pledgeView{Base: b, ID: p.ID, Pledged: p.Amount, State: p.State, Confirmed: !p.State.Unconfirmed()}
		}
	}
	switch {
	case !box.Live:
	case person.Known() && person.ID == c.Founder:
		box.Why = b.T("campaign.own")
	case box.Mine == nil || !box.Mine.Confirmed:
		form := newPledgeForm(b, c, box.Rewards)
		box.Form = &form
	}
	return box, nil
}

// rewardsOf lists a campaign's rewards with what is left of each.
func (s *Server) rewardsOf(r *http.Request, c campaign.Campaign) ([]rewardView, error) {
	if len(c.Rewards) == 0 {
		return nil, nil
	}
	taken, err := s.Store.RewardsTaken(r.Context(), s.tenant(r).ID, c.ID)
	if err != nil {
		return nil, err
	}
	list := make([]rewardView, len(c.Rewards))
	for i, reward := range c.Rewards {
		left := max(reward.Quantity-taken[reward.ID], 0)
		list[i] = rewardView{Reward: reward, Left: left, Gone: reward.Quantity > 0 && left == 0}
	}
	return list, nil
}
