package api

import (
	"context"
	"time"

	"github.com/google/uuid"

	"globalbrain/internal/idea"
	"globalbrain/internal/money"
)

// DraftText is what a founder writes. All of it may be missing until the idea
// is submitted.
type DraftText struct {
	Title           string        `json:"title,omitempty" doc:"At most 120 characters"`
	Problem         string        `json:"problem,omitempty" doc:"Markdown; which problem, and whose; at most 5000 characters"`
	Solution        string        `json:"solution,omitempty" doc:"Markdown; at most 10000 characters"`
	Team            string        `json:"team,omitempty" doc:"Markdown; who would do it; at most 5000 characters"`
	Goal            *money.Amount `json:"goal,omitempty" doc:"In the tenant's currency"`
	Language        string        `json:"language,omitempty" doc:"BCP 47: the language that it is written in"`
	AIUse           idea.AIUse    `json:"ai_use,omitempty" enum:",none,assisted,generated" doc:"How much of the text a machine wrote"`
	RightsConfirmed bool          `json:"rights_confirmed,omitempty" doc:"The idea is the founder's to post"`
}

func (d DraftText) draft() idea.Draft {
	out := idea.Draft{
		Title: d.Title, Problem: d.Problem, Solution: d.Solution, Team: d.Team, Language: d.Language, AIUse: d.AIUse, RightsConfirmed: d.RightsConfirmed,
	}
	if d.Goal != nil {
		out.Goal = *d.Goal
	}
	return out
}

// draftForm is a draft with what its founder must know to change it.
type draftForm struct {
	ID           uuid.UUID  `json:"id"`
	CallID       uuid.UUID  `json:"call_id"`
	State        idea.State `json:"state"`
	Version      int        `json:"version" doc:"The newest submitted version; 0 before the first"`
	Edit         int64      `json:"edit" doc:"Grows with every save; the ETag"`
	ChangeCycles int        `json:"change_cycles" doc:"How often a moderator asked for changes"`
	UpdatedAt    time.Time  `json:"updated_at"`
	DraftText
}

func formOfDraft(i idea.Idea) draftForm {
	f := draftForm{
		ID: i.ID, CallID: i.Call, State: i.State, Version: i.Version, Edit: i.Edit, ChangeCycles: i.ChangeCycles, UpdatedAt: i.UpdatedAt,
		DraftText: DraftText{
			Title: i.Title, Problem: i.Problem, Solution: i.Solution, Team: i.Team, Language: i.Language, AIUse: i.AIUse, RightsConfirmed: i.RightsConfirmed,
		},
	}
	if i.Goal.Minor != 0 {
		f.Goal = &i.Goal
	}
	return f
}

type draftOutput struct {
	Location string `header:"Location"`
	ETag     string `header:"ETag"`
	Body     draftForm
}

func draftAnswer(i idea.Idea) *draftOutput {
	return &draftOutput{ETag: editTag(i.Edit), Body: formOfDraft(i)}
}

type createIdeaInput struct {
	InTenant
	Body struct {
		CallID uuid.UUID `json:"call_id" format:"uuid" doc:"The call that the idea answers"`
	}
}

// createIdea starts an empty draft.
func (a *api) createIdea(ctx context.Context, c caller, in *createIdeaInput) (*draftOutput, error) {
	made, err := a.store.CreateIdea(ctx, c.tenant.ID, c.person.ID, in.Body.CallID)
	if err != nil {
		return nil, err
	}
	out := draftAnswer(made)
	out.Location = Prefix + "/tenants/" + c.tenant.Slug + "/ideas/" + made.ID.String() + "/draft"
	return out, nil
}

func (a *api) showDraft(ctx context.Context, c caller, in *IdeaPath) (*draftOutput, error) {
	v, err := a.own(ctx, c, in.Idea)
	if err != nil {
		return nil, err
	}
	return draftAnswer(v.Idea), nil
}

type saveDraftInput struct {
	IdeaPath
	Writing
	Body DraftText
}

// saveDraft replaces the whole draft: what is left out becomes empty.
func (a *api) saveDraft(ctx context.Context, c caller, in *saveDraftInput) (*draftOutput, error) {
	v, err := a.own(ctx, c, in.Idea)
	if err != nil {
		return nil, err
	}
	edit, err := in.edit()
	if err != nil {
		return nil, err
	}
	saved, err := a.store.SaveDraft(ctx, c.tenant.ID, c.person.ID, v.ID, edit, in.Body.draft())
	if err != nil {
		return nil, precondition(err)
	}
	return draftAnswer(saved), nil
}

type submitIdeaInput struct {
	IdeaPath
	Writing
	Body *alikeAnswer
}

// submitIdea hands the saved draft in as a new version. A draft that is nearly
// somebody else's idea is handed in once its founder has been told of that.
func (a *api) submitIdea(ctx context.Context, c caller, in *submitIdeaInput) (*draftOutput, error) {
	v, err := a.own(ctx, c, in.Idea)
	if err != nil {
		return nil, err
	}
	edit, err := in.edit()
	if err != nil {
		return nil, err
	}
	var alike []idea.Likeness
	if v.CheckComplete() == nil { // else the founder hears of that first
		if alike, err = a.settle(ctx, c, v, in.Body); err != nil {
			return nil, err
		}
	}
	submitted, err := a.store.SubmitIdea(ctx, c.tenant.ID, c.person.ID, v.ID, edit, alike...)
	if err != nil {
		return nil, precondition(err)
	}
	return draftAnswer(submitted), nil
}

type withdrawIdeaInput struct {
	IdeaPath
	Body struct {
		Reason string `json:"reason,omitempty" maxLength:"1000"`
	}
}

// withdrawIdea takes an idea back for good.
func (a *api) withdrawIdea(ctx context.Context, c caller, in *withdrawIdeaInput) (*draftOutput, error) {
	v, err := a.own(ctx, c, in.Idea)
	if err != nil {
		return nil, err
	}
	gone, err := a.store.WithdrawIdea(ctx, c.tenant.ID, c.person.ID, v.ID, in.Body.Reason)
	if err != nil {
		return nil, err
	}
	return draftAnswer(gone), nil
}
