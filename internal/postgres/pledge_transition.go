package postgres

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"globalbrain/internal/audit"
	"globalbrain/internal/pledge"
	"globalbrain/internal/tenant"
)

// transitionPledge moves one pledge, writes its history with what the step adds
// to the campaign's totals, and the audit trail, and updates p.
func transitionPledge(ctx context.Context, tx pgx.Tx, id tenant.ID, p *pledge.Pledge, to pledge.State, actor uuid.UUID, reason string) error {
	e := pledge.EffectOf(p.State, to, p.Amount.Minor)
	done, err := tx.Exec(ctx, `
		with moved as (
		  update pledge set state = $4 where tenant_id = $1 and id = $2 and state = $3 returning id, campaign_id)
		insert into pledge_transition (tenant_id, pledge_id, seq, campaign_id, from_state, to_state, pledged, backers, collected, refunded, actor_id, reason)
		select $1, moved.id,
		  1 + coalesce((select max(t.seq) from pledge_transition t where t.tenant_id = $1 and t.pledge_id = $2), 0),
		  moved.campaign_id, $3, $4, $5, $6, $7, $8, nullif($9, '00000000-0000-0000-0000-000000000000'::uuid), $10
		from moved`, id, p.ID, p.State, to, e.Pledged, e.Backers, e.Collected, e.Refunded, actor, reason)
	if err == nil && done.RowsAffected() == 0 {
		err = moved()
	}
	if err != nil {
		return fmt.Errorf("move pledge %s from %s to %s: %w", p.ID, p.State, to, err)
	}
	from := p.State
	p.State = to
	return record(ctx, tx, id, audit.Event{
		Actor: actor, Action: "pledge." + string(to), SubjectKind: "pledge", SubjectID: p.ID, Detail: map[string]any{"from": string(from)},
	})
}

// transitionPledges moves every pledge of a campaign that is in the step's first
// state, each with its history and audit line, in one statement, and returns
// them. The step must not change the campaign's totals.
func transitionPledges(ctx context.Context, tx pgx.Tx, id tenant.ID, campaignID uuid.UUID, step pledge.Step, actor uuid.UUID, reason string) ([]pledge.Pledge, error) {
	if pledge.EffectOf(step.From, step.To, 1) != (pledge.Effect{}) {
		return nil, fmt.Errorf("move pledges from %s to %s: this changes totals", step.From, step.To)
	}
	rows, err := tx.Query(ctx, `
		with p as (
		  update pledge set state = $4 where tenant_id = $1 and campaign_id = $2 and state = $3 returning *),
		history as (
		  insert into pledge_transition (tenant_id, pledge_id, seq, campaign_id, from_state, to_state, actor_id, reason)
		  select $1, p.id,
		    1 + coalesce((select max(t.seq) from pledge_transition t where t.tenant_id = $1 and t.pledge_id = p.id), 0),
		    p.campaign_id, $3, $4, nullif($5, '00000000-0000-0000-0000-000000000000'::uuid), $6 from p),
		trail as (
		  insert into audit_event (tenant_id, id, actor_id, action, subject_kind, subject_id, detail)
		  select $1, gen_random_uuid(), nullif($5, '00000000-0000-0000-0000-000000000000'::uuid), 'pledge.' || $4, 'pledge', p.id, jsonb_build_object('from', $3::text) from p)
		select `+pledgeColumns+` from p order by p.id`, id, campaignID, step.From, step.To, actor, reason)
	if err != nil {
		return nil, fmt.Errorf("move pledges of campaign %s from %s to %s: %w", campaignID, step.From, step.To, err)
	}
	list, err := pgx.CollectRows(rows, scanPledge)
	if err != nil {
		return nil, fmt.Errorf("move pledges of campaign %s from %s to %s: %w", campaignID, step.From, step.To, err)
	}
	return list, nil
}
