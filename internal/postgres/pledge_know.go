package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"globalbrain/internal/campaign"
	"globalbrain/internal/pledge"
	"globalbrain/internal/tenant"
)

// knowledge is all that a decision on a pledge stands on.
type knowledge struct {
	campaign campaign.Campaign
	now      time.Time // taken while the campaign is held
	policy   tenant.Policy
	offer    pledge.Offer
	former   pledge.Pledge // the pledge of the same ID, or else the backer's open one; zero for none
}

// knowPledge holds the campaign steady and finds everything in one round trip: pledges
// come in crowds, and each round trip holds a connection.
func knowPledge(ctx context.Context, tx pgx.Tx, id tenant.ID, in MakePledge) (knowledge, error) {
	k := knowledge{
		policy: tenant.DefaultPolicy(),
		offer:  pledge.Offer{ID: in.ID, Backer: in.Backer, Amount: in.Amount, Reward: in.Reward, Anonymous: in.Anonymous},
	}
	batch := &pgx.Batch{}
	batch.Queue(`select `+campaignColumns+` from campaign c where c.tenant_id = $1 and c.id = $2`+steady, id, in.Campaign).Query(func(rows pgx.Rows) (err error) {
		k.campaign, err = pgx.CollectExactlyOneRow(rows, scanCampaign)
		return err
	})
	batch.Queue(rewardsOfCampaign, id, in.Campaign).Query(func(rows pgx.Rows) (err error) {
		k.campaign.Rewards, err = pgx.CollectRows(rows, scanReward(k.campaign.Goal.Currency))
		return err
	})
	// After the lock: whatever time passed while waiting for it counts.
	batch.Queue(`select clock_timestamp(), policy from tenant where id = $1`, id).QueryRow(func(row pgx.Row) error { return row.Scan(&k.now, &k.policy) })
	batch.Queue(`
		select a.email_verified_at is not null, exists (
		  select from review_assignment r join campaign c on c.tenant_id = r.tenant_id and c.idea_id = r.idea_id
		  where r.tenant_id = $1 and c.id = $2 and r.reviewer_id = $3
		    and r.state in ('proposed', 'invited', 'accepted', 'in_progress', 'submitted', 'final'))
		from account a where a.id = $3`, id, in.Campaign, in.Backer).QueryRow(func(row pgx.Row) error {
		return row.Scan(&k.offer.Verified, &k.offer.Reviewer)
	})
	batch.Queue(`
		select `+pledgeColumns+` from pledge p
		where p.tenant_id = $1 and (p.id = $2 or p.campaign_id = $3 and p.backer_id = $4 and p.state = any($5))
		order by p.id = $2 desc limit 1`, id, in.ID, in.Campaign, in.Backer, pledge.Open).Query(func(rows pgx.Rows) error {
		list, err := pgx.CollectRows(rows, scanPledge)
		if len(list) > 0 {
			k.former = list[0]
		}
		return err
	})
	if err := tx.SendBatch(ctx, batch).Close(); err != nil {
		return k, fmt.Errorf("look at campaign %s: %w", in.Campaign, err)
	}
	k.offer.HasOpen = k.former.State.IsOpen() && !k.former.State.Unconfirmed() && k.former.ID != in.ID
	var err error
	if r, known := k.campaign.Reward(in.Reward); known && r.Quantity > 0 {
		k.offer.RewardTaken, err = holdReward(ctx, tx, id, r, k.former)
	}
	return k, err
}

// holdReward counts how many of a limited reward are taken by others than the
// former pledge, which gives way. Such a reward is handed out one at a time: the
// lock comes first, and the count in a statement of its own, which sees what
// the last holder of the lock has taken.
func holdReward(ctx context.Context, tx pgx.Tx, id tenant.ID, r campaign.Reward, former pledge.Pledge) (taken int, err error) {
	batch := &pgx.Batch{}
	batch.Queue(`select from reward where tenant_id = $1 and id = $2 for update`, id, r.ID)
	batch.Queue(`
		select count(*) from pledge where tenant_id = $1 and reward_id = $2 and state = any($3) and id <> $4`,
		id, r.ID, pledge.Open, former.ID).QueryRow(func(row pgx.Row) error { return row.Scan(&taken) })
	return taken, tx.SendBatch(ctx, batch).Close()
}
