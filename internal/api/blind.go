package api

import (
	"context"

	"github.com/google/uuid"

	"globalbrain/internal/errs"
	"globalbrain/internal/ranking"
	"globalbrain/internal/review"
)

// refuseBlind refuses a reader who may still come to judge the idea: until
// their own review is handed in, nobody tells them what others or the model
// think of it.
func (a *api) refuseBlind(ctx context.Context, c caller, idea uuid.UUID) error {
	blind, err := a.store.BlindIdeas(ctx, c.tenant.ID, c.person.ID)
	if err == nil && blind.Hides(idea) {
		err = errBlind()
	}
	return err
}

func errBlind() error {
	return errs.New(errs.Forbidden, "review.blind", "You will see this when your own review is handed in.")
}

// blindTo reports whether a ranking holds an idea that must be judged blind:
// then none of it is shown, since the others' ranks would give its place away.
func blindTo(in ranking.Inputs, blind review.Blind) bool {
	for _, e := range in.Entries {
		if id, err := uuid.Parse(e.ID); err == nil && blind.Hides(id) {
			return true
		}
	}
	return false
}
