package postgres

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"globalbrain/internal/campaign"
	"globalbrain/internal/money"
	"globalbrain/internal/pledge"
	"globalbrain/internal/tenant"
)

// CloseCampaign decides a campaign at its deadline, once: the exact sum of its
// active pledges is stored, and says whether it succeeded. Before the deadline,
// or when it was closed already, nothing changes. The campaign comes back as it
// then stands; one that is still live says by its deadline when to come again.
func (s *Store) CloseCampaign(ctx context.Context, id tenant.ID, campaignID uuid.UUID) (campaign.Campaign, error) {
	var c campaign.Campaign
	err := s.db.InTenant(ctx, id, func(ctx context.Context, tx pgx.Tx) (err error) {
		// The lock waits for every pledge in flight; those that come later wait
		// for this transaction and find the campaign closed.
		if c, err = loadCampaign(ctx, tx, id, campaignID, closing); err != nil || c.State != campaign.Live {
			return err
		}
		now, err := clock(ctx, tx)
		if err != nil || now.Before(c.Deadline) {
			return err
		}
		if err := transitionCampaign(ctx, tx, id, &c, campaign.Closing, uuid.Nil, ""); err != nil {
			return err
		}
		// A statement of its own, so that it sees what the lock has waited for.
		if c.Pledged, c.Backers, err = sumPledges(ctx, tx, id, c, pledge.Active); err != nil {
			return err
		}
		policy, err := policyOf(ctx, tx, id)
		if err != nil {
			return err
		}
		outcome, err := c.Outcome(c.Pledged)
		if err != nil {
			return err
		}
		c.ClosedAt, c.CollectUntil = now, now.Add(policy.CollectWindow)
		_, err = tx.Exec(ctx, `
			update campaign set closed_at = $3, pledged_minor = $4, backers = $5, collect_until = $6 where tenant_id = $1 and id = $2`,
			id, c.ID, c.ClosedAt, c.Pledged.Minor, c.Backers, c.CollectUntil)
		if err != nil {
			return err
		}
		return transitionCampaign(ctx, tx, id, &c, outcome, uuid.Nil, "")
	})
	if err != nil {
		return c, fmt.Errorf("close campaign %s: %w", campaignID, err)
	}
	return c, nil
}

// sumPledges adds up a campaign's pledges in one state, exactly. The caller
// holds the campaign, so that none can come or go.
func sumPledges(ctx context.Context, tx pgx.Tx, id tenant.ID, c campaign.Campaign, state pledge.State) (money.Amount, int, error) {
	sum, n := money.Amount{Currency: c.Goal.Currency}, 0
	err := tx.QueryRow(ctx, `
		select coalesce(sum(amount_minor), 0)::bigint, count(*) from pledge where tenant_id = $1 and campaign_id = $2 and state = $3`,
		id, c.ID, state).Scan(&sum.Minor, &n)
	return sum, n, err
}
