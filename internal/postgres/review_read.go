package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"globalbrain/internal/database"
	"globalbrain/internal/review"
	"globalbrain/internal/tenant"
)

// DeskItem is one line of a reviewer's desk.
type DeskItem struct {
	Assignment review.Assignment
	Title      string
	Call       map[string]string
	RoundState review.RoundState
	Answered   int // criteria answered in the draft
}

// Desk lists what a reviewer was asked to do: first what is due next, then what
// is done. Declined and expired invitations are not listed.
func (s *Store) Desk(ctx context.Context, id tenant.ID, reviewer uuid.UUID) ([]DeskItem, error) {
	list, err := database.Rows(ctx, s.db, id, func(row pgx.CollectableRow) (d DeskItem, err error) {
		var sheet review.Sheet
		a := &d.Assignment
		err = row.Scan(&a.ID, &a.Round, &a.Idea, &a.Version, &a.Reviewer, &a.Organisation, &a.State, &a.InvitedAt, &a.DueAt,
			&d.Title, &d.Call, &d.RoundState, &sheet)
		d.Answered = sheet.Answered()
		return d, err
	}, `
		select a.id, a.round_id, a.idea_id, a.version, a.reviewer_id, a.organisation, a.state, coalesce(a.invited_at, 'epoch'), a.due_at,
		       v.title, c.title, r.state, coalesce(d.sheet, '[{},{},{}]')
		from review_assignment a
		join review_round r on r.tenant_id = $1 and r.id = a.round_id
		join call c on c.tenant_id = $1 and c.id = r.call_id
		join idea_version v on v.tenant_id = $1 and v.idea_id = a.idea_id and v.version = a.version
		left join review_draft d on d.tenant_id = $1 and d.assignment_id = a.id
		where a.tenant_id = $1 and a.reviewer_id = $2 and a.state in ('invited', 'accepted', 'in_progress', 'submitted', 'final')
		order by a.state in ('submitted', 'final'), a.due_at, a.id`, id, reviewer)
	if err != nil {
		return nil, fmt.Errorf("read the desk of %s: %w", reviewer, err)
	}
	return list, nil
}

// DeskTask is what a reviewer works on: the idea as it was submitted, and nothing
// that anybody, or the model, said about it.
type DeskTask struct {
	DeskItem
	Problem   string
	Solution  string
	Team      string
	GoalMinor int64
	Currency  string
	Language  string
	Founder   string
	Sheet     review.Sheet // the draft, or the final review
	SavedAt   time.Time    // zero without a draft
}

// ReviewTask returns one of the reviewer's own assignments with its material.
func (s *Store) ReviewTask(ctx context.Context, id tenant.ID, assignmentID, reviewer uuid.UUID) (DeskTask, error) {
	task, err := database.Row(ctx, s.db, id, func(row pgx.CollectableRow) (t DeskTask, err error) {
		var saved *time.Time
		var scores, confidences []int
		var rationales []string
		a := &t.Assignment
		err = row.Scan(&a.ID, &a.Round, &a.Idea, &a.Version, &a.Reviewer, &a.Organisation, &a.State, &a.InvitedAt, &a.DueAt,
			&t.Title, &t.Call, &t.RoundState, &t.Sheet, &saved, &scores, &confidences, &rationales,
			&t.Problem, &t.Solution, &t.Team, &t.GoalMinor, &t.Currency, &t.Language, &t.Founder)
		if saved != nil {
			t.SavedAt = *saved
		}
		if len(scores) > 0 {
			t.Sheet = sheetOf(scores, confidences, rationales)
		}
		t.Answered = t.Sheet.Answered()
		return t, err
	}, `
		select a.id, a.round_id, a.idea_id, a.version, a.reviewer_id, a.organisation, a.state, coalesce(a.invited_at, 'epoch'), a.due_at,
		       v.title, c.title, r.state, coalesce(d.sheet, '[{},{},{}]'), d.saved_at, f.scores, f.confidences, f.rationales,
		       v.problem, v.solution, v.team, v.goal_minor, v.currency, v.language, p.name
		from review_assignment a
		join review_round r on r.tenant_id = $1 and r.id = a.round_id
		join call c on c.tenant_id = $1 and c.id = r.call_id
		join idea_version v on v.tenant_id = $1 and v.idea_id = a.idea_id and v.version = a.version
		join idea i on i.tenant_id = $1 and i.id = a.idea_id
		join account p on p.id = i.founder_id
		left join review_draft d on d.tenant_id = $1 and d.assignment_id = a.id
		left join review_final f on f.tenant_id = $1 and f.assignment_id = a.id
		where a.tenant_id = $1 and a.id = $2 and a.reviewer_id = $3 and a.state <> 'proposed'`, id, assignmentID, reviewer)
	if err != nil {
		return task, fmt.Errorf("read assignment %s: %w", assignmentID, err)
	}
	return task, nil
}

// PublishedReview is a final review as everybody may read it, without a name.
type PublishedReview struct {
	Number int // 1, 2, 3: the reviewer's place in this idea's reviews
	Sheet  review.Sheet
	At     time.Time
}

// PublishedReviews lists an idea's reviews of its published rounds.
func (s *Store) PublishedReviews(ctx context.Context, id tenant.ID, idea, reader uuid.UUID) ([]PublishedReview, error) {
	blind, err := s.BlindIdeas(ctx, id, reader)
	if err != nil {
		return nil, err
	}
	if blind.Hides(idea) {
		return nil, errBlind()
	}
	list, err := database.Rows(ctx, s.db, id, func(row pgx.CollectableRow) (p PublishedReview, err error) {
		var scores, confidences []int
		var rationales []string
		if err = row.Scan(&p.Number, &scores, &confidences, &rationales, &p.At); err == nil {
			p.Sheet = sheetOf(scores, confidences, rationales)
		}
		return p, err
	}, `
		select row_number() over (order by f.assignment_id), f.scores, f.confidences, f.rationales, f.at
		from review_final f join review_round r on r.tenant_id = $1 and r.id = f.round_id
		where f.tenant_id = $1 and f.idea_id = $2 and r.state = 'published' order by f.assignment_id`, id, idea)
	if err != nil {
		return nil, fmt.Errorf("read the reviews of idea %s: %w", idea, err)
	}
	return list, nil
}
