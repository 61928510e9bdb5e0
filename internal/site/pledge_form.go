package site

import (
	"net/http"

	"github.com/google/uuid"

	"globalbrain/internal/campaign"
	"globalbrain/internal/errs"
	"globalbrain/internal/money"
	"globalbrain/internal/postgres"
)

// pledgeForm is three fields and one tap: amount, reward, anonymous.
type pledgeForm struct {
	Base
	Campaign uuid.UUID
	Pledge   string // the id that the pledge will have: sending the form twice makes one
	Currency string
	Rewards  []rewardView
	Deadline string
}

func newPledgeForm(b Base, c campaign.Campaign, rewards []rewardView) pledgeForm {
	id := b.Val("pledge")
	if _, err := uuid.Parse(id); err != nil {
		id = uuid.Must(uuid.NewV7()).String()
	}
	return pledgeForm{Base: b, Campaign: c.ID, Pledge: id, Currency: c.Goal.Currency, Rewards: rewards, Deadline: b.Time(c.Deadline)}
}

// pledgePage is the form by itself, for when something in it is wrong.
type pledgePage struct {
	Base
	Idea ideaTitle
	Form pledgeForm
}

func (s *Server) pledgeNew(w http.ResponseWriter, r *http.Request) error {
	page, c, err := s.pledgePage(r, nil)
	if err != nil {
		return err
	}
	if err := c.TakesPledges(page.Now()); err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, "pledge", page)
}

func (s *Server) pledgePage(r *http.Request, refused error) (pledgePage, campaign.Campaign, error) {
	c, err := s.campaignOf(r)
	if err != nil {
		return pledgePage{}, c, err
	}
	v, err := s.Store.Idea(r.Context(), s.tenant(r).ID, c.Idea)
	if err != nil {
		return pledgePage{}, c, err
	}
	rewards, err := s.rewardsOf(r, c)
	b := s.base(r).Refused(refused)
	return pledgePage{Base: b, Idea: ideaTitle{c.Idea.String(), v.Said.Title}, Form: newPledgeForm(b, c, rewards)}, c, err
}

// pledgeMake commits the pledge and leads to the gateway's page.
func (s *Server) pledgeMake(w http.ResponseWriter, r *http.Request) error {
	c, err := s.campaignOf(r)
	if err != nil {
		return err
	}
	in, err := s.readPledge(r, c)
	if err == nil {
		err = s.limits.pledgeBy.Take(s.person(r).ID.String())
	}
	if err == nil {
		p, makeErr := s.Store.MakePledge(r.Context(), s.tenant(r).ID, in)
		if makeErr == nil {
			return s.toGateway(w, r, p, false)
		}
		err = makeErr
	}
	page, _, pageErr := s.pledgePage(r, err)
	if pageErr != nil {
		return pageErr
	}
	return s.again(w, r, err, "pledge", page)
}

// readPledge reads the form. Without an amount, a reward's own is meant.
func (s *Server) readPledge(r *http.Request, c campaign.Campaign) (postgres.MakePledge, error) {
	in := postgres.MakePledge{Campaign: c.ID, Backer: s.person(r).ID, Anonymous: r.PostFormValue("anonymous") == "yes"}
	var err error
	if in.ID, err = uuid.Parse(r.PostFormValue("pledge")); err != nil || in.ID == uuid.Nil {
		return in, errs.New(errs.Invalid, "form", "The form could not be read. Please send it again.")
	}
	var f errs.Fields
	var reward campaign.Reward
	if typed := r.PostFormValue("reward"); typed != "" && typed != "none" {
		known := false
		if in.Reward, err = uuid.Parse(typed); err == nil {
			reward, known = c.Reward(in.Reward)
		}
		if !known {
			f.Add("reward", "pledge.reward_unknown", "Choose one of the rewards, or none.")
		}
	}
	if typed := r.PostFormValue("amount"); typed == "" && reward.Amount.IsPositive() {
		in.Amount = reward.Amount
	} else if in.Amount, err = money.Parse(typed, c.Goal.Currency, s.base(r).Locale()); err != nil {
		f.AddErr("amount", err)
	}
	return in, f.Err()
}
