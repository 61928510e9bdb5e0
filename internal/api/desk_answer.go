package api

import (
	"context"

	"github.com/google/uuid"

	"globalbrain/internal/tenant"
)

type answerInput struct {
	AssignmentPath
	Body struct {
		Reason string `json:"reason,omitempty" maxLength:"1000"`
	}
}

// accept agrees to review.
func (a *api) accept(ctx context.Context, c caller, in *AssignmentPath) (*taskOutput, error) {
	id, err := idOf(in.Assignment)
	if err != nil {
		return nil, err
	}
	if err := a.store.AcceptAssignment(ctx, c.tenant.ID, id, c.person.ID); err != nil {
		return nil, err
	}
	return a.task(ctx, c, in)
}

// decline says no to an invitation.
func (a *api) decline(ctx context.Context, c caller, in *answerInput) (*struct{}, error) {
	return a.leave(ctx, c, in, a.store.DeclineAssignment)
}

// declareConflict says that the caller must not judge the idea, for good.
func (a *api) declareConflict(ctx context.Context, c caller, in *answerInput) (*struct{}, error) {
	return a.leave(ctx, c, in, a.store.DeclareConflict)
}

// recuse steps back from a review that is not handed in.
func (a *api) recuse(ctx context.Context, c caller, in *answerInput) (*struct{}, error) {
	return a.leave(ctx, c, in, a.store.RecuseFromAssignment)
}

func (a *api) leave(ctx context.Context, c caller, in *answerInput, how func(context.Context, tenant.ID, uuid.UUID, uuid.UUID, string) error) (*struct{}, error) {
	id, err := idOf(in.Assignment)
	if err != nil {
		return nil, err
	}
	return nil, how(ctx, c.tenant.ID, id, c.person.ID, in.Body.Reason)
}

type sheetInput struct {
	AssignmentPath
	Body sheetForm
}

// saveReview keeps what a reviewer has typed so far.
func (a *api) saveReview(ctx context.Context, c caller, in *sheetInput) (*taskOutput, error) {
	id, err := idOf(in.Assignment)
	if err != nil {
		return nil, err
	}
	if err := a.store.SaveReviewDraft(ctx, c.tenant.ID, id, c.person.ID, in.Body.sheet()); err != nil {
		return nil, err
	}
	return a.task(ctx, c, &in.AssignmentPath)
}

// submitReview hands a review in; it is final at once.
func (a *api) submitReview(ctx context.Context, c caller, in *sheetInput) (*taskOutput, error) {
	id, err := idOf(in.Assignment)
	if err != nil {
		return nil, err
	}
	if err := a.store.SubmitReview(ctx, c.tenant, id, c.person.ID, in.Body.sheet()); err != nil {
		return nil, err
	}
	return a.task(ctx, c, &in.AssignmentPath)
}
