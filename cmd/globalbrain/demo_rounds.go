package main

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"globalbrain/internal/postgres"
	"globalbrain/internal/review"
)

// holdRound takes ideas through a whole review round, to its publication.
func (p *demoPlace) holdRound(ctx context.Context, boss uuid.UUID, ideas []written) error {
	round, err := p.assign(ctx, boss, ideas)
	if err != nil {
		return err
	}
	if err := p.writeReviews(ctx, ideas); err != nil {
		return err
	}
	if err := p.app.CloseRound(ctx, p.tenant.ID, round, boss); err != nil {
		return err
	}
	for _, w := range ideas {
		err := p.app.DecideIdea(ctx, p.tenant, postgres.RoundDecision{
			Round: round, Idea: w.id, Chair: boss, Decision: review.Shortlist, Reason: "The experts' reviews carry it.",
		})
		if err != nil {
			return fmt.Errorf("shortlist %s: %w", w.Key, err)
		}
	}
	if err := p.app.FinishRound(ctx, p.tenant.ID, round, boss); err != nil {
		return err
	}
	return p.app.PublishRound(ctx, p.tenant.ID, round, boss)
}

// startRound opens a round that is still running: places are filled and the
// first reviews are in.
func (p *demoPlace) startRound(ctx context.Context, boss uuid.UUID, ideas []written) error {
	round, err := p.assign(ctx, boss, ideas)
	if err != nil {
		return err
	}
	if err := p.writeReviews(ctx, ideas); err != nil {
		return err
	}
	_, err = p.app.AssignExperts(ctx, p.tenant, round, boss)
	return err
}

// assign opens a round over the ideas in review and invites the experts that
// the content names.
func (p *demoPlace) assign(ctx context.Context, boss uuid.UUID, ideas []written) (uuid.UUID, error) {
	round, err := p.app.OpenRound(ctx, p.tenant.ID, postgres.RoundOpen{Call: p.call, Chair: boss, Due: time.Now().AddDate(0, 0, 14)})
	if err != nil {
		return uuid.Nil, err
	}
	for _, w := range ideas {
		for _, r := range w.Reviews {
			if err := p.app.AssignExpert(ctx, p.tenant.ID, round.ID, w.id, p.people[r.Expert], boss); err != nil {
				return uuid.Nil, fmt.Errorf("assign %s to %s: %w", r.Expert, w.Key, err)
			}
		}
	}
	return round.ID, p.app.StartRound(ctx, p.tenant.ID, round.ID, boss)
}

// writeReviews has each expert accept and hand in what the content says.
func (p *demoPlace) writeReviews(ctx context.Context, ideas []written) error {
	for _, w := range ideas {
		for _, r := range w.Reviews {
			if err := p.writeReview(ctx, w, r); err != nil {
				return fmt.Errorf("%s reviews %s: %w", r.Expert, w.Key, err)
			}
		}
	}
	return nil
}

func (p *demoPlace) writeReview(ctx context.Context, w written, r demoReview) error {
	expert := p.people[r.Expert]
	desk, err := p.app.Desk(ctx, p.tenant.ID, expert)
	if err != nil {
		return err
	}
	for _, item := range desk {
		if item.Assignment.Idea != w.id || item.Assignment.State != review.Invited {
			continue
		}
		if err := p.app.AcceptAssignment(ctx, p.tenant.ID, item.Assignment.ID, expert); err != nil {
			return err
		}
		return p.app.SubmitReview(ctx, p.tenant, item.Assignment.ID, expert, review.Sheet{
			{Score: r.Impact, Confidence: r.Confidence, Rationale: r.Rationale["impact"]},
			{Score: r.Feasibility, Confidence: r.Confidence, Rationale: r.Rationale["feasibility"]},
			{Score: r.Auditability, Confidence: r.Confidence, Rationale: r.Rationale["auditability"]},
		})
	}
	return fmt.Errorf("there is no invitation on the desk")
}
