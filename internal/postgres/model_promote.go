package postgres

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"globalbrain/internal/audit"
	"globalbrain/internal/database"
	"globalbrain/internal/errs"
	"globalbrain/internal/job"
	"globalbrain/internal/promotion"
	"globalbrain/internal/tenant"
)

// Decision is a person's word on the model that shall serve.
type Decision struct {
	By     promotion.By
	Seen   int // number of the last step that the person decided on; negative: whatever it was
	Reason string
}

// PromoteModel makes m serve a tenant from now on, and asks for every idea to be
// scored by it: its scores count once it has scored them all.
func (s *Store) PromoteModel(ctx context.Context, id tenant.ID, m promotion.Model, d Decision) (promotion.Step, error) {
	return s.changeModel(ctx, id, func(h promotion.History) (promotion.Step, error) { return h.Promote(m, d.Seen, d.By, d.Reason) })
}

// RollBackModel takes a tenant's last promotion back.
func (s *Store) RollBackModel(ctx context.Context, id tenant.ID, d Decision) (promotion.Step, error) {
	return s.changeModel(ctx, id, func(h promotion.History) (promotion.Step, error) { return h.Rollback(d.Seen, d.By, d.Reason) })
}

func (s *Store) changeModel(ctx context.Context, id tenant.ID, decide func(promotion.History) (promotion.Step, error)) (step promotion.Step, err error) {
	err = s.db.InTenant(ctx, id, func(ctx context.Context, tx pgx.Tx) error {
		if err := lockInForce(ctx, tx, id); err != nil {
			return err
		}
		history, err := readSteps(ctx, tx, historySelect, id)
		if err != nil {
			return err
		}
		if step, err = decide(history); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `
			insert into model_promotion (tenant_id, seq, act, model, model_title, model_hash, actor_id, operator, reason)
			values ($1, $2, $3, $4, $5, $6, nullif($7, '00000000-0000-0000-0000-000000000000'::uuid), $8, $9)`,
			id, step.Seq, step.Act, step.Model.Folder, step.Model.Title, step.Model.Hash, step.By.Account, step.By.Operator, step.Reason)
		if err != nil {
			return sameMoment(err)
		}
		if err := recordStep(ctx, tx, id, "model.", step); err != nil {
			return err
		}
		return s.enqueueRescore(ctx, tx, job.RescoreIdeas{Tenant: id})
	})
	if err != nil {
		return promotion.Step{}, fmt.Errorf("change the model: %w", err)
	}
	return step, nil
}

// PromoteDefault makes m serve every tenant that chose no model. Only a store
// over the owner's role may.
func (s *Store) PromoteDefault(ctx context.Context, m promotion.Model, d Decision) (promotion.Step, error) {
	return s.changeDefault(ctx, func(h promotion.History) (promotion.Step, error) { return h.Promote(m, d.Seen, d.By, d.Reason) })
}

// RollBackDefault takes the platform's last promotion back. Only a store over
// the owner's role may.
func (s *Store) RollBackDefault(ctx context.Context, d Decision) (promotion.Step, error) {
	return s.changeDefault(ctx, func(h promotion.History) (promotion.Step, error) { return h.Rollback(d.Seen, d.By, d.Reason) })
}

func (s *Store) changeDefault(ctx context.Context, decide func(promotion.History) (promotion.Step, error)) (step promotion.Step, err error) {
	err = s.db.InSystem(ctx, func(ctx context.Context, tx pgx.Tx) error {
		history, err := readSteps(ctx, tx, defaultSelect)
		if err != nil {
			return err
		}
		if step, err = decide(history); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `insert into model_default (seq, act, model, model_title, model_hash, operator, reason) values ($1, $2, $3, $4, $5, $6, $7)`,
			step.Seq, step.Act, step.Model.Folder, step.Model.Title, step.Model.Hash, step.By.Operator, step.Reason)
		if err != nil {
			return sameMoment(err)
		}
		return s.tellFollowers(ctx, tx, step)
	})
	if err != nil {
		return promotion.Step{}, fmt.Errorf("change the platform's model: %w", err)
	}
	return step, nil
}

// tellFollowers records the platform's step in every tenant that chose no model
// of its own, and asks for that tenant's ideas to be scored anew.
func (s *Store) tellFollowers(ctx context.Context, tx pgx.Tx, step promotion.Step) error {
	rows, err := tx.Query(ctx, `select id from tenant order by id`)
	if err != nil {
		return err
	}
	all, err := pgx.CollectRows(rows, pgx.RowTo[tenant.ID])
	if err != nil {
		return err
	}
	for _, id := range all {
		if _, err := tx.Exec(ctx, "select set_config('app.tenant_id', $1, true)", fmt.Sprint(int64(id))); err != nil {
			return err
		}
		history, err := readSteps(ctx, tx, historySelect, id)
		if err != nil {
			return err
		}
		if history.Live().Chosen() {
			continue
		}
		if err := recordStep(ctx, tx, id, "model.default_", step); err != nil {
			return err
		}
		if err := s.enqueueRescore(ctx, tx, job.RescoreIdeas{Tenant: id}); err != nil {
			return err
		}
	}
	return nil
}

func recordStep(ctx context.Context, tx pgx.Tx, id tenant.ID, prefix string, step promotion.Step) error {
	return record(ctx, tx, id, audit.Event{
		Actor: step.By.Account, Action: prefix + string(step.Act), SubjectKind: "model", SubjectID: uuid.Nil,
		Detail: map[string]any{"step": step.Seq, "model": step.Model.Title, "hash": step.Model.Hash, "operator": step.By.Operator},
	})
}

// sameMoment says that another step took the number first.
func sameMoment(err error) error {
	if database.Violates(err, "model_promotion_pkey") || database.Violates(err, "model_default_pkey") {
		return errs.Wrap(err, errs.Conflict, "model.changed", "Somebody changed the model meanwhile. Look at what serves now, and decide again.")
	}
	return err
}

// lockInForce takes the lock under which a tenant's choice and the model in
// force are changed. Before the first score there is no row, and no ranking
// that two changes could leave mixed.
func lockInForce(ctx context.Context, tx pgx.Tx, id tenant.ID) error {
	_, err := tx.Exec(ctx, `select from model_in_force where tenant_id = $1 for update`, id)
	return err
}
