package postgres

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"globalbrain/internal/audit"
	"globalbrain/internal/campaign"
	"globalbrain/internal/database"
	"globalbrain/internal/errs"
	"globalbrain/internal/tenant"
)

// SaveCampaign is a founder's plan for a shortlisted idea.
type SaveCampaign struct {
	Campaign uuid.UUID // uuid.Nil for the first save
	Idea     uuid.UUID
	Person   uuid.UUID
	Plan     campaign.Plan // its rewards' ids are made here
	Edit     int64         // of the draft that was changed; 0 for the first save
}

// SaveCampaign writes the draft of an idea's campaign: a new one, or over the
// one that was read as Edit. The plan's currency is the tenant's.
func (s *Store) SaveCampaign(ctx context.Context, id tenant.ID, in SaveCampaign) (campaign.Campaign, error) {
	var c campaign.Campaign
	err := s.db.InTenant(ctx, id, func(ctx context.Context, tx pgx.Tx) error {
		policy, err := policyOf(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := checkIdea(ctx, tx, id, in.Idea, in.Person); err != nil {
			return err
		}
		if err := in.Plan.Check(policy); err != nil {
			return err
		}
		if in.Campaign == uuid.Nil {
			in.Campaign = newID()
			err = insertCampaign(ctx, tx, id, in)
		} else {
			err = updateCampaign(ctx, tx, id, in)
		}
		if err != nil {
			return err
		}
		if err := replaceRewards(ctx, tx, id, in); err != nil {
			return err
		}
		c, err = loadCampaign(ctx, tx, id, in.Campaign, unlocked)
		return err
	})
	if database.Violates(err, "campaign_of_idea") {
		return c, errs.Wrap(err, errs.Conflict, "campaign.exists", "This idea has a campaign already.")
	}
	if err != nil {
		return c, fmt.Errorf("save a campaign of idea %s: %w", in.Idea, err)
	}
	return c, nil
}

// checkIdea lets the founder of a shortlisted idea pass, and holds the idea
// shortlisted until the transaction ends.
func checkIdea(ctx context.Context, tx pgx.Tx, id tenant.ID, ideaID, person uuid.UUID) error {
	var founder uuid.UUID
	var state string
	err := tx.QueryRow(ctx, `select founder_id, state from idea where tenant_id = $1 and id = $2 for share`, id, ideaID).Scan(&founder, &state)
	switch {
	case err != nil:
		return fmt.Errorf("find idea %s: %w", ideaID, err)
	case founder != person:
		return errs.New(errs.Forbidden, "campaign.not_yours", "Only the founder can do this.")
	case state != "shortlisted":
		return errs.New(errs.Conflict, "campaign.not_shortlisted", "A campaign starts from a shortlisted idea.")
	}
	return nil
}

func insertCampaign(ctx context.Context, tx pgx.Tx, id tenant.ID, in SaveCampaign) error {
	_, err := tx.Exec(ctx, `
		with made as (
		  insert into campaign (tenant_id, id, idea_id, founder_id, goal_minor, currency, duration_seconds)
		  values ($1, $2, $3, $4, $5, $6, $7) returning id)
		insert into campaign_rollup (tenant_id, campaign_id) select $1, id from made`,
		id, in.Campaign, in.Idea, in.Person, in.Plan.Goal.Minor, in.Plan.Goal.Currency, int64(in.Plan.Duration.Seconds()))
	if err != nil {
		return err
	}
	return record(ctx, tx, id, audit.Event{Actor: in.Person, Action: "campaign.draft", SubjectKind: "campaign", SubjectID: in.Campaign})
}

func updateCampaign(ctx context.Context, tx pgx.Tx, id tenant.ID, in SaveCampaign) error {
	c, err := loadCampaign(ctx, tx, id, in.Campaign, closing)
	switch {
	case err != nil:
		return err
	case c.Idea != in.Idea:
		return pgx.ErrNoRows
	case c.State != campaign.Draft:
		return errs.New(errs.Conflict, "campaign.launched", "This campaign was launched already.")
	case c.Edit != in.Edit:
		return errs.New(errs.Conflict, "campaign.edited", "This draft was changed in another window. Reload the page to see it.")
	}
	_, err = tx.Exec(ctx, `
		update campaign set goal_minor = $3, currency = $4, duration_seconds = $5, edit = edit + 1 where tenant_id = $1 and id = $2`,
		id, in.Campaign, in.Plan.Goal.Minor, in.Plan.Goal.Currency, int64(in.Plan.Duration.Seconds()))
	return err
}

func replaceRewards(ctx context.Context, tx pgx.Tx, id tenant.ID, in SaveCampaign) error {
	batch := &pgx.Batch{}
	batch.Queue(`delete from reward where tenant_id = $1 and campaign_id = $2`, id, in.Campaign)
	for i, r := range in.Plan.Rewards {
		batch.Queue(`
			insert into reward (tenant_id, id, campaign_id, position, title, description, amount_minor, quantity)
			values ($1, $2, $3, $4, $5, $6, $7, nullif($8, 0))`,
			id, newID(), in.Campaign, i+1, r.Title, r.Description, r.Amount.Minor, r.Quantity)
	}
	return tx.SendBatch(ctx, batch).Close()
}
