package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"globalbrain/internal/database"
	"globalbrain/internal/money"
	"globalbrain/internal/tenant"
)

// Totals are a campaign's sums for pages: what was pledged and by how many, and
// what of it was collected and given back. Decisions never use them.
type Totals struct {
	Pledged   money.Amount
	Backers   int
	Collected money.Amount
	Refunded  money.Amount
}

func (t *Totals) places() []any {
	return []any{&t.Pledged.Minor, &t.Backers, &t.Collected.Minor, &t.Refunded.Minor}
}

func (t Totals) in(currency string) Totals {
	t.Pledged.Currency, t.Collected.Currency, t.Refunded.Currency = currency, currency, currency
	return t
}

// The totals of campaign c are its roll-up u and the steps that the roll-up has
// not added yet, both of one snapshot: together they are exact. The tail is short
// while the roll-up runs; if it stopped, pages would only become slower.
const (
	totalsColumns = `u.pledged + tail.pledged, u.backers + tail.backers, u.collected + tail.collected, u.refunded + tail.refunded`
	totalsJoin    = `
		join campaign_rollup u on u.tenant_id = c.tenant_id and u.campaign_id = c.id
		cross join lateral (
		  select coalesce(sum(t.pledged), 0)::bigint as pledged, coalesce(sum(t.backers), 0)::int as backers,
		    coalesce(sum(t.collected), 0)::bigint as collected, coalesce(sum(t.refunded), 0)::bigint as refunded
		  from pledge_transition t where t.tenant_id = c.tenant_id and t.campaign_id = c.id and t.xid >= u.upto) tail `
)

// Totals returns a campaign's sums as they are now.
func (s *Store) Totals(ctx context.Context, id tenant.ID, campaignID uuid.UUID) (Totals, error) {
	t, err := database.Row(ctx, s.db, id, func(row pgx.CollectableRow) (Totals, error) {
		var t Totals
		var currency string
		err := row.Scan(append(t.places(), &currency)...)
		return t.in(currency), err
	}, `select `+totalsColumns+`, c.currency from campaign c `+totalsJoin+`where c.tenant_id = $1 and c.id = $2`, id, campaignID)
	if err != nil {
		return t, fmt.Errorf("add up campaign %s: %w", campaignID, err)
	}
	return t, nil
}

// TotalsOfIdeas returns the newest public campaign of each of the ideas that has
// one, with its totals, for lists of ideas.
func (s *Store) TotalsOfIdeas(ctx context.Context, id tenant.ID, ideas []uuid.UUID) (map[uuid.UUID]CampaignLine, error) {
	list, err := database.Rows(ctx, s.db, id, scanCampaignLine, `
		select distinct on (c.idea_id) `+campaignColumns+`, i.title, `+totalsColumns+`
		from campaign c join idea i on i.tenant_id = c.tenant_id and i.id = c.idea_id `+totalsJoin+`
		where c.tenant_id = $1 and c.idea_id = any($2) and c.state not in ('draft', 'scheduled')
		order by c.idea_id, c.created_at desc`, id, ideas)
	if err != nil {
		return nil, fmt.Errorf("add up the campaigns of ideas: %w", err)
	}
	byIdea := make(map[uuid.UUID]CampaignLine, len(list))
	for _, l := range list {
		byIdea[l.Idea] = l
	}
	return byIdea, nil
}

// CurvePoint is what had been pledged at a time.
type CurvePoint struct {
	At      time.Time
	Pledged money.Amount
}

// Curve returns how a campaign's pledges grew: at most points points from its
// launch until now or its deadline, each the sum up to its time.
func (s *Store) Curve(ctx context.Context, id tenant.ID, campaignID uuid.UUID, points int) ([]CurvePoint, error) {
	list, err := database.Rows(ctx, s.db, id, func(row pgx.CollectableRow) (CurvePoint, error) {
		var p CurvePoint
		err := row.Scan(&p.At, &p.Pledged.Minor, &p.Pledged.Currency)
		return p, err
	}, `
		with span as (
		  select c.currency, c.launched_at as from_at, greatest(c.launched_at + interval '1 second', least(c.deadline, clock_timestamp())) as to_at
		  from campaign c where c.tenant_id = $1 and c.id = $2 and c.launched_at is not null),
		step as (
		  select width_bucket(extract(epoch from t.at), extract(epoch from span.from_at), extract(epoch from span.to_at), $3) as n, sum(t.pledged) as added
		  from pledge_transition t, span where t.tenant_id = $1 and t.campaign_id = $2 and t.pledged <> 0 group by 1)
		select span.from_at + (span.to_at - span.from_at) * g.n / $3,
		  coalesce((select sum(step.added) from step where step.n <= g.n or g.n = $3), 0)::bigint, span.currency
		from span, generate_series(0, $3) as g(n) order by g.n`, id, campaignID, points)
	if err != nil {
		return nil, fmt.Errorf("draw the curve of campaign %s: %w", campaignID, err)
	}
	return list, nil
}
