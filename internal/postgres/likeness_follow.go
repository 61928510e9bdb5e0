package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"globalbrain/internal/idea"
	"globalbrain/internal/tenant"
)

// IdeaText is what an idea's newest version says, and where the idea stands.
type IdeaText struct {
	ID          uuid.UUID
	Founder     uuid.UUID
	FounderName string
	State       idea.State
	Version     int
	idea.Draft  // the texts and the language only
}

const ideaText = `i.id, i.founder_id, a.name, i.state, v.version, v.title, v.problem, v.solution, v.team, v.language
	from idea i
	join account a on a.id = i.founder_id
	join idea_version v on v.tenant_id = $1 and v.idea_id = i.id and v.version = i.version`

func scanIdeaText(row pgx.CollectableRow) (t IdeaText, err error) {
	err = row.Scan(&t.ID, &t.Founder, &t.FounderName, &t.State, &t.Version, &t.Title, &t.Problem, &t.Solution, &t.Team, &t.Language)
	return t, err
}

// IdeaEmbedding is where an idea lies in one model's space.
type IdeaEmbedding struct {
	Idea   uuid.UUID
	State  idea.State
	Vector []float32 // unit length; nil while the model has none of the newest version
}

const (
	followPage = 500 // ideas that are read at a time
	// A row carries the time at which it was written and is seen when its
	// transaction ends, so whoever follows looks back further than a transaction
	// can last: a statement is stopped after 15 s and an idle one after 30 s.
	followBack = "1 minute"
)

// FollowTexts calls each with the text of every idea that stands, or since a time
// that it returned, of every idea that took a step, and returns the time to ask
// from next. Ideas that stand no more are among those that took a step. An idea
// may come again although nothing is new, and all of them again when the
// transaction is repeated.
func (s *Store) FollowTexts(ctx context.Context, id tenant.ID, since time.Time, each func(IdeaText) error) (time.Time, error) {
	q := following{sql: `select ` + ideaText, all: `true`, stepped: `select t.idea_id from idea_transition t where t.tenant_id = $1 and t.at >= $4`}
	next, err := follow(ctx, s, id, since, q, scanIdeaText, func(t IdeaText) (uuid.UUID, error) { return t.ID, each(t) })
	if err != nil {
		return since, fmt.Errorf("follow the texts of tenant %d: %w", id, err)
	}
	return next, nil
}

// FollowEmbeddings does the same with what one model made of the ideas; a new
// score counts as a step.
func (s *Store) FollowEmbeddings(ctx context.Context, id tenant.ID, modelHash string, since time.Time, each func(IdeaEmbedding) error) (time.Time, error) {
	q := following{
		sql: `select i.id, i.state, s.embedding from idea i
			left join idea_score s on s.tenant_id = $1 and s.idea_id = i.id and s.version = i.version and s.model_hash = $5`,
		args: []any{modelHash}, all: `s.embedding is not null`,
		stepped: `select t.idea_id from idea_transition t where t.tenant_id = $1 and t.at >= $4
			union all select n.idea_id from idea_score n where n.tenant_id = $1 and n.created_at >= $4`,
	}
	next, err := follow(ctx, s, id, since, q, pgx.RowToStructByPos[IdeaEmbedding], func(e IdeaEmbedding) (uuid.UUID, error) { return e.Idea, each(e) })
	if err != nil {
		return since, fmt.Errorf("follow the embeddings of tenant %d: %w", id, err)
	}
	return next, nil
}

// following is what is read of ideas i: of all that stand, or of those that
// stepped. $1 is the tenant, and the arguments begin with $5.
type following struct {
	sql     string
	args    []any
	all     string // what else holds of those that are read at first
	stepped string // the ids of those that took a step since $4
}

// follow reads page after page, so that no statement runs for long and never
// more than a page is held. The first look and the later ones are two statements,
// for the first one reads the table and the later ones a few rows of two indexes.
func follow[T any](ctx context.Context, s *Store, id tenant.ID, since time.Time, q following, scan pgx.RowToFunc[T], each func(T) (uuid.UUID, error)) (next time.Time, err error) {
	sql, fourth := q.sql+` where i.tenant_id = $1 and i.state = any($4) and `+q.all, any(standingStates())
	if !since.IsZero() {
		sql, fourth = q.sql+` where i.tenant_id = $1 and i.id in (`+q.stepped+`)`, since
	}
	sql += ` and i.id > $2 order by i.id limit $3`
	err = s.db.InTenant(ctx, id, func(ctx context.Context, tx pgx.Tx) error {
		if err := tx.QueryRow(ctx, `select clock_timestamp() - interval '`+followBack+`'`).Scan(&next); err != nil {
			return err
		}
		after := uuid.Nil
		for {
			rows, err := tx.Query(ctx, sql, append([]any{id, after, followPage, fourth}, q.args...)...)
			if err != nil {
				return err
			}
			page, err := pgx.CollectRows(rows, scan)
			if err != nil {
				return err
			}
			for _, item := range page {
				if after, err = each(item); err != nil {
					return err
				}
			}
			if len(page) < followPage {
				return nil
			}
		}
	})
	return next, err
}

func standingStates() []idea.State {
	var standing []idea.State
	for _, s := range idea.States {
		if s.Standing() {
			standing = append(standing, s)
		}
	}
	return standing
}
