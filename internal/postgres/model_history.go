package postgres

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"globalbrain/internal/database"
	"globalbrain/internal/promotion"
	"globalbrain/internal/tenant"
)

// ModelChoice returns which models a tenant has to do with now.
func (s *Store) ModelChoice(ctx context.Context, id tenant.ID) (promotion.Choice, error) {
	c, err := database.Row(ctx, s.db, id, scanChoice, choiceSelect, id)
	if err != nil {
		return c, fmt.Errorf("read the choice of a model: %w", err)
	}
	return c, nil
}

// The last step of each history says what it led to; $1 is the tenant.
const choiceSelect = `
	select coalesce(p.model, ''), coalesce(p.model_title, ''), coalesce(p.model_hash, ''),
	  coalesce(d.model, ''), coalesce(d.model_title, ''), coalesce(d.model_hash, ''),
	  coalesce(f.model, ''), coalesce(f.model_hash, '')
	from (select $1::bigint as tenant_id) t
	left join lateral (select * from model_promotion p where p.tenant_id = t.tenant_id order by p.seq desc limit 1) p on true
	left join lateral (select * from model_default order by seq desc limit 1) d on true
	left join model_in_force f on f.tenant_id = t.tenant_id`

func scanChoice(row pgx.CollectableRow) (c promotion.Choice, err error) {
	err = row.Scan(&c.Own.Folder, &c.Own.Title, &c.Own.Hash, &c.Platform.Folder, &c.Platform.Title, &c.Platform.Hash, &c.InForce.Title, &c.InForce.Hash)
	return c, err
}

// ModelHistory lists how a tenant's choice of a model changed, the first step first.
func (s *Store) ModelHistory(ctx context.Context, id tenant.ID) (promotion.History, error) {
	list, err := database.Rows(ctx, s.db, id, scanStep, historySelect, id)
	if err != nil {
		return nil, fmt.Errorf("read the history of models: %w", err)
	}
	return list, nil
}

const historySelect = `
	select p.seq, p.act, p.model, p.model_title, p.model_hash, p.actor_id, p.operator, coalesce(a.name, p.operator), p.reason, p.at
	from model_promotion p left join account a on a.id = p.actor_id
	where p.tenant_id = $1 order by p.seq`

const defaultSelect = `
	select seq, act, model, model_title, model_hash, null::uuid, operator, operator, reason, at from model_default order by seq`

func scanStep(row pgx.CollectableRow) (s promotion.Step, err error) {
	var actor *uuid.UUID
	err = row.Scan(&s.Seq, &s.Act, &s.Model.Folder, &s.Model.Title, &s.Model.Hash, &actor, &s.By.Operator, &s.Name, &s.Reason, &s.At)
	s.By.Account = orZero(actor)
	return s, err
}

// DefaultHistory lists how the platform's model changed, the first step first.
func (s *Store) DefaultHistory(ctx context.Context) (promotion.History, error) {
	var list promotion.History
	err := s.db.InSystem(ctx, func(ctx context.Context, tx pgx.Tx) (err error) {
		list, err = readSteps(ctx, tx, defaultSelect)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read the history of the platform's model: %w", err)
	}
	return list, nil
}

func readSteps(ctx context.Context, tx pgx.Tx, sql string, args ...any) (promotion.History, error) {
	rows, err := tx.Query(ctx, sql, args...)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, scanStep)
}
