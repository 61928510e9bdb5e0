package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"globalbrain/internal/campaign"
	"globalbrain/internal/database"
	"globalbrain/internal/money"
	"globalbrain/internal/tenant"
)

const campaignColumns = `c.id, c.idea_id, c.founder_id, c.state, c.goal_minor, c.currency, c.duration_seconds, c.edit, c.created_at,
	c.launched_at, c.deadline, c.closed_at, c.collect_until, c.settled_at, c.decide_until,
	coalesce(c.pledged_minor, 0), coalesce(c.backers, 0), coalesce(c.collected_minor, 0)`

// campaignRow receives campaignColumns.
type campaignRow struct {
	c       campaign.Campaign
	seconds int64
	// What has not happened yet is null.
	launched, deadline, closed, collect, settled, decide *time.Time
}

func (r *campaignRow) places() []any {
	c := &r.c
	return []any{&c.ID, &c.Idea, &c.Founder, &c.State, &c.Goal.Minor, &c.Goal.Currency, &r.seconds, &c.Edit, &c.CreatedAt,
		&r.launched, &r.deadline, &r.closed, &r.collect, &r.settled, &r.decide,
		&c.Pledged.Minor, &c.Backers, &c.Collected.Minor}
}

func (r *campaignRow) campaign() campaign.Campaign {
	c := r.c
	c.Duration = time.Duration(r.seconds) * time.Second
	c.Pledged.Currency, c.Collected.Currency = c.Goal.Currency, c.Goal.Currency
	c.LaunchedAt, c.Deadline, c.ClosedAt = orZero(r.launched), orZero(r.deadline), orZero(r.closed)
	c.CollectUntil, c.SettledAt, c.DecideUntil = orZero(r.collect), orZero(r.settled), orZero(r.decide)
	return c
}

func scanCampaign(row pgx.CollectableRow) (campaign.Campaign, error) {
	var r campaignRow
	err := row.Scan(r.places()...)
	return r.campaign(), err
}

// The locks of a campaign's row, weakest first. Whoever locks more than one row
// locks the campaign, then a reward, then a pledge, then a charge.
const (
	unlocked = ""
	// steady is taken by pledges: any number hold it at once, and none while the
	// campaign is being closed.
	steady = " for key share of c"
	// alone is taken by cancels near the deadline and by the settlement of
	// charges: one at a time, beside any number of pledges.
	alone = " for no key update of c"
	// closing is taken by whatever moves the campaign's state: it waits for every
	// pledge in flight, and later ones wait for it and find the new state.
	closing = " for update of c"
)

// loadCampaign reads a campaign with its rewards under one of the locks.
func loadCampaign(ctx context.Context, tx pgx.Tx, id tenant.ID, campaignID uuid.UUID, lock string) (campaign.Campaign, error) {
	rows, err := tx.Query(ctx, `select `+campaignColumns+` from campaign c where c.tenant_id = $1 and c.id = $2`+lock, id, campaignID)
	if err != nil {
		return campaign.Campaign{}, err
	}
	c, err := pgx.CollectExactlyOneRow(rows, scanCampaign)
	if err != nil {
		return c, fmt.Errorf("load campaign %s: %w", campaignID, err)
	}
	if rows, err = tx.Query(ctx, rewardsOfCampaign, id, c.ID); err != nil {
		return c, err
	}
	c.Rewards, err = pgx.CollectRows(rows, scanReward(c.Goal.Currency))
	return c, err
}

const rewardsOfCampaign = `
	select id, title, description, amount_minor, coalesce(quantity, 0) from reward
	where tenant_id = $1 and campaign_id = $2 order by position`

func scanReward(currency string) pgx.RowToFunc[campaign.Reward] {
	return func(row pgx.CollectableRow) (campaign.Reward, error) {
		r := campaign.Reward{Amount: money.Amount{Currency: currency}}
		err := row.Scan(&r.ID, &r.Title, &r.Description, &r.Amount.Minor, &r.Quantity)
		return r, err
	}
}

// Campaign returns a campaign with its rewards.
func (s *Store) Campaign(ctx context.Context, id tenant.ID, campaignID uuid.UUID) (campaign.Campaign, error) {
	var c campaign.Campaign
	err := s.db.InTenant(ctx, id, func(ctx context.Context, tx pgx.Tx) (err error) {
		c, err = loadCampaign(ctx, tx, id, campaignID, unlocked)
		return err
	})
	return c, err
}

// CampaignOfIdea returns an idea's newest campaign; NotFound when it never had one.
func (s *Store) CampaignOfIdea(ctx context.Context, id tenant.ID, ideaID uuid.UUID) (campaign.Campaign, error) {
	var c campaign.Campaign
	err := s.db.InTenant(ctx, id, func(ctx context.Context, tx pgx.Tx) error {
		var campaignID uuid.UUID
		err := tx.QueryRow(ctx, `
			select id from campaign where tenant_id = $1 and idea_id = $2 order by created_at desc limit 1`, id, ideaID).Scan(&campaignID)
		if err != nil {
			return fmt.Errorf("find the campaign of idea %s: %w", ideaID, err)
		}
		c, err = loadCampaign(ctx, tx, id, campaignID, unlocked)
		return err
	})
	return c, err
}

// CampaignsOverdue lists campaigns whose deadline has passed by more than grace
// and that were not closed, or whose closing was not carried out: their job was
// lost.
func (s *Store) CampaignsOverdue(ctx context.Context, id tenant.ID, grace time.Duration) ([]uuid.UUID, error) {
	list, err := database.Rows(ctx, s.db, id, pgx.RowTo[uuid.UUID], `
		select c.id from campaign c
		where c.tenant_id = $1 and c.deadline < clock_timestamp() - $2::interval
		  and (c.state in ('live', 'succeeded') or c.state = 'failed' and exists (
		    select from pledge p where p.tenant_id = $1 and p.campaign_id = c.id and p.state in ('intent', 'requires_action', 'active')))
		order by c.deadline`, id, grace)
	if err != nil {
		return nil, fmt.Errorf("list overdue campaigns: %w", err)
	}
	return list, nil
}
