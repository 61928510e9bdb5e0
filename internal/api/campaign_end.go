package api

import (
	"context"

	"globalbrain/internal/tenant"
)

type cancelCampaignInput struct {
	CampaignPath
	Body struct {
		Reason string `json:"reason" doc:"To the backers" minLength:"1" maxLength:"500"`
	}
}

// cancelCampaign calls a live campaign off. Nobody is charged.
func (a *api) cancelCampaign(ctx context.Context, c caller, in *cancelCampaignInput) (*campaignOutput, error) {
	found, err := a.campaignOf(ctx, c, in.Campaign)
	if err != nil {
		return nil, err
	}
	err = a.store.CancelCampaign(ctx, c.tenant.ID, found.ID, c.person.ID, c.person.May(tenant.RunCampaigns), in.Body.Reason)
	if err != nil {
		return nil, err
	}
	return a.campaign(ctx, c, &in.CampaignPath)
}

type decideShortfallInput struct {
	CampaignPath
	Body struct {
		Proceed bool `json:"proceed" doc:"true: carry it out with what was collected; false: give everything back"`
	}
}

// decideShortfall takes the founder's word on a campaign of which too much
// could not be collected.
func (a *api) decideShortfall(ctx context.Context, c caller, in *decideShortfallInput) (*campaignOutput, error) {
	found, err := a.ownCampaign(ctx, c, in.Campaign)
	if err != nil {
		return nil, err
	}
	decided, err := a.store.DecideShortfall(ctx, c.tenant.ID, found.ID, c.person.ID, in.Body.Proceed)
	if err != nil {
		return nil, err
	}
	return a.campaignAnswer(ctx, c, decided)
}
