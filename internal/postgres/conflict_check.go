package postgres

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"globalbrain/internal/review"
	"globalbrain/internal/tenant"
)

// stakesOf reads what ties people to ideas: founder, declarations and money.
// It is the only place that does, so that no path forgets one of them.
func stakesOf(ctx context.Context, tx pgx.Tx, id tenant.ID, ideas []uuid.UUID) (map[uuid.UUID]review.Stake, error) {
	rows, err := tx.Query(ctx, `
		select i.id, i.founder_id, m.organisation,
		  array(select c.account_id from conflict_of_interest c where c.tenant_id = $1 and c.idea_id = i.id),
		  array(select p.backer_id from campaign k join pledge p on p.tenant_id = $1 and p.campaign_id = k.id
		        where k.tenant_id = $1 and k.idea_id = i.id and p.state not in ('abandoned', 'cancelled', 'released', 'dropped'))
		from idea i join membership m on m.tenant_id = $1 and m.account_id = i.founder_id
		where i.tenant_id = $1 and i.id = any($2)`, id, ideas)
	if err != nil {
		return nil, err
	}
	stakes := map[uuid.UUID]review.Stake{}
	var stake review.Stake
	_, err = pgx.ForEachRow(rows, []any{&stake.Idea, &stake.Founder.ID, &stake.Founder.Organisation, &stake.Declared, &stake.Pledged}, func() error {
		stakes[stake.Idea] = stake
		stake = review.Stake{}
		return nil
	})
	return stakes, err
}

// mayJudge refuses a person who has a conflict of interest with the idea.
func mayJudge(ctx context.Context, tx pgx.Tx, id tenant.ID, account, idea uuid.UUID) error {
	stakes, err := stakesOf(ctx, tx, id, []uuid.UUID{idea})
	if err != nil {
		return err
	}
	stake, found := stakes[idea]
	if !found {
		return pgx.ErrNoRows
	}
	person := review.Person{ID: account}
	err = tx.QueryRow(ctx, `select organisation from membership where tenant_id = $1 and account_id = $2`, id, account).Scan(&person.Organisation)
	if err != nil {
		return err
	}
	return review.MayJudge(person, stake)
}
