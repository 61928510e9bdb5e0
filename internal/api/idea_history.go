package api

import (
	"context"
	"time"

	"globalbrain/internal/errs"
	"globalbrain/internal/idea"
	"globalbrain/internal/postgres"
	"globalbrain/internal/tenant"
)

// stepForm is one step that an idea took.
type stepForm struct {
	From   idea.State `json:"from"`
	To     idea.State `json:"to"`
	Reason string     `json:"reason,omitempty"`
	At     time.Time  `json:"at"`
}

// historyForm is what an idea went through.
type historyForm struct {
	Steps     []stepForm     `json:"steps" doc:"The first one first"`
	Decisions []decisionForm `json:"decisions" doc:"Of moderators, the newest first"`
}

type historyOutput struct{ Body historyForm }

// ideaHistory is for the founder and for moderators.
func (a *api) ideaHistory(ctx context.Context, c caller, in *IdeaPath) (*historyOutput, error) {
	v, err := a.visible(ctx, c, in.Idea)
	if err != nil {
		return nil, err
	}
	if v.Founder != c.person.ID && !c.person.May(tenant.Moderate) {
		return nil, errs.New(errs.Forbidden, "idea.not_yours", "Only the founder can do this.")
	}
	steps, err := a.store.IdeaHistory(ctx, c.tenant.ID, v.ID)
	if err != nil {
		return nil, err
	}
	decisions, err := a.store.ScreeningDecisions(ctx, c.tenant.ID, v.ID)
	if err != nil {
		return nil, err
	}
	return &historyOutput{historyForm{
		each(steps, func(t idea.Transition) stepForm { return stepForm{t.From, t.To, t.Reason, t.At} }),
		each(decisions, func(d postgres.Screened) decisionForm {
			return decisionForm{d.Version, d.Verdict, d.Rule, d.Note, d.At}
		}),
	}}, nil
}
