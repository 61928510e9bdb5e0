package main

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"globalbrain/internal/idea"
	"globalbrain/internal/moderation"
	"globalbrain/internal/money"
	"globalbrain/internal/tenant"
)

// How far a demo idea has come.
const (
	stageDraft     = "draft"
	stageSubmitted = "submitted"
	stageInReview  = "in_review"
	stageReviewed  = "reviewed"
	stageChanges   = "changes_requested"
	stageRejected  = "rejected"
	stageLive      = "campaign_live"
	stageLiveLate  = "campaign_live_late" // live, with its deadline near
)

// passed tells whether an idea has been through a whole review round.
func (i demoIdea) passed() bool {
	return i.Stage == stageReviewed || i.Stage == stageLive || i.Stage == stageLiveLate
}

// written is a demo idea with its id in the database.
type written struct {
	demoIdea
	id uuid.UUID
}

// fillIdeas brings the tenant's ideas as far as the content says: those that
// have been through a round first, so that the round that runs holds the rest.
func (p *demoPlace) fillIdeas(ctx context.Context) error {
	boss := p.withRole(tenant.Owner)[0]
	call, err := p.app.CreateCall(ctx, p.tenant.ID, boss, idea.Call{Slug: p.content.Call.Slug, Title: p.content.Call.Title, Brief: p.content.Call.Brief})
	if err != nil {
		return err
	}
	p.call = call.ID
	var passed, inReview, all []written
	for _, i := range p.content.Ideas {
		w, err := p.write(ctx, i)
		if err != nil {
			return fmt.Errorf("write idea %s: %w", i.Key, err)
		}
		all = append(all, w)
		switch {
		case i.passed():
			passed = append(passed, w)
		case i.Stage == stageInReview:
			inReview = append(inReview, w)
		}
	}
	if err := p.holdRound(ctx, boss, passed); err != nil {
		return fmt.Errorf("hold the first round: %w", err)
	}
	for _, w := range inReview {
		if err := p.screen(ctx, w); err != nil {
			return err
		}
	}
	if err := p.startRound(ctx, boss, inReview); err != nil {
		return fmt.Errorf("start the second round: %w", err)
	}
	for _, w := range all {
		if err := p.support(ctx, w); err != nil {
			return err
		}
	}
	return p.fillCampaigns(ctx, passed)
}

func (p *demoPlace) withRole(role tenant.Role) []uuid.UUID {
	var list []uuid.UUID
	for _, person := range p.content.People {
		for _, r := range person.Roles {
			if tenant.Role(r) == role {
				list = append(list, p.people[person.Key])
			}
		}
	}
	return list
}

// write takes an idea from an empty draft to where its founder left it, and
// through screening unless it waits for the second round.
func (p *demoPlace) write(ctx context.Context, i demoIdea) (written, error) {
	w := written{demoIdea: i}
	founder := p.people[i.Founder]
	made, err := p.app.CreateIdea(ctx, p.tenant.ID, founder, p.call)
	if err != nil {
		return w, err
	}
	w.id = made.ID
	saved, err := p.app.SaveDraft(ctx, p.tenant.ID, founder, made.ID, made.Edit, idea.Draft{
		Title: i.Title, Problem: i.Problem, Solution: i.Solution, Team: i.Team, Language: i.Language,
		Goal: money.Amount{Minor: i.GoalMinor, Currency: p.tenant.Currency}, AIUse: idea.AIUse(i.AIUse), RightsConfirmed: true,
	})
	if err != nil || i.Stage == stageDraft {
		return w, err
	}
	if _, err := p.app.SubmitIdea(ctx, p.tenant.ID, founder, made.ID, saved.Edit); err != nil {
		return w, err
	}
	if i.Stage == stageSubmitted || i.Stage == stageInReview {
		return w, nil
	}
	return w, p.screen(ctx, w)
}

// screen is what the tenant's moderator decided.
func (p *demoPlace) screen(ctx context.Context, w written) error {
	moderator := p.withRole(tenant.Moderator)[0]
	if _, err := p.app.TakeForScreening(ctx, p.tenant.ID, moderator, w.id); err != nil {
		return err
	}
	d := moderation.Decision{Verdict: moderation.Accept}
	switch w.Stage {
	case stageChanges:
		d = moderation.Decision{Verdict: moderation.RequestChanges, Note: w.Note}
	case stageRejected:
		d = moderation.Decision{Verdict: moderation.Reject, Rule: moderation.Rule(w.Rule), Note: w.Note}
	}
	_, err := p.app.DecideScreening(ctx, p.tenant.ID, moderator, w.id, 1, d)
	return err
}

func (p *demoPlace) support(ctx context.Context, w written) error {
	if !w.passed() && w.Stage != stageInReview {
		return nil // only public ideas can be supported
	}
	for _, key := range w.Support {
		if key == w.Founder {
			continue
		}
		if err := p.app.Support(ctx, p.tenant.ID, w.id, p.people[key]); err != nil {
			return fmt.Errorf("%s supports %s: %w", key, w.Key, err)
		}
	}
	return nil
}
