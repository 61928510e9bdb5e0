package api

import (
	"context"
	"time"

	"github.com/google/uuid"

	"globalbrain/internal/postgres"
	"globalbrain/internal/review"
	"globalbrain/internal/tenant"
)

// roundForm is a review round with its progress.
type roundForm struct {
	ID        uuid.UUID         `json:"id"`
	CallID    uuid.UUID         `json:"call_id"`
	CallTitle map[string]string `json:"call_title"`
	ChairID   uuid.UUID         `json:"chair_id"`
	State     review.RoundState `json:"state"`
	DueAt     time.Time         `json:"due_at"`
	CreatedAt time.Time         `json:"created_at"`
	Ideas     int               `json:"ideas"`
	Asked     int               `json:"asked" doc:"Places of reviewers that are taken"`
	Finals    int               `json:"finals" doc:"Reviews that were handed in"`
	Decided   int               `json:"decided"`
}

func formOfRound(l postgres.RoundLine) roundForm {
	return roundForm{
		ID: l.ID, CallID: l.Call, CallTitle: l.CallTitle, ChairID: l.Chair, State: l.State, DueAt: l.DueAt, CreatedAt: l.CreatedAt,
		Ideas: l.Ideas, Asked: l.Asked, Finals: l.Finals, Decided: l.Decided,
	}
}

func (a *api) listRounds(ctx context.Context, c caller, _ *InTenant) (*listOutput[roundForm], error) {
	all, err := a.store.Rounds(ctx, c.tenant.ID)
	if err != nil {
		return nil, err
	}
	return &listOutput[roundForm]{list[roundForm]{each(all, formOfRound)}}, nil
}

type openRoundInput struct {
	InTenant
	Body struct {
		CallID uuid.UUID `json:"call_id" format:"uuid"`
		DueAt  time.Time `json:"due_at" doc:"When reviews are due; at least an hour from now"`
	}
}

// openRound starts a round with every idea of the call that waits for review.
func (a *api) openRound(ctx context.Context, c caller, in *openRoundInput) (*roomOutput, error) {
	round, err := a.store.OpenRound(ctx, c.tenant.ID, postgres.RoundOpen{Call: in.Body.CallID, Chair: c.person.ID, Due: in.Body.DueAt})
	if err != nil {
		return nil, err
	}
	return a.roomOf(ctx, c, round.ID)
}

// RoundPath is the input of what concerns one round.
type RoundPath struct {
	InTenant
	Round string `path:"round" doc:"The round's id"`
}

type assignOutput struct {
	Body struct {
		Added int `json:"added" doc:"Reviewers that were found"`
	}
}

// assignAll fills the open places with experts without a conflict of interest.
func (a *api) assignAll(ctx context.Context, c caller, in *RoundPath) (*assignOutput, error) {
	id, err := idOf(in.Round)
	if err != nil {
		return nil, err
	}
	out := &assignOutput{}
	out.Body.Added, err = a.store.AssignExperts(ctx, c.tenant, id, c.person.ID)
	if err != nil {
		return nil, err
	}
	return out, nil
}

type assignInput struct {
	RoundPath
	Body struct {
		IdeaID   uuid.UUID `json:"idea_id" format:"uuid"`
		ExpertID uuid.UUID `json:"expert_id" format:"uuid"`
	}
}

// assignOne adds one expert to one idea by hand, under the same guards.
func (a *api) assignOne(ctx context.Context, c caller, in *assignInput) (*roomOutput, error) {
	id, err := idOf(in.Round)
	if err != nil {
		return nil, err
	}
	if err := a.store.AssignExpert(ctx, c.tenant.ID, id, in.Body.IdeaID, in.Body.ExpertID, c.person.ID); err != nil {
		return nil, err
	}
	return a.roomOf(ctx, c, id)
}

// startRound invites everybody who was chosen.
func (a *api) startRound(ctx context.Context, c caller, in *RoundPath) (*roomOutput, error) {
	return a.moveRound(ctx, c, in, a.store.StartRound)
}

// closeRound ends the writing of reviews.
func (a *api) closeRound(ctx context.Context, c caller, in *RoundPath) (*roomOutput, error) {
	return a.moveRound(ctx, c, in, a.store.CloseRound)
}

// finishRound fixes the outcome once every idea has its decision.
func (a *api) finishRound(ctx context.Context, c caller, in *RoundPath) (*roomOutput, error) {
	return a.moveRound(ctx, c, in, a.store.FinishRound)
}

// publishRound shows reviews and decisions to everybody.
func (a *api) publishRound(ctx context.Context, c caller, in *RoundPath) (*roomOutput, error) {
	return a.moveRound(ctx, c, in, a.store.PublishRound)
}

func (a *api) moveRound(ctx context.Context, c caller, in *RoundPath, move func(context.Context, tenant.ID, uuid.UUID, uuid.UUID) error) (*roomOutput, error) {
	id, err := idOf(in.Round)
	if err != nil {
		return nil, err
	}
	if err := move(ctx, c.tenant.ID, id, c.person.ID); err != nil {
		return nil, err
	}
	return a.roomOf(ctx, c, id)
}
