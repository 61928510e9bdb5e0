package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"globalbrain/internal/database"
	"globalbrain/internal/idea"
	"globalbrain/internal/tenant"
)

// Waiting is an idea that waits for a moderator's decision.
type Waiting struct {
	ID            uuid.UUID
	Founder       uuid.UUID
	FounderName   string
	CallTitle     map[string]string
	State         idea.State // Submitted, or Screening once somebody has taken it
	Title         string
	Language      string
	Version       int
	ChangeCycles  int
	SubmittedAt   time.Time
	Age           time.Duration // since then, by the database's clock
	ModeratorID   uuid.UUID     // who has taken it; uuid.Nil while nobody has
	ModeratorName string
	Score         *idea.Score // of this version; nil until the model has read it
}

type waitingKey struct {
	At time.Time `json:"t"`
	ID uuid.UUID `json:"i"`
}

// ScreeningQueue lists the ideas that wait for a moderator, the longest wait
// first. The score is shown to moderators, and never orders or decides anything.
func (s *Store) ScreeningQueue(ctx context.Context, id tenant.ID, next string, size int) (Page[Waiting], error) {
	var after waitingKey
	if _, err := readKey(next, &after); err != nil {
		return Page[Waiting]{}, err
	}
	list, err := database.Rows(ctx, s.db, id, scanWaiting, `
		select i.id, i.founder_id, a.name, c.title, i.state, i.title, i.language, i.version, i.change_cycles,
		  i.submitted_at, extract(epoch from clock_timestamp() - i.submitted_at)::float8, t.actor_id, t.name, `+scoreColumns+`
		from idea i
		join account a on a.id = i.founder_id
		join call c on c.tenant_id = $1 and c.id = i.call_id
		left join lateral (
		  select t.actor_id, p.name from idea_transition t join account p on p.id = t.actor_id
		  where t.tenant_id = $1 and t.idea_id = i.id order by t.seq desc limit 1) t on i.state = 'screening'
		left join lateral (
		  select s.* from idea_score s left join model_in_force f on f.tenant_id = $1
		  where s.tenant_id = $1 and s.idea_id = i.id and s.version = i.version
		  order by `+inForceFirst+` limit 1) s on true
		where i.tenant_id = $1 and i.state in ('submitted', 'screening') and (i.submitted_at, i.id) > ($2, $3)
		order by i.submitted_at, i.id limit $4`, id, after.At, after.ID, size+1)
	if err != nil {
		return Page[Waiting]{}, fmt.Errorf("read the screening queue: %w", err)
	}
	return pageOf(list, size, func(w Waiting) waitingKey { return waitingKey{w.SubmittedAt, w.ID} })
}

func scanWaiting(row pgx.CollectableRow) (w Waiting, err error) {
	var seconds float64
	var moderator *uuid.UUID
	var name *string
	var score nullScore
	into := []any{
		&w.ID, &w.Founder, &w.FounderName, &w.CallTitle, &w.State, &w.Title, &w.Language, &w.Version, &w.ChangeCycles,
		&w.SubmittedAt, &seconds, &moderator, &name,
	}
	if err = row.Scan(append(into, score.into()...)...); err != nil {
		return w, err
	}
	w.Age = time.Duration(seconds * float64(time.Second))
	w.ModeratorID, w.ModeratorName = orZero(moderator), orZero(name)
	w.Score = score.score()
	return w, nil
}
