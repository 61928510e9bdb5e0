package postgres

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"globalbrain/internal/database"
	"globalbrain/internal/errs"
	"globalbrain/internal/idea"
	"globalbrain/internal/tenant"
)

// scoreColumns leave the embedding out: pages never show it.
const scoreColumns = `s.id, s.version, s.model, s.model_hash, s.language, s.abstained, s.reason, s.success, s.impact, s.feasibility, s.auditability, s.created_at`

// nullScore is where scoreColumns are read into when there may be no score.
type nullScore struct {
	id                               *uuid.UUID
	version                          *int
	model, hash, language, reason    *string
	abstained                        *bool
	success, impact, feasible, audit []float64
	at                               *time.Time
}

func (n *nullScore) into() []any {
	return []any{&n.id, &n.version, &n.model, &n.hash, &n.language, &n.abstained, &n.reason, &n.success, &n.impact, &n.feasible, &n.audit, &n.at}
}

func (n *nullScore) score() *idea.Score {
	if n.id == nil {
		return nil
	}
	return &idea.Score{
		ID: *n.id, Version: *n.version, Model: *n.model, ModelHash: *n.hash, Language: *n.language, Abstained: *n.abstained, Reason: *n.reason,
		Success: asBand(n.success), Impact: asBand(n.impact), Feasibility: asBand(n.feasible), Auditability: asBand(n.audit), At: *n.at,
	}
}

// asBand reads null, which stands for an abstention, as the zero band.
func asBand(numbers []float64) idea.Band {
	if len(numbers) != 3 {
		return idea.Band{}
	}
	return idea.Band{Value: numbers[0], Low: numbers[1], High: numbers[2]}
}

func scanScore(row pgx.CollectableRow) (idea.Score, error) {
	var n nullScore
	if err := row.Scan(n.into()...); err != nil {
		return idea.Score{}, err
	}
	return *n.score(), nil
}

// inForceFirst orders scores s of one version: that of the model in force f
// before all others, then the newest. An idea that only the next model has seen
// so far shows that one's score, under its name.
const inForceFirst = `coalesce(s.model_hash = f.model_hash, false) desc, s.created_at desc, s.id desc`

// IdeaScore returns the score that counts of an idea's newest version, without
// its embedding; while there is none it is NotFound with the code "idea.unscored".
// Who may still come to review the idea must not be shown it.
func (s *Store) IdeaScore(ctx context.Context, id tenant.ID, ideaID uuid.UUID) (idea.Score, error) {
	c, err := database.Row(ctx, s.db, id, scanScore, `
		select `+scoreColumns+` from idea_score s join idea i on i.tenant_id = $1 and i.id = s.idea_id and i.version = s.version
		left join model_in_force f on f.tenant_id = $1
		where s.tenant_id = $1 and s.idea_id = $2 order by `+inForceFirst+` limit 1`, id, ideaID)
	if errors.Is(err, pgx.ErrNoRows) {
		err = errs.Wrap(err, errs.NotFound, "idea.unscored", "The model has not scored this idea yet.")
	}
	if err != nil {
		return idea.Score{}, fmt.Errorf("read the score of idea %s: %w", ideaID, err)
	}
	return c, nil
}
