package api

import (
	"context"
	"time"

	"github.com/google/uuid"

	"globalbrain/internal/money"
	"globalbrain/internal/postgres"
	"globalbrain/internal/review"
)

// assignmentForm is one line of a reviewer's desk.
type assignmentForm struct {
	ID         uuid.UUID              `json:"id"`
	RoundID    uuid.UUID              `json:"round_id"`
	IdeaID     uuid.UUID              `json:"idea_id"`
	Version    int                    `json:"version" doc:"Of the idea, which is judged as it was then"`
	State      review.AssignmentState `json:"state"`
	RoundState review.RoundState      `json:"round_state"`
	Title      string                 `json:"title"`
	CallTitle  map[string]string      `json:"call_title"`
	Answered   int                    `json:"answered" doc:"Criteria answered in the draft"`
	AnswerBy   *time.Time             `json:"answer_by,omitempty" doc:"While an invitation waits for an answer"`
	DueAt      time.Time              `json:"due_at"`
}

func formOfAssignment(d postgres.DeskItem) assignmentForm {
	a := d.Assignment
	f := assignmentForm{
		ID: a.ID, RoundID: a.Round, IdeaID: a.Idea, Version: a.Version, State: a.State, RoundState: d.RoundState,
		Title: d.Title, CallTitle: d.Call, Answered: d.Answered, DueAt: a.DueAt,
	}
	if a.State == review.Invited {
		f.AnswerBy = when(a.InvitedAt.Add(review.InvitationLasts))
	}
	return f
}

func (a *api) desk(ctx context.Context, c caller, _ *InTenant) (*listOutput[assignmentForm], error) {
	all, err := a.store.Desk(ctx, c.tenant.ID, c.person.ID)
	if err != nil {
		return nil, err
	}
	return &listOutput[assignmentForm]{list[assignmentForm]{each(all, formOfAssignment)}}, nil
}

// taskForm is what a reviewer works on: the idea as it was submitted, and
// nothing that anybody or the model said about it.
type taskForm struct {
	Assignment assignmentForm `json:"assignment"`
	Problem    string         `json:"problem"`
	Solution   string         `json:"solution"`
	Team       string         `json:"team"`
	Goal       money.Amount   `json:"goal"`
	Language   string         `json:"language"`
	Founder    string         `json:"founder_name"`
	Sheet      sheetForm      `json:"sheet" doc:"The draft, or the final review"`
	SavedAt    *time.Time     `json:"saved_at,omitempty"`
}

type taskOutput struct{ Body taskForm }

// AssignmentPath is the input of what concerns one assignment.
type AssignmentPath struct {
	InTenant
	Assignment string `path:"assignment" doc:"The assignment's id"`
}

func (a *api) task(ctx context.Context, c caller, in *AssignmentPath) (*taskOutput, error) {
	id, err := idOf(in.Assignment)
	if err != nil {
		return nil, err
	}
	t, err := a.store.ReviewTask(ctx, c.tenant.ID, id, c.person.ID)
	if err != nil {
		return nil, err
	}
	return &taskOutput{taskForm{
		Assignment: formOfAssignment(t.DeskItem), Problem: t.Problem, Solution: t.Solution, Team: t.Team,
		Goal: money.Amount{Minor: t.GoalMinor, Currency: t.Currency}, Language: t.Language, Founder: t.Founder,
		Sheet: formOfSheet(t.Sheet), SavedAt: when(t.SavedAt),
	}}, nil
}
