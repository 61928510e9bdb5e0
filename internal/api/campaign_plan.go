package api

import (
	"context"
	"time"

	"globalbrain/internal/campaign"
	"globalbrain/internal/errs"
	"globalbrain/internal/money"
	"globalbrain/internal/postgres"
)

// planForm is what a founder writes before the launch.
type planForm struct {
	Goal            money.Amount    `json:"goal" doc:"All or nothing: nobody is charged below it"`
	DurationSeconds int64           `json:"duration_seconds" doc:"Within the tenant's rules" minimum:"1" maximum:"315360000"`
	Rewards         []plannedReward `json:"rewards,omitempty" maxItems:"10"`
}

type plannedReward struct {
	Title       string       `json:"title" maxLength:"120"`
	Description string       `json:"description,omitempty" maxLength:"2000"`
	Amount      money.Amount `json:"amount" doc:"The least pledge for it"`
	Quantity    int          `json:"quantity,omitempty" doc:"How many there are; absent: no limit" minimum:"0" maximum:"1000000"`
}

func (f planForm) plan() campaign.Plan {
	return campaign.Plan{
		Goal: f.Goal, Duration: time.Duration(f.DurationSeconds) * time.Second,
		Rewards: each(f.Rewards, func(r plannedReward) campaign.Reward {
			return campaign.Reward{Title: r.Title, Description: r.Description, Amount: r.Amount, Quantity: r.Quantity}
		}),
	}
}

type planCampaignInput struct {
	IdeaPath
	Writing
	Body planForm
}

// planCampaign writes the draft of an idea's campaign: a new one, or over the
// one that If-Match names.
func (a *api) planCampaign(ctx context.Context, c caller, in *planCampaignInput) (*campaignOutput, error) {
	v, err := a.own(ctx, c, in.Idea)
	if err != nil {
		return nil, err
	}
	save := postgres.SaveCampaign{Idea: v.ID, Person: c.person.ID, Plan: in.Body.plan()}
	former, err := a.store.CampaignOfIdea(ctx, c.tenant.ID, v.ID)
	switch {
	case errs.Is(err, errs.NotFound), err == nil && (former.State == campaign.Failed || former.State == campaign.Cancelled):
		if in.IfMatch != "" {
			return nil, changedSince()
		}
	case err != nil:
		return nil, err
	case former.State != campaign.Draft:
		return nil, errs.New(errs.Conflict, "campaign.launched", "This campaign was launched already.")
	default:
		save.Campaign = former.ID
		if save.Edit, err = in.edit(); err != nil {
			return nil, err
		}
	}
	saved, err := a.store.SaveCampaign(ctx, c.tenant.ID, save)
	if err != nil {
		return nil, precondition(err)
	}
	return a.campaignAnswer(ctx, c, saved)
}

// launchCampaign starts a campaign now; its terms cannot be changed afterwards.
func (a *api) launchCampaign(ctx context.Context, c caller, in *CampaignPath) (*campaignOutput, error) {
	draft, err := a.ownCampaign(ctx, c, in.Campaign)
	if err != nil {
		return nil, err
	}
	launched, err := a.store.LaunchCampaign(ctx, c.tenant.ID, draft.ID, c.person.ID)
	if err != nil {
		return nil, err
	}
	return a.campaignAnswer(ctx, c, launched)
}
