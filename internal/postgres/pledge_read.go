package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"globalbrain/internal/campaign"
	"globalbrain/internal/database"
	"globalbrain/internal/pledge"
	"globalbrain/internal/tenant"
)

const pledgeColumns = `p.id, p.campaign_id, p.backer_id, coalesce(p.reward_id, '00000000-0000-0000-0000-000000000000'::uuid), p.amount_minor, p.currency,
	p.anonymous, p.state, p.version, p.setup_no, p.setup_ref, p.setup_url, p.payment_method, p.created_at`

func pledgeFields(p *pledge.Pledge) []any {
	return []any{&p.ID, &p.Campaign, &p.Backer, &p.Reward, &p.Amount.Minor, &p.Amount.Currency,
		&p.Anonymous, &p.State, &p.Version, &p.SetupNo, &p.SetupRef, &p.SetupURL, &p.PaymentMethod, &p.CreatedAt}
}

func scanPledge(row pgx.CollectableRow) (p pledge.Pledge, err error) {
	err = row.Scan(pledgeFields(&p)...)
	return p, err
}

// loadPledge reads a pledge; lock is "" or " for update".
func loadPledge(ctx context.Context, tx pgx.Tx, id tenant.ID, pledgeID uuid.UUID, lock string) (pledge.Pledge, error) {
	rows, err := tx.Query(ctx, `select `+pledgeColumns+` from pledge p where p.tenant_id = $1 and p.id = $2`+lock, id, pledgeID)
	if err != nil {
		return pledge.Pledge{}, err
	}
	p, err := pgx.CollectExactlyOneRow(rows, scanPledge)
	if err != nil {
		return p, fmt.Errorf("load pledge %s: %w", pledgeID, err)
	}
	return p, nil
}

// loadBoth locks the campaign of a pledge and then the pledge.
func loadBoth(ctx context.Context, tx pgx.Tx, id tenant.ID, pledgeID uuid.UUID, lock string) (campaign.Campaign, pledge.Pledge, error) {
	p, err := loadPledge(ctx, tx, id, pledgeID, "")
	if err != nil {
		return campaign.Campaign{}, p, err
	}
	c, err := loadCampaign(ctx, tx, id, p.Campaign, lock)
	if err != nil {
		return c, p, err
	}
	p, err = loadPledge(ctx, tx, id, pledgeID, " for update")
	return c, p, err
}

// PledgeLine is a pledge in a list, with what it is for.
type PledgeLine struct {
	pledge.Pledge
	Idea          uuid.UUID
	Title         string // the idea's
	CampaignState campaign.State
	Deadline      time.Time
	CollectUntil  time.Time
	RewardTitle   string
	BackerName    string
	ChargeCode    string    // the gateway's word for the last failed charge
	RetryAt       time.Time // when the next attempt is made by itself; zero when none is
}

// The last charge of a pledge says why it failed.
const pledgeLines = `
	select ` + pledgeColumns + `, c.idea_id, i.title, c.state, c.deadline, c.collect_until, coalesce(r.title, ''), a.name,
	  coalesce((select h.code from charge h where h.tenant_id = p.tenant_id and h.pledge_id = p.id order by h.attempt desc limit 1), ''),
	  (select h.retry_at from charge h where h.tenant_id = p.tenant_id and h.pledge_id = p.id order by h.attempt desc limit 1)
	from pledge p
	join campaign c on c.tenant_id = p.tenant_id and c.id = p.campaign_id
	join idea i on i.tenant_id = c.tenant_id and i.id = c.idea_id
	join account a on a.id = p.backer_id
	left join reward r on r.tenant_id = p.tenant_id and r.id = p.reward_id `

func scanPledgeLine(row pgx.CollectableRow) (PledgeLine, error) {
	var l PledgeLine
	var deadline, collect, retry *time.Time
	err := row.Scan(append(pledgeFields(&l.Pledge), &l.Idea, &l.Title, &l.CampaignState, &deadline, &collect, &l.RewardTitle, &l.BackerName, &l.ChargeCode, &retry)...)
	l.Deadline, l.CollectUntil, l.RetryAt = orZero(deadline), orZero(collect), orZero(retry)
	return l, err
}

// Pledge returns one pledge with what it is for.
func (s *Store) Pledge(ctx context.Context, id tenant.ID, pledgeID uuid.UUID) (PledgeLine, error) {
	l, err := database.Row(ctx, s.db, id, scanPledgeLine, pledgeLines+`where p.tenant_id = $1 and p.id = $2`, id, pledgeID)
	if err != nil {
		return l, fmt.Errorf("find pledge %s: %w", pledgeID, err)
	}
	return l, nil
}

// OpenPledge returns a person's open pledge to a campaign; false for none.
func (s *Store) OpenPledge(ctx context.Context, id tenant.ID, campaignID, backer uuid.UUID) (pledge.Pledge, bool, error) {
	list, err := database.Rows(ctx, s.db, id, scanPledge, `
		select `+pledgeColumns+` from pledge p
		where p.tenant_id = $1 and p.campaign_id = $2 and p.backer_id = $3 and p.state = any($4)`, id, campaignID, backer, pledge.Open)
	if err != nil || len(list) == 0 {
		return pledge.Pledge{}, false, err
	}
	return list[0], true, nil
}

type pledgeKey struct {
	At time.Time `json:"t"`
	ID uuid.UUID `json:"i"`
}

func keyOfPledge(l PledgeLine) pledgeKey { return pledgeKey{l.CreatedAt, l.ID} }

// PledgesOf lists a person's pledges, the newest first.
func (s *Store) PledgesOf(ctx context.Context, id tenant.ID, backer uuid.UUID, next string, size int) (Page[PledgeLine], error) {
	return s.pledges(ctx, id, `p.backer_id = $5`, backer, next, size)
}

// PledgesTo lists a campaign's pledges, the newest first: for the founder and
// those who answer for the money. Names of anonymous backers are there as well;
// who shows the list hides them.
func (s *Store) PledgesTo(ctx context.Context, id tenant.ID, campaignID uuid.UUID, next string, size int) (Page[PledgeLine], error) {
	return s.pledges(ctx, id, `p.campaign_id = $5`, campaignID, next, size)
}

func (s *Store) pledges(ctx context.Context, id tenant.ID, where string, of uuid.UUID, next string, size int) (Page[PledgeLine], error) {
	var before pledgeKey
	more, err := readKey(next, &before)
	if err != nil {
		return Page[PledgeLine]{}, err
	}
	list, err := database.Rows(ctx, s.db, id, scanPledgeLine, pledgeLines+`
		where p.tenant_id = $1 and (not $2 or (p.created_at, p.id) < ($3, $4)) and `+where+`
		order by p.created_at desc, p.id desc limit $6`, id, more, before.At, before.ID, of, size+1)
	if err != nil {
		return Page[PledgeLine]{}, fmt.Errorf("list pledges: %w", err)
	}
	return pageOf(list, size, keyOfPledge)
}

// RewardsTaken counts the open pledges that hold each reward of a campaign.
func (s *Store) RewardsTaken(ctx context.Context, id tenant.ID, campaignID uuid.UUID) (map[uuid.UUID]int, error) {
	taken := map[uuid.UUID]int{}
	_, err := database.Rows(ctx, s.db, id, func(row pgx.CollectableRow) (n int, err error) {
		var reward uuid.UUID
		err = row.Scan(&reward, &n)
		taken[reward] = n
		return n, err
	}, `select reward_id, count(*) from pledge where tenant_id = $1 and campaign_id = $2 and reward_id is not null and state = any($3) group by 1`,
		id, campaignID, pledge.Open)
	if err != nil {
		return nil, fmt.Errorf("count the rewards taken of campaign %s: %w", campaignID, err)
	}
	return taken, nil
}
