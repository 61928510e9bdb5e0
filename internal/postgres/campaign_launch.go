package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"globalbrain/internal/campaign"
	"globalbrain/internal/job"
	"globalbrain/internal/tenant"
)

// LaunchCampaign starts a campaign now. The job that closes it at its deadline
// is part of the same transaction: there is no live campaign without one.
func (s *Store) LaunchCampaign(ctx context.Context, id tenant.ID, campaignID, person uuid.UUID) (campaign.Campaign, error) {
	var c campaign.Campaign
	err := s.db.InTenant(ctx, id, func(ctx context.Context, tx pgx.Tx) (err error) {
		if c, err = loadCampaign(ctx, tx, id, campaignID, closing); err != nil {
			return err
		}
		policy, err := policyOf(ctx, tx, id)
		if err != nil {
			return err
		}
		now, err := clock(ctx, tx)
		if err != nil {
			return err
		}
		deadline, err := c.Launch(person, now, policy)
		if err != nil {
			return err
		}
		if err := checkIdea(ctx, tx, id, c.Idea, person); err != nil {
			return err
		}
		// Postgres keeps microseconds; the job must not run before the deadline.
		c.LaunchedAt, c.Deadline = now, deadline.Truncate(time.Microsecond)
		_, err = tx.Exec(ctx, `update campaign set launched_at = $3, deadline = $4 where tenant_id = $1 and id = $2`, id, c.ID, c.LaunchedAt, c.Deadline)
		if err != nil {
			return err
		}
		for _, to := range []campaign.State{campaign.Scheduled, campaign.Live} {
			if err := transitionCampaign(ctx, tx, id, &c, to, person, ""); err != nil {
				return err
			}
		}
		return s.enqueue(ctx, tx, job.CloseCampaign{Tenant: id, Campaign: c.ID}, &river.InsertOpts{ScheduledAt: c.Deadline})
	})
	if err != nil {
		return c, fmt.Errorf("launch campaign %s: %w", campaignID, err)
	}
	return c, nil
}
