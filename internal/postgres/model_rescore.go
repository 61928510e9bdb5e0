package postgres

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"globalbrain/internal/database"
	"globalbrain/internal/idea"
	"globalbrain/internal/job"
	"globalbrain/internal/promotion"
	"globalbrain/internal/tenant"
)

// scorable are the ideas that a model in force must have scored: all that were
// ever submitted, those of closed rounds among them, but for the withdrawn.
const scorable = `i.version > 0 and i.state <> 'withdrawn'`

// notScoredBy is a condition on idea i; %s is the parameter with the hash.
const notScoredBy = `not exists (select from idea_score s
	where s.tenant_id = $1 and s.model_hash = %s and s.idea_id = i.id and s.version = i.version)`

// Unscored is an idea whose newest version a model has not seen.
type Unscored struct {
	Idea    uuid.UUID
	Version int
	idea.Draft
}

// UnscoredIdeas lists ideas that a model has not scored, by id and after the
// given one.
func (s *Store) UnscoredIdeas(ctx context.Context, id tenant.ID, modelHash string, after uuid.UUID, size int) ([]Unscored, error) {
	list, err := database.Rows(ctx, s.db, id, func(row pgx.CollectableRow) (u Unscored, err error) {
		err = row.Scan(&u.Idea, &u.Version, &u.Title, &u.Problem, &u.Solution, &u.Team, &u.Goal.Minor, &u.Goal.Currency, &u.Language)
		return u, err
	}, `
		select i.id, v.version, v.title, v.problem, v.solution, v.team, v.goal_minor, v.currency, v.language
		from idea i join idea_version v on v.tenant_id = $1 and v.idea_id = i.id and v.version = i.version
		where i.tenant_id = $1 and `+scorable+` and i.id > $3 and `+fmt.Sprintf(notScoredBy, "$2")+`
		order by i.id limit $4`, id, modelHash, after, size)
	if err != nil {
		return nil, fmt.Errorf("list ideas without a score: %w", err)
	}
	return list, nil
}

// Rescoring is how far a model has come with a tenant's ideas.
type Rescoring struct{ Scored, Ideas int }

// Rescored counts the ideas that a model has scored.
func (s *Store) Rescored(ctx context.Context, id tenant.ID, modelHash string) (Rescoring, error) {
	r, err := database.Row(ctx, s.db, id, pgx.RowToStructByPos[Rescoring], `
		select count(*) filter (where not `+fmt.Sprintf(notScoredBy, "$2")+`), count(*) from idea i where i.tenant_id = $1 and `+scorable, id, modelHash)
	if err != nil {
		return r, fmt.Errorf("count ideas without a score: %w", err)
	}
	return r, nil
}

// Scored is a score with the version that it is about.
type Scored struct {
	Idea    uuid.UUID
	Version int
	Score   idea.Score
}

// StoreScores keeps a page of a re-scoring, whose scores are all by one model, and
// asks for the page that follows. What it stores does not count yet, so it asks
// for no ranking, unless the model is in force again after a rollback and lacked
// what came meanwhile.
func (s *Store) StoreScores(ctx context.Context, id tenant.ID, page []Scored) error {
	err := s.db.InTenant(ctx, id, func(ctx context.Context, tx pgx.Tx) error {
		for _, c := range page {
			if _, err := insertScore(ctx, tx, id, c.Idea, c.Version, c.Score); err != nil {
				return err
			}
		}
		if len(page) == 0 {
			return nil
		}
		if err := s.rankCounted(ctx, tx, id, page); err != nil {
			return err
		}
		return s.enqueueRescore(ctx, tx, job.RescoreIdeas{Tenant: id, After: page[len(page)-1].Idea})
	})
	if err != nil {
		return fmt.Errorf("store %d scores: %w", len(page), err)
	}
	return nil
}

// rankCounted asks for new rankings of the page's calls if its model is in force.
func (s *Store) rankCounted(ctx context.Context, tx pgx.Tx, id tenant.ID, page []Scored) error {
	ideas := make([]uuid.UUID, len(page))
	for i, c := range page {
		ideas[i] = c.Idea
	}
	return s.rankCalls(ctx, tx, id, `i.id = any($2) and exists (select from model_in_force f where f.tenant_id = $1 and f.model_hash = $3)`, ideas, page[0].Score.ModelHash)
}

// rankCalls asks for new rankings of the calls with ideas to rank that where
// selects; $1 is the tenant.
func (s *Store) rankCalls(ctx context.Context, tx pgx.Tx, id tenant.ID, where string, args ...any) error {
	rows, err := tx.Query(ctx, `select distinct i.call_id from idea i
		where i.tenant_id = $1 and i.state in ('in_review', 'shortlisted') and `+where, append([]any{id}, args...)...)
	if err != nil {
		return err
	}
	calls, err := pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
	if err != nil {
		return err
	}
	for _, call := range calls {
		if err := s.enqueueSnapshot(ctx, tx, id, call); err != nil {
			return err
		}
	}
	return nil
}

// PutInForce makes the scores of m, which the choice led to, the ones that
// pages and rankings show, if it has scored every idea and the choice is still
// the same. It asks for new rankings of every call with ideas to rank and
// reports whether m is in force; of anything else it asks for what is missing.
func (s *Store) PutInForce(ctx context.Context, id tenant.ID, choice promotion.Choice, m promotion.Model) (in bool, err error) {
	err = s.db.InTenant(ctx, id, func(ctx context.Context, tx pgx.Tx) error {
		in = false
		if err := lockInForce(ctx, tx, id); err != nil {
			return err
		}
		rows, err := tx.Query(ctx, choiceSelect, id)
		if err != nil {
			return err
		}
		now, err := pgx.CollectExactlyOneRow(rows, scanChoice)
		if err != nil || now.Live() != choice.Live() {
			return err // the step that changed it has left a job of its own
		}
		var missing bool
		err = tx.QueryRow(ctx, `select exists (select from idea i where i.tenant_id = $1 and `+scorable+` and `+fmt.Sprintf(notScoredBy, "$2")+`)`, id, m.Hash).Scan(&missing)
		if err != nil {
			return err
		}
		if missing { // submitted meanwhile, and scored soon
			return s.enqueueRescore(ctx, tx, job.RescoreIdeas{Tenant: id})
		}
		in = true
		return s.changeInForce(ctx, tx, id, m)
	})
	if err != nil {
		return false, fmt.Errorf("put %s in force: %w", m.Title, err)
	}
	return in, nil
}

// changeInForce notes m and, when it was another one before, ranks every call anew.
func (s *Store) changeInForce(ctx context.Context, tx pgx.Tx, id tenant.ID, m promotion.Model) error {
	done, err := tx.Exec(ctx, `
		insert into model_in_force as f (tenant_id, model, model_hash) values ($1, $2, $3)
		on conflict (tenant_id) do update set model = excluded.model, model_hash = excluded.model_hash, since = clock_timestamp()
		where f.model_hash <> excluded.model_hash`, id, m.Title, m.Hash)
	if err != nil || done.RowsAffected() == 0 {
		return err
	}
	return s.rankCalls(ctx, tx, id, `true`)
}

// AskRescore asks for a tenant's ideas to be scored by the model that serves it.
func (s *Store) AskRescore(ctx context.Context, id tenant.ID) error {
	return s.db.InTenant(ctx, id, func(ctx context.Context, tx pgx.Tx) error {
		return s.enqueueRescore(ctx, tx, job.RescoreIdeas{Tenant: id})
	})
}

// background is River's lowest priority: new ideas, mail and money go first.
const background = 4

func (s *Store) enqueueRescore(ctx context.Context, tx pgx.Tx, args job.RescoreIdeas) error {
	return s.enqueue(ctx, tx, args, &river.InsertOpts{Priority: background})
}
