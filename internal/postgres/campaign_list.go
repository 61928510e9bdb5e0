package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"globalbrain/internal/campaign"
	"globalbrain/internal/database"
	"globalbrain/internal/tenant"
)

// CampaignLine is a campaign in a list, with its idea's title and its totals.
type CampaignLine struct {
	campaign.Campaign
	Title  string
	Totals Totals
}

type campaignKey struct {
	At time.Time `json:"t"`
	ID uuid.UUID `json:"i"`
}

// CampaignFilter narrows a list of campaigns. Zero fields do not narrow.
type CampaignFilter struct {
	States  []campaign.State
	Founder uuid.UUID
}

// Campaigns lists campaigns, the newest first, without their rewards.
func (s *Store) Campaigns(ctx context.Context, id tenant.ID, f CampaignFilter, next string, size int) (Page[CampaignLine], error) {
	var before campaignKey
	more, err := readKey(next, &before)
	if err != nil {
		return Page[CampaignLine]{}, err
	}
	list, err := database.Rows(ctx, s.db, id, scanCampaignLine, `
		select `+campaignColumns+`, i.title, `+totalsColumns+`
		from campaign c join idea i on i.tenant_id = c.tenant_id and i.id = c.idea_id `+totalsJoin+`
		where c.tenant_id = $1 and ($2::text[] is null or c.state = any($2))
		  and ($3 = '00000000-0000-0000-0000-000000000000'::uuid or c.founder_id = $3)
		  and (not $4 or (c.created_at, c.id) < ($5, $6))
		order by c.created_at desc, c.id desc limit $7`, id, f.States, f.Founder, more, before.At, before.ID, size+1)
	if err != nil {
		return Page[CampaignLine]{}, fmt.Errorf("list campaigns: %w", err)
	}
	return pageOf(list, size, func(l CampaignLine) campaignKey { return campaignKey{l.CreatedAt, l.ID} })
}

func scanCampaignLine(row pgx.CollectableRow) (CampaignLine, error) {
	var r campaignRow
	var l CampaignLine
	err := row.Scan(append(append(r.places(), &l.Title), l.Totals.places()...)...)
	l.Campaign = r.campaign()
	l.Totals = l.Totals.in(l.Goal.Currency)
	return l, err
}
