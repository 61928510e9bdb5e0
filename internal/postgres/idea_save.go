package postgres

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"globalbrain/internal/errs"
	"globalbrain/internal/idea"
	"globalbrain/internal/tenant"
)

// SaveDraft stores what the founder has typed and returns the idea with its new
// Edit. edit is the Edit that the founder started from: when another tab or
// device has saved since, nothing is stored and the Conflict says so.
func (s *Store) SaveDraft(ctx context.Context, id tenant.ID, founder, ideaID uuid.UUID, edit int64, d idea.Draft) (idea.Idea, error) {
	d = d.Clean()
	if err := idea.CheckDraft(d); err != nil {
		return idea.Idea{}, fmt.Errorf("save idea %s: %w", ideaID, err)
	}
	var i idea.Idea
	err := s.db.InTenant(ctx, id, func(ctx context.Context, tx pgx.Tx) (err error) {
		if i, err = lockIdea(ctx, tx, id, ideaID); err != nil {
			return err
		}
		if err := i.MayEdit(founder); err != nil {
			return err
		}
		if err := sameEdit(i, edit); err != nil {
			return err
		}
		if i.Draft, err = inCurrency(d, i.Goal.Currency); err != nil {
			return err
		}
		return tx.QueryRow(ctx, `
			update idea set title = $3, problem = $4, solution = $5, team = $6, goal_minor = nullif($7::bigint, 0),
			  language = $8, ai_use = $9, rights_confirmed = $10, edit = edit + 1, updated_at = clock_timestamp()
			where tenant_id = $1 and id = $2 returning edit, updated_at`,
			id, ideaID, d.Title, d.Problem, d.Solution, d.Team, d.Goal.Minor, d.Language, d.AIUse, d.RightsConfirmed).Scan(&i.Edit, &i.UpdatedAt)
	})
	if err != nil {
		return idea.Idea{}, fmt.Errorf("save idea %s: %w", ideaID, err)
	}
	return i, nil
}

// sameEdit refuses an act that was decided on while looking at an older text.
func sameEdit(i idea.Idea, edit int64) error {
	if i.Edit == edit {
		return nil
	}
	return errs.New(errs.Conflict, "idea.edited_elsewhere", "This idea was saved in another tab or on another device since you opened it. Copy what you typed, then reload the page.")
}

// inCurrency returns the draft with its goal in the idea's currency; a goal in
// another one is refused.
func inCurrency(d idea.Draft, currency string) (idea.Draft, error) {
	if d.Goal.Minor != 0 && d.Goal.Currency != currency {
		var f errs.Fields
		f.Add("goal", "idea.currency", "Goals here are in %s.", currency)
		return d, f.Err()
	}
	d.Goal.Currency = currency
	return d, nil
}
