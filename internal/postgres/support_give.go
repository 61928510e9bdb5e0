package postgres

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"globalbrain/internal/database"
	"globalbrain/internal/errs"
	"globalbrain/internal/tenant"
)

// Support gives a member's support to a public idea; a second time changes
// nothing. Founders cannot support their own.
func (s *Store) Support(ctx context.Context, id tenant.ID, idea, account uuid.UUID) error {
	return s.changeSupport(ctx, id, idea, account, `
		insert into idea_support (tenant_id, idea_id, account_id) values ($1, $2, $3)
		on conflict (tenant_id, idea_id, account_id) do nothing`)
}

// WithdrawSupport takes a member's support back; without any it changes nothing.
func (s *Store) WithdrawSupport(ctx context.Context, id tenant.ID, idea, account uuid.UUID) error {
	return s.changeSupport(ctx, id, idea, account, `delete from idea_support where tenant_id = $1 and idea_id = $2 and account_id = $3`)
}

func (s *Store) changeSupport(ctx context.Context, id tenant.ID, idea, account uuid.UUID, change string) error {
	err := s.db.InTenant(ctx, id, func(ctx context.Context, tx pgx.Tx) error {
		var call, founder uuid.UUID
		err := tx.QueryRow(ctx, `
			select call_id, founder_id from idea where tenant_id = $1 and id = $2 and state in ('in_review', 'shortlisted')`, id, idea).Scan(&call, &founder)
		if err != nil {
			return err
		}
		if founder == account {
			return errs.New(errs.Forbidden, "support.own", "Others decide whether your idea deserves support.")
		}
		done, err := tx.Exec(ctx, change, id, idea, account)
		if err != nil || done.RowsAffected() == 0 {
			return err
		}
		return s.enqueueSnapshotSoon(ctx, tx, id, call)
	})
	if err != nil {
		return fmt.Errorf("change support of idea %s: %w", idea, err)
	}
	return nil
}

// SupportState is how an idea's support looks to one reader.
type SupportState struct {
	Count int
	Mine  bool
}

// SupportOf returns an idea's support; account may be nil for a visitor. The
// caller hides it where the reader may still come to judge the idea.
func (s *Store) SupportOf(ctx context.Context, id tenant.ID, idea, account uuid.UUID) (SupportState, error) {
	state, err := database.Row(ctx, s.db, id, func(row pgx.CollectableRow) (state SupportState, err error) {
		err = row.Scan(&state.Count, &state.Mine)
		return state, err
	}, `select count(*), coalesce(bool_or(account_id = $3), false) from idea_support where tenant_id = $1 and idea_id = $2`, id, idea, account)
	if err != nil {
		return state, fmt.Errorf("read support of idea %s: %w", idea, err)
	}
	return state, nil
}
