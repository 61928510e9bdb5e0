package api

import (
	"context"
	"time"

	"github.com/google/uuid"

	"globalbrain/internal/idea"
	"globalbrain/internal/moderation"
	"globalbrain/internal/postgres"
)

// waitingForm is an idea that waits for a moderator.
type waitingForm struct {
	IdeaID        uuid.UUID         `json:"idea_id"`
	FounderName   string            `json:"founder_name"`
	CallTitle     map[string]string `json:"call_title"`
	State         idea.State        `json:"state" doc:"submitted, or screening once somebody reads it"`
	Title         string            `json:"title"`
	Language      string            `json:"language"`
	Version       int               `json:"version"`
	ChangeCycles  int               `json:"change_cycles"`
	SubmittedAt   time.Time         `json:"submitted_at"`
	ModeratorName string            `json:"moderator_name,omitempty" doc:"Who reads it"`
	Score         *scoreForm        `json:"score,omitempty" doc:"Absent until the model has read it, and for who may still review it. It decides nothing"`
}

type queueInput struct {
	InTenant
	Paging
}

// screeningQueue lists what waits for a moderator, the longest wait first.
func (a *api) screeningQueue(ctx context.Context, c caller, in *queueInput) (*pageOutput[waitingForm], error) {
	found, err := a.store.ScreeningQueue(ctx, c.tenant.ID, in.Next, in.Size)
	if err != nil {
		return nil, err
	}
	blind, err := a.store.BlindIdeas(ctx, c.tenant.ID, c.person.ID)
	if err != nil {
		return nil, err
	}
	form := func(w postgres.Waiting) waitingForm {
		f := waitingForm{
			IdeaID: w.ID, FounderName: w.FounderName, CallTitle: w.CallTitle, State: w.State, Title: w.Title, Language: w.Language,
			Version: w.Version, ChangeCycles: w.ChangeCycles, SubmittedAt: w.SubmittedAt, ModeratorName: w.ModeratorName,
		}
		if w.Score != nil && !blind.Hides(w.ID) {
			score := formOfScore(*w.Score)
			f.Score = &score
		}
		return f
	}
	return &pageOutput[waitingForm]{page[waitingForm]{each(found.Items, form), found.Next}}, nil
}

// screenedForm is where an act of a moderator leaves an idea.
type screenedForm struct {
	IdeaID       uuid.UUID  `json:"idea_id"`
	State        idea.State `json:"state"`
	Version      int        `json:"version"`
	ChangeCycles int        `json:"change_cycles"`
}

type screenedOutput struct{ Body screenedForm }

func screenedAnswer(i idea.Idea) *screenedOutput {
	return &screenedOutput{screenedForm{i.ID, i.State, i.Version, i.ChangeCycles}}
}

// takeIdea puts an idea of the queue on the moderator's desk.
func (a *api) takeIdea(ctx context.Context, c caller, in *IdeaPath) (*screenedOutput, error) {
	v, err := a.visible(ctx, c, in.Idea)
	if err != nil {
		return nil, err
	}
	taken, err := a.store.TakeForScreening(ctx, c.tenant.ID, c.person.ID, v.ID)
	if err != nil {
		return nil, err
	}
	return screenedAnswer(taken), nil
}

type screenInput struct {
	IdeaPath
	Body struct {
		Version int                `json:"version" doc:"That the moderator has read" minimum:"1"`
		Verdict moderation.Verdict `json:"verdict" enum:"accept,request_changes,reject"`
		Rule    moderation.Rule    `json:"rule,omitempty" doc:"That is broken; a rejection names one" enum:",off_topic,incomplete,unsafe,plagiarised,personal_data,hateful,misleading,spam"`
		Note    string             `json:"note,omitempty" doc:"To the founder; only an acceptance may leave it out" maxLength:"4000"`
	}
}

// screenIdea carries out a moderator's decision.
func (a *api) screenIdea(ctx context.Context, c caller, in *screenInput) (*screenedOutput, error) {
	v, err := a.visible(ctx, c, in.Idea)
	if err != nil {
		return nil, err
	}
	d := moderation.Decision{Verdict: in.Body.Verdict, Rule: in.Body.Rule, Note: in.Body.Note}
	decided, err := a.store.DecideScreening(ctx, c.tenant.ID, c.person.ID, v.ID, in.Body.Version, d)
	if err != nil {
		return nil, err
	}
	return screenedAnswer(decided), nil
}

// decisionForm is one decision of a moderator, for the founder and moderators.
type decisionForm struct {
	Version int                `json:"version"`
	Verdict moderation.Verdict `json:"verdict"`
	Rule    moderation.Rule    `json:"rule,omitempty"`
	Note    string             `json:"note,omitempty"`
	At      time.Time          `json:"at"`
}
