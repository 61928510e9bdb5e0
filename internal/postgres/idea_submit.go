package postgres

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"globalbrain/internal/audit"
	"globalbrain/internal/idea"
	"globalbrain/internal/job"
	"globalbrain/internal/tenant"
)

// SubmitIdea hands in the saved text as a new version, which is then scored and
// waits for a moderator. edit is the Edit that the founder saw, as in SaveDraft.
// A call that has closed still takes back what it sent out for changes. alike are
// the ideas that the founder was shown as like this one, and goes on from all the
// same.
func (s *Store) SubmitIdea(ctx context.Context, id tenant.ID, founder, ideaID uuid.UUID, edit int64, alike ...idea.Likeness) (idea.Idea, error) {
	var i idea.Idea
	err := s.db.InTenant(ctx, id, func(ctx context.Context, tx pgx.Tx) (err error) {
		if i, err = lockIdea(ctx, tx, id, ideaID); err != nil {
			return err
		}
		var verified bool
		if err := tx.QueryRow(ctx, `select email_verified_at is not null from account where id = $1`, founder).Scan(&verified); err != nil {
			return err
		}
		if err := i.Submit(founder, verified); err != nil {
			return err
		}
		if err := sameEdit(i, edit); err != nil {
			return err
		}
		if i.Version == 0 {
			if err := callTakesIdeas(ctx, tx, id, i.Call); err != nil {
				return err
			}
		}
		if i, err = s.handIn(ctx, tx, id, i); err != nil {
			return err
		}
		return keepLikenesses(ctx, tx, id, i, alike)
	})
	if err != nil {
		return idea.Idea{}, fmt.Errorf("submit idea %s: %w", ideaID, err)
	}
	return i, nil
}

// handIn writes the version, the step, the audit line and the job.
func (s *Store) handIn(ctx context.Context, tx pgx.Tx, id tenant.ID, i idea.Idea) (idea.Idea, error) {
	err := tx.QueryRow(ctx, `
		update idea set version = version + 1, edit = edit + 1, submitted_at = clock_timestamp()
		where tenant_id = $1 and id = $2 returning version, edit, submitted_at`, id, i.ID).Scan(&i.Version, &i.Edit, &i.SubmittedAt)
	if err != nil {
		return i, err
	}
	_, err = tx.Exec(ctx, `
		insert into idea_version (tenant_id, idea_id, version, title, problem, solution, team, goal_minor, currency, language, ai_use)
		select tenant_id, id, version, title, problem, solution, team, goal_minor, currency, language, ai_use
		from idea where tenant_id = $1 and id = $2`, id, i.ID)
	if err != nil {
		return i, err
	}
	if err := transitionIdea(ctx, tx, id, i.ID, string(i.State), string(idea.Submitted), i.Founder, ""); err != nil {
		return i, err
	}
	i.State = idea.Submitted
	if err := record(ctx, tx, id, audit.Event{
		Actor: i.Founder, Action: "idea.submit", SubjectKind: "idea", SubjectID: i.ID, Detail: map[string]any{"version": i.Version},
	}); err != nil {
		return i, err
	}
	return i, s.enqueue(ctx, tx, job.ScoreIdea{Tenant: id, Idea: i.ID, Version: i.Version}, nil)
}
