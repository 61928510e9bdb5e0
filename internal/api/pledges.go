package api

import (
	"context"
	"time"

	"github.com/google/uuid"

	"globalbrain/internal/campaign"
	"globalbrain/internal/errs"
	"globalbrain/internal/money"
	"globalbrain/internal/pledge"
	"globalbrain/internal/postgres"
	"globalbrain/internal/tenant"
)

// pledgeForm is a pledge as its backer sees it.
type pledgeForm struct {
	ID            uuid.UUID      `json:"id"`
	CampaignID    uuid.UUID      `json:"campaign_id"`
	CampaignState campaign.State `json:"campaign_state"`
	IdeaID        uuid.UUID      `json:"idea_id"`
	Title         string         `json:"title" doc:"The idea's"`
	Amount        money.Amount   `json:"amount"`
	RewardID      *uuid.UUID     `json:"reward_id,omitempty"`
	RewardTitle   string         `json:"reward_title,omitempty"`
	Anonymous     bool           `json:"anonymous" doc:"To the public and to the founder"`
	State         pledge.State   `json:"state"`
	SetupURL      string         `json:"setup_url,omitempty" doc:"The gateway's page, while it waits for the backer; absent when the gateway did not answer: ask for it with POST …/setup"`
	ChargeCode    string         `json:"charge_code,omitempty" doc:"The gateway's word for the last failed charge"`
	RetryAt       *time.Time     `json:"retry_at,omitempty" doc:"When the next attempt is made by itself"`
	Deadline      *time.Time     `json:"deadline,omitempty" doc:"The campaign's"`
	CreatedAt     time.Time      `json:"created_at"`
}

func formOfPledge(l postgres.PledgeLine) pledgeForm {
	f := pledgeForm{
		ID: l.ID, CampaignID: l.Campaign, CampaignState: l.CampaignState, IdeaID: l.Idea, Title: l.Title, Amount: l.Amount,
		RewardTitle: l.RewardTitle, Anonymous: l.Anonymous, State: l.State, RetryAt: when(l.RetryAt), Deadline: when(l.Deadline), CreatedAt: l.CreatedAt,
	}
	if l.Reward != uuid.Nil {
		f.RewardID = &l.Reward
	}
	if l.State.Unconfirmed() {
		f.SetupURL = l.SetupURL
	}
	if l.State.Mendable() {
		f.SetupURL, f.ChargeCode = l.SetupURL, l.ChargeCode
	}
	return f
}

type pledgeOutput struct{ Body pledgeForm }

// PledgePath is the input of what concerns one pledge.
type PledgePath struct {
	InTenant
	Pledge string `path:"pledge" doc:"The pledge's id"`
}

// ownPledge returns a pledge of the caller; anybody else's is not found.
func (a *api) ownPledge(ctx context.Context, c caller, typed string) (postgres.PledgeLine, error) {
	id, err := idOf(typed)
	if err != nil {
		return postgres.PledgeLine{}, err
	}
	l, err := a.store.Pledge(ctx, c.tenant.ID, id)
	if err == nil && l.Backer != c.person.ID {
		err = notFound()
	}
	return l, err
}

func (a *api) pledge(ctx context.Context, c caller, in *PledgePath) (*pledgeOutput, error) {
	l, err := a.ownPledge(ctx, c, in.Pledge)
	if err != nil {
		return nil, err
	}
	return &pledgeOutput{formOfPledge(l)}, nil
}

type listPledgesInput struct {
	InTenant
	Paging
}

// listPledges lists the caller's own pledges, the newest first.
func (a *api) listPledges(ctx context.Context, c caller, in *listPledgesInput) (*pageOutput[pledgeForm], error) {
	found, err := a.store.PledgesOf(ctx, c.tenant.ID, c.person.ID, in.Next, in.Size)
	if err != nil {
		return nil, err
	}
	return &pageOutput[pledgeForm]{page[pledgeForm]{each(found.Items, formOfPledge), found.Next}}, nil
}

// cancelPledge takes a pledge back.
func (a *api) cancelPledge(ctx context.Context, c caller, in *PledgePath) (*pledgeOutput, error) {
	l, err := a.ownPledge(ctx, c, in.Pledge)
	if err != nil {
		return nil, err
	}
	if _, err := a.store.CancelPledge(ctx, c.tenant.ID, l.ID, c.person.ID); err != nil {
		return nil, err
	}
	return a.pledge(ctx, c, in)
}

// backingForm is a pledge in a campaign's list, to its founder and to those who
// answer for the money.
type backingForm struct {
	ID          uuid.UUID    `json:"id"`
	BackerName  string       `json:"backer_name,omitempty" doc:"Absent for the founder when the backer is anonymous"`
	Anonymous   bool         `json:"anonymous"`
	Amount      money.Amount `json:"amount"`
	RewardTitle string       `json:"reward_title,omitempty"`
	State       pledge.State `json:"state"`
	CreatedAt   time.Time    `json:"created_at"`
}

type listBackingsInput struct {
	CampaignPath
	Paging
}

func (a *api) listBackings(ctx context.Context, c caller, in *listBackingsInput) (*pageOutput[backingForm], error) {
	found, err := a.campaignOf(ctx, c, in.Campaign)
	if err != nil {
		return nil, err
	}
	all := c.person.May(tenant.SeeMoney)
	if found.Founder != c.person.ID && !all {
		return nil, errs.New(errs.Forbidden, "campaign.not_yours", "Only the founder can do this.")
	}
	if err := a.refuseBlind(ctx, c, found.Idea); err != nil {
		return nil, err
	}
	pledges, err := a.store.PledgesTo(ctx, c.tenant.ID, found.ID, in.Next, in.Size)
	if err != nil {
		return nil, err
	}
	form := func(l postgres.PledgeLine) backingForm {
		f := backingForm{ID: l.ID, Anonymous: l.Anonymous, Amount: l.Amount, RewardTitle: l.RewardTitle, State: l.State, CreatedAt: l.CreatedAt}
		if all || !l.Anonymous {
			f.BackerName = l.BackerName
		}
		return f
	}
	return &pageOutput[backingForm]{page[backingForm]{each(pledges.Items, form), pledges.Next}}, nil
}
