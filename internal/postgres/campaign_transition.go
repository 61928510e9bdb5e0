package postgres

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"globalbrain/internal/audit"
	"globalbrain/internal/campaign"
	"globalbrain/internal/errs"
	"globalbrain/internal/tenant"
)

// moved is the error of an act that came second.
func moved() error {
	return errs.New(errs.Conflict, "state", "This is no longer possible: the state has changed. Reload the page to see it.")
}

// transitionCampaign moves a campaign, whose row the caller has locked, to its
// next state, writes its history and the audit trail, and updates c.
func transitionCampaign(ctx context.Context, tx pgx.Tx, id tenant.ID, c *campaign.Campaign, to campaign.State, actor uuid.UUID, reason string) error {
	done, err := tx.Exec(ctx, `
		with moved as (
		  update campaign set state = $4 where tenant_id = $1 and id = $2 and state = $3 returning id)
		insert into campaign_transition (tenant_id, campaign_id, seq, from_state, to_state, actor_id, reason)
		select $1, moved.id,
		  1 + coalesce((select max(t.seq) from campaign_transition t where t.tenant_id = $1 and t.campaign_id = $2), 0),
		  $3, $4, nullif($5, '00000000-0000-0000-0000-000000000000'::uuid), $6
		from moved`, id, c.ID, c.State, to, actor, reason)
	if err == nil && done.RowsAffected() == 0 {
		err = moved()
	}
	if err != nil {
		return fmt.Errorf("move campaign %s from %s to %s: %w", c.ID, c.State, to, err)
	}
	from := c.State
	c.State = to
	return record(ctx, tx, id, audit.Event{
		Actor: actor, Action: "campaign." + string(to), SubjectKind: "campaign", SubjectID: c.ID, Detail: map[string]any{"from": string(from)},
	})
}
