package api

import (
	"context"
	"time"

	"github.com/google/uuid"

	"globalbrain/internal/idea"
)

// callForm is an invitation to post ideas on one subject.
type callForm struct {
	ID       uuid.UUID         `json:"id"`
	Slug     string            `json:"slug"`
	Title    map[string]string `json:"title" doc:"By language tag; en is always there"`
	Brief    map[string]string `json:"brief" doc:"Markdown, by language tag"`
	OpensAt  time.Time         `json:"opens_at"`
	ClosesAt *time.Time        `json:"closes_at,omitempty" doc:"Absent: it stays open"`
}

func formOfCall(c idea.Call) callForm {
	return callForm{ID: c.ID, Slug: c.Slug, Title: c.Title, Brief: c.Brief, OpensAt: c.OpensAt, ClosesAt: when(c.ClosesAt)}
}

// when leaves out what has not happened.
func when(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

type CallPath struct {
	InTenant
	Call string `path:"call" doc:"The call's id"`
}

type callOutput struct{ Body callForm }

func (a *api) listCalls(ctx context.Context, c caller, _ *InTenant) (*listOutput[callForm], error) {
	all, err := a.store.Calls(ctx, c.tenant.ID)
	if err != nil {
		return nil, err
	}
	return &listOutput[callForm]{list[callForm]{each(all, formOfCall)}}, nil
}

func (a *api) call(ctx context.Context, c caller, in *CallPath) (*callOutput, error) {
	id, err := idOf(in.Call)
	if err != nil {
		return nil, err
	}
	found, err := a.store.Call(ctx, c.tenant.ID, id)
	if err != nil {
		return nil, err
	}
	return &callOutput{formOfCall(found)}, nil
}
