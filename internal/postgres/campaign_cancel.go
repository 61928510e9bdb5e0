package postgres

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"globalbrain/internal/campaign"
	"globalbrain/internal/tenant"
)

// CancelCampaign calls a live campaign off and lets its pledges go. Nobody has
// been charged.
func (s *Store) CancelCampaign(ctx context.Context, id tenant.ID, campaignID, person uuid.UUID, runsCampaigns bool, reason string) error {
	err := s.db.InTenant(ctx, id, func(ctx context.Context, tx pgx.Tx) error {
		c, err := loadCampaign(ctx, tx, id, campaignID, closing)
		if err != nil {
			return err
		}
		if err := c.MayCancel(person, runsCampaigns); err != nil {
			return err
		}
		if err := transitionCampaign(ctx, tx, id, &c, campaign.Cancelled, person, reason); err != nil {
			return err
		}
		return releasePledges(ctx, tx, id, c.ID, person, "campaign cancelled")
	})
	if err != nil {
		return fmt.Errorf("cancel campaign %s: %w", campaignID, err)
	}
	return nil
}
