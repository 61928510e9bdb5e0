package api

import (
	"context"
	"time"

	"github.com/google/uuid"

	"globalbrain/internal/campaign"
	"globalbrain/internal/errs"
	"globalbrain/internal/money"
	"globalbrain/internal/postgres"
)

// campaignForm is a campaign. Totals and rewards taken are as of now.
type campaignForm struct {
	ID              uuid.UUID      `json:"id"`
	IdeaID          uuid.UUID      `json:"idea_id"`
	FounderID       uuid.UUID      `json:"founder_id"`
	State           campaign.State `json:"state"`
	Goal            money.Amount   `json:"goal"`
	DurationSeconds int64          `json:"duration_seconds"`
	Rewards         []rewardForm   `json:"rewards"`
	Edit            int64          `json:"edit" doc:"Grows with every save of the draft; the ETag while it is one"`
	LaunchedAt      *time.Time     `json:"launched_at,omitempty"`
	Deadline        *time.Time     `json:"deadline,omitempty"`
	CollectUntil    *time.Time     `json:"collect_until,omitempty" doc:"Charges are tried again until then"`
	DecideUntil     *time.Time     `json:"decide_until,omitempty" doc:"In a shortfall, the founder decides until then"`
	Totals          *totalsForm    `json:"totals,omitempty" doc:"Absent for a draft"`
}

type rewardForm struct {
	ID          uuid.UUID    `json:"id"`
	Title       string       `json:"title"`
	Description string       `json:"description,omitempty"`
	Amount      money.Amount `json:"amount" doc:"The least pledge for it"`
	Quantity    int          `json:"quantity,omitempty" doc:"How many there are; absent: no limit"`
	Taken       int          `json:"taken"`
}

type totalsForm struct {
	Pledged   money.Amount `json:"pledged"`
	Backers   int          `json:"backers"`
	Collected money.Amount `json:"collected"`
	Refunded  money.Amount `json:"refunded"`
}

func formOfTotals(t postgres.Totals) *totalsForm {
	return &totalsForm{t.Pledged, t.Backers, t.Collected, t.Refunded}
}

func formOfCampaign(c campaign.Campaign, taken map[uuid.UUID]int) campaignForm {
	return campaignForm{
		ID: c.ID, IdeaID: c.Idea, FounderID: c.Founder, State: c.State, Goal: c.Goal, DurationSeconds: int64(c.Duration.Seconds()), Edit: c.Edit,
		LaunchedAt: when(c.LaunchedAt), Deadline: when(c.Deadline), CollectUntil: when(c.CollectUntil), DecideUntil: when(c.DecideUntil),
		Rewards: each(c.Rewards, func(r campaign.Reward) rewardForm {
			return rewardForm{r.ID, r.Title, r.Description, r.Amount, r.Quantity, taken[r.ID]}
		}),
	}
}

type listCampaignsInput struct {
	InTenant
	Paging
	State string `query:"state" doc:"Only in this state" enum:"live,closing,succeeded,failed,collecting,funded,shortfall,cancelled"`
}

// campaignLine is a campaign in a list.
type campaignLine struct {
	ID       uuid.UUID      `json:"id"`
	IdeaID   uuid.UUID      `json:"idea_id"`
	Title    string         `json:"title" doc:"The idea's"`
	State    campaign.State `json:"state"`
	Goal     money.Amount   `json:"goal"`
	Deadline *time.Time     `json:"deadline,omitempty"`
	Totals   *totalsForm    `json:"totals,omitempty" doc:"Absent for who may still review the idea"`
}

// publicStates are those in which everybody may see a campaign.
var publicStates = []campaign.State{
	campaign.Live, campaign.Closing, campaign.Succeeded, campaign.Failed, campaign.Collecting, campaign.Funded, campaign.Shortfall, campaign.Cancelled,
}

func (a *api) listCampaigns(ctx context.Context, c caller, in *listCampaignsInput) (*pageOutput[campaignLine], error) {
	f := postgres.CampaignFilter{States: publicStates}
	if in.State != "" {
		f.States = []campaign.State{campaign.State(in.State)}
	}
	found, err := a.store.Campaigns(ctx, c.tenant.ID, f, in.Next, in.Size)
	if err != nil {
		return nil, err
	}
	blind, err := a.store.BlindIdeas(ctx, c.tenant.ID, c.person.ID)
	if err != nil {
		return nil, err
	}
	form := func(l postgres.CampaignLine) campaignLine {
		line := campaignLine{ID: l.ID, IdeaID: l.Idea, Title: l.Title, State: l.State, Goal: l.Goal, Deadline: when(l.Deadline)}
		if !blind.Hides(l.Idea) {
			line.Totals = formOfTotals(l.Totals)
		}
		return line
	}
	return &pageOutput[campaignLine]{page[campaignLine]{each(found.Items, form), found.Next}}, nil
}

// CampaignPath is the input of what concerns one campaign.
type CampaignPath struct {
	InTenant
	Campaign string `path:"campaign" doc:"The campaign's id"`
}

type campaignOutput struct {
	ETag string `header:"ETag"`
	Body campaignForm
}

func (a *api) campaign(ctx context.Context, c caller, in *CampaignPath) (*campaignOutput, error) {
	found, err := a.campaignOf(ctx, c, in.Campaign)
	if err != nil {
		return nil, err
	}
	return a.campaignAnswer(ctx, c, found)
}

// ideaCampaign returns an idea's newest campaign.
func (a *api) ideaCampaign(ctx context.Context, c caller, in *IdeaPath) (*campaignOutput, error) {
	v, err := a.visible(ctx, c, in.Idea)
	if err != nil {
		return nil, err
	}
	found, err := a.store.CampaignOfIdea(ctx, c.tenant.ID, v.ID)
	if err != nil {
		return nil, err
	}
	if !found.State.Public() && found.Founder != c.person.ID {
		return nil, notFound()
	}
	return a.campaignAnswer(ctx, c, found)
}

// campaignOf returns a campaign that the caller may see; a draft is its
// founder's alone.
func (a *api) campaignOf(ctx context.Context, c caller, typed string) (campaign.Campaign, error) {
	id, err := idOf(typed)
	if err != nil {
		return campaign.Campaign{}, err
	}
	found, err := a.store.Campaign(ctx, c.tenant.ID, id)
	if err == nil && !found.State.Public() && found.Founder != c.person.ID {
		err = notFound()
	}
	return found, err
}

// campaignAnswer adds what was pledged. Who may still review the idea is
// refused, for the sum would colour their judgement.
func (a *api) campaignAnswer(ctx context.Context, c caller, found campaign.Campaign) (*campaignOutput, error) {
	if found.State == campaign.Draft {
		return &campaignOutput{ETag: editTag(found.Edit), Body: formOfCampaign(found, nil)}, nil
	}
	if err := a.refuseBlind(ctx, c, found.Idea); err != nil {
		return nil, err
	}
	taken, err := a.store.RewardsTaken(ctx, c.tenant.ID, found.ID)
	if err != nil {
		return nil, err
	}
	totals, err := a.store.Totals(ctx, c.tenant.ID, found.ID)
	if err != nil {
		return nil, err
	}
	out := &campaignOutput{Body: formOfCampaign(found, taken)}
	out.Body.Totals = formOfTotals(totals)
	return out, nil
}

// ownCampaign returns a campaign that the caller founded.
func (a *api) ownCampaign(ctx context.Context, c caller, typed string) (campaign.Campaign, error) {
	found, err := a.campaignOf(ctx, c, typed)
	if err == nil && found.Founder != c.person.ID {
		err = errs.New(errs.Forbidden, "campaign.not_yours", "Only the founder can do this.")
	}
	return found, err
}
