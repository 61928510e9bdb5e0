package postgres

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"globalbrain/internal/errs"
	"globalbrain/internal/tenant"
)

// transitionIdea moves an idea, whose row the caller has locked in the state
// from, and writes the step into its history. The trigger holds the state table.
func transitionIdea(ctx context.Context, tx pgx.Tx, id tenant.ID, ideaID uuid.UUID, from, to string, actor uuid.UUID, reason string) error {
	done, err := tx.Exec(ctx, `
		with moved as (
		  update idea set state = $4, updated_at = clock_timestamp()
		  where tenant_id = $1 and id = $2 and state = $3 returning id)
		insert into idea_transition (tenant_id, idea_id, seq, from_state, to_state, actor_id, reason)
		select $1, moved.id,
		  1 + coalesce((select max(t.seq) from idea_transition t where t.tenant_id = $1 and t.idea_id = $2), 0),
		  $3, $4, nullif($5, '00000000-0000-0000-0000-000000000000'::uuid), $6
		from moved`, id, ideaID, from, to, actor, reason)
	if err == nil && done.RowsAffected() == 0 {
		err = errs.New(errs.Conflict, "state", "This is no longer possible: the state has changed. Reload the page to see it.")
	}
	if err != nil {
		return fmt.Errorf("move idea %s from %s to %s: %w", ideaID, from, to, err)
	}
	return nil
}
