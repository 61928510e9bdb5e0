package api

import (
	"context"
	"time"

	"github.com/google/uuid"

	"globalbrain/internal/idea"
	"globalbrain/internal/money"
	"globalbrain/internal/postgres"
)

// ideaLine is an idea in a list. It carries no score: what others and the model
// think is a resource of its own.
type ideaLine struct {
	ID           uuid.UUID    `json:"id"`
	CallID       uuid.UUID    `json:"call_id"`
	FounderID    uuid.UUID    `json:"founder_id"`
	FounderName  string       `json:"founder_name"`
	Organisation string       `json:"organisation,omitempty"`
	State        idea.State   `json:"state"`
	Version      int          `json:"version" doc:"The newest submitted version; 0 for a draft"`
	Title        string       `json:"title"`
	Excerpt      string       `json:"excerpt" doc:"The beginning of the problem"`
	Language     string       `json:"language" doc:"BCP 47"`
	Goal         money.Amount `json:"goal"`
	UpdatedAt    time.Time    `json:"updated_at"`
	SubmittedAt  *time.Time   `json:"submitted_at,omitempty"`
}

func lineOfIdea(c postgres.IdeaCard) ideaLine {
	return ideaLine{
		ID: c.ID, CallID: c.Call, FounderID: c.Founder, FounderName: c.FounderName, Organisation: c.Organisation, State: c.State,
		Version: c.Version, Title: c.Title, Excerpt: c.Problem, Language: c.Language, Goal: c.Goal, UpdatedAt: c.UpdatedAt, SubmittedAt: when(c.SubmittedAt),
	}
}

type listIdeasInput struct {
	InTenant
	Paging
	Call     string `query:"call" doc:"Only of this call" format:"uuid"`
	State    string `query:"state" doc:"Only in this state" enum:"in_review,shortlisted"`
	Language string `query:"language" doc:"Only written in this language (BCP 47)" maxLength:"35"`
	Search   string `query:"q" doc:"Words that must all occur; Chinese needs no spaces" maxLength:"200"`
}

func (a *api) listIdeas(ctx context.Context, c caller, in *listIdeasInput) (*pageOutput[ideaLine], error) {
	f := postgres.IdeaFilter{Language: in.Language, Search: in.Search}
	if in.Call != "" {
		var err error
		if f.Call, err = idOf(in.Call); err != nil {
			return nil, err
		}
	}
	if in.State != "" {
		f.States = []idea.State{idea.State(in.State)}
	}
	return a.ideas(ctx, c, f, in.Paging)
}

type listMineInput struct {
	InTenant
	Paging
}

// listMyIdeas lists the caller's own ideas, drafts among them.
func (a *api) listMyIdeas(ctx context.Context, c caller, in *listMineInput) (*pageOutput[ideaLine], error) {
	return a.ideas(ctx, c, postgres.IdeaFilter{Founder: c.person.ID}, in.Paging)
}

func (a *api) ideas(ctx context.Context, c caller, f postgres.IdeaFilter, p Paging) (*pageOutput[ideaLine], error) {
	found, err := a.store.Ideas(ctx, c.tenant.ID, f, p.Next, p.Size)
	if err != nil {
		return nil, err
	}
	return &pageOutput[ideaLine]{page[ideaLine]{each(found.Items, lineOfIdea), found.Next}}, nil
}
