package api

import (
	"context"

	"github.com/google/uuid"

	"globalbrain/internal/postgres"
	"globalbrain/internal/review"
)

// roomForm is everything that a chair sees of one round.
type roomForm struct {
	Round roundForm      `json:"round"`
	Items []roomItemForm `json:"items"`
}

// roomItemForm is one idea of a round, to its chair.
type roomItemForm struct {
	IdeaID     uuid.UUID       `json:"idea_id"`
	Title      string          `json:"title"`
	State      string          `json:"state" doc:"The idea's"`
	Conflict   review.Conflict `json:"conflict,omitempty" doc:"Why the chair can neither see nor decide"`
	Reviewers  []reviewerForm  `json:"reviewers"`
	Finals     []sheetForm     `json:"finals" doc:"Reviews that were handed in"`
	Decision   review.Decision `json:"decision,omitempty"`
	MayBeAsked []expertForm    `json:"may_be_asked" doc:"Experts without a conflict who were not asked yet"`
}

type reviewerForm struct {
	Name         string                 `json:"name"`
	Organisation string                 `json:"organisation,omitempty"`
	State        review.AssignmentState `json:"state"`
}

type expertForm struct {
	ID           uuid.UUID `json:"id"`
	Name         string    `json:"name"`
	Organisation string    `json:"organisation,omitempty"`
	Load         int       `json:"load" doc:"Reviews that the expert owes now"`
}

func formOfRoomItem(i postgres.RoomItem) roomItemForm {
	return roomItemForm{
		IdeaID: i.Idea, Title: i.Title, State: i.State, Conflict: i.Conflict, Decision: i.Decision,
		Reviewers:  each(i.Reviewers, func(r postgres.RoomReviewer) reviewerForm { return reviewerForm{r.Name, r.Organisation, r.State} }),
		Finals:     each(i.Finals, func(f review.Final) sheetForm { return formOfSheet(f.Sheet) }),
		MayBeAsked: each(i.MayBeAsked, func(e postgres.RoomExpert) expertForm { return expertForm{e.ID, e.Name, e.Organisation, e.Load} }),
	}
}

type roomOutput struct{ Body roomForm }

func (a *api) room(ctx context.Context, c caller, in *RoundPath) (*roomOutput, error) {
	id, err := idOf(in.Round)
	if err != nil {
		return nil, err
	}
	return a.roomOf(ctx, c, id)
}

func (a *api) roomOf(ctx context.Context, c caller, id uuid.UUID) (*roomOutput, error) {
	room, err := a.store.Room(ctx, c.tenant.ID, id, c.person.ID)
	if err != nil {
		return nil, err
	}
	return &roomOutput{roomForm{formOfRound(room.RoundLine), each(room.Items, formOfRoomItem)}}, nil
}

type decideIdeaInput struct {
	RoundPath
	Idea string `path:"idea" doc:"The idea's id"`
	Body struct {
		Decision review.Decision `json:"decision" enum:"shortlisted,rejected"`
		Reason   string          `json:"reason,omitempty" doc:"To the founder; a rejection needs at least 20 characters" maxLength:"4000"`
	}
}

// decideIdea shortlists or rejects an idea of a closed round, for good.
func (a *api) decideIdea(ctx context.Context, c caller, in *decideIdeaInput) (*roomOutput, error) {
	id, err := idOf(in.Round)
	if err != nil {
		return nil, err
	}
	idea, err := idOf(in.Idea)
	if err != nil {
		return nil, err
	}
	err = a.store.DecideIdea(ctx, c.tenant, postgres.RoundDecision{Round: id, Idea: idea, Chair: c.person.ID, Decision: in.Body.Decision, Reason: in.Body.Reason})
	if err != nil {
		return nil, err
	}
	return a.roomOf(ctx, c, id)
}
