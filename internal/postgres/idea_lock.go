package postgres

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"globalbrain/internal/errs"
	"globalbrain/internal/idea"
	"globalbrain/internal/tenant"
)

const ideaColumns = `i.id, i.call_id, i.founder_id, i.state, i.version, i.edit, i.change_cycles, i.created_at, i.updated_at, i.submitted_at,
	i.title, i.problem, i.solution, i.team, i.goal_minor, i.currency, i.language, i.ai_use, i.rights_confirmed`

// ideaInto gives the places that one row of ideaColumns is read into; call the
// function when the row is read.
func ideaInto(i *idea.Idea) ([]any, func()) {
	var submitted *time.Time
	var goal *int64
	return []any{
			&i.ID, &i.Call, &i.Founder, &i.State, &i.Version, &i.Edit, &i.ChangeCycles, &i.CreatedAt, &i.UpdatedAt, &submitted,
			&i.Title, &i.Problem, &i.Solution, &i.Team, &goal, &i.Goal.Currency, &i.Language, &i.AIUse, &i.RightsConfirmed,
		}, func() {
			i.SubmittedAt, i.Goal.Minor = orZero(submitted), orZero(goal)
		}
}

// lockIdea reads an idea and keeps every other act on it waiting until tx ends.
// Rows that only refer to the idea do not wait, for its key does not change.
func lockIdea(ctx context.Context, tx pgx.Tx, id tenant.ID, ideaID uuid.UUID) (i idea.Idea, err error) {
	into, done := ideaInto(&i)
	err = tx.QueryRow(ctx, `select `+ideaColumns+` from idea i where i.tenant_id = $1 and i.id = $2 for no key update`, id, ideaID).Scan(into...)
	if errors.Is(err, pgx.ErrNoRows) {
		return i, ideaNotFound(err)
	}
	done()
	return i, err
}

func ideaNotFound(cause error) error {
	return errs.Wrap(cause, errs.NotFound, "idea.not_found", "This idea does not exist, or is not public.")
}
