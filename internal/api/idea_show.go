package api

import (
	"context"
	"time"

	"github.com/google/uuid"

	"globalbrain/internal/errs"
	"globalbrain/internal/idea"
	"globalbrain/internal/money"
	"globalbrain/internal/postgres"
	"globalbrain/internal/tenant"
)

// ideaForm is an idea as it was submitted last.
type ideaForm struct {
	ID           uuid.UUID         `json:"id"`
	CallID       uuid.UUID         `json:"call_id"`
	CallSlug     string            `json:"call_slug"`
	CallTitle    map[string]string `json:"call_title" doc:"By language tag"`
	FounderID    uuid.UUID         `json:"founder_id"`
	FounderName  string            `json:"founder_name"`
	Organisation string            `json:"organisation,omitempty"`
	State        idea.State        `json:"state"`
	Version      int               `json:"version" doc:"0: never submitted, and this is the draft"`
	Title        string            `json:"title"`
	Problem      string            `json:"problem" doc:"Markdown"`
	Solution     string            `json:"solution" doc:"Markdown"`
	Team         string            `json:"team" doc:"Markdown"`
	Goal         money.Amount      `json:"goal"`
	Language     string            `json:"language" doc:"BCP 47"`
	AIUse        idea.AIUse        `json:"ai_use" doc:"How much of the text a machine wrote"`
	Images       []imageForm       `json:"images"`
	CreatedAt    time.Time         `json:"created_at"`
	SubmittedAt  *time.Time        `json:"submitted_at,omitempty"`
}

type imageForm struct {
	ID        uuid.UUID `json:"id"`
	Alt       string    `json:"alt" doc:"What it shows"`
	MediaType string    `json:"media_type"`
	Width     int       `json:"width" doc:"Pixels"`
	Height    int       `json:"height" doc:"Pixels"`
	Path      string    `json:"path" doc:"Of its bytes, on this host"`
}

func formOfIdea(t *tenant.Tenant, v postgres.IdeaView) ideaForm {
	f := ideaForm{
		ID: v.ID, CallID: v.Call, CallSlug: v.CallSlug, CallTitle: v.CallTitle, FounderID: v.Founder, FounderName: v.FounderName, Organisation: v.Organisation,
		State: v.State, Version: v.Version, Title: v.Said.Title, Problem: v.Said.Problem, Solution: v.Said.Solution, Team: v.Said.Team, Goal: v.Said.Goal,
		Language: v.Said.Language, AIUse: v.Said.AIUse, CreatedAt: v.CreatedAt, SubmittedAt: when(v.SubmittedAt),
	}
	f.Images = each(v.Images, func(i idea.Image) imageForm {
		return formOfImage(t, v.ID, i)
	})
	return f
}

// IdeaPath is the input of what concerns one idea.
type IdeaPath struct {
	InTenant
	Idea string `path:"idea" doc:"The idea's id"`
}

type showIdeaInput struct {
	IdeaPath
	Reading
}

type showIdeaOutput struct {
	Status int
	ETag   string `header:"ETag"`
	Body   ideaForm
}

// showIdea shows a public idea to everybody, and others to their founder and,
// once they left the founder's desk, to moderators.
func (a *api) showIdea(ctx context.Context, c caller, in *showIdeaInput) (*showIdeaOutput, error) {
	v, err := a.visible(ctx, c, in.Idea)
	if err != nil {
		return nil, err
	}
	out := &showIdeaOutput{Body: formOfIdea(c.tenant, v)}
	if out.ETag, err = tagOf(out.Body); err != nil {
		return nil, err
	}
	out.Status = in.status(out.ETag)
	return out, nil
}

// visible returns an idea that the caller may see; any other is not found.
func (a *api) visible(ctx context.Context, c caller, typed string) (postgres.IdeaView, error) {
	id, err := idOf(typed)
	if err != nil {
		return postgres.IdeaView{}, err
	}
	v, err := a.store.Idea(ctx, c.tenant.ID, id)
	switch {
	case errs.Is(err, errs.NotFound), err == nil && !v.MaySee(c.person.ID, c.person.May(tenant.Moderate)):
		return v, notFound()
	}
	return v, err
}

// own returns an idea that the caller founded.
func (a *api) own(ctx context.Context, c caller, typed string) (postgres.IdeaView, error) {
	v, err := a.visible(ctx, c, typed)
	if err == nil && v.Founder != c.person.ID {
		err = errs.New(errs.Forbidden, "idea.not_yours", "Only the founder can do this.")
	}
	return v, err
}
