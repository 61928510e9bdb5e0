package postgres

import (
	"cmp"
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"globalbrain/internal/idea"
	"globalbrain/internal/tenant"
)

// ScoreInput returns the text of one version, which is what the model reads.
func (s *Store) ScoreInput(ctx context.Context, id tenant.ID, ideaID uuid.UUID, version int) (idea.Version, error) {
	return s.IdeaVersion(ctx, id, ideaID, version)
}

// StoreScore keeps what a model said about one version and asks for a new
// ranking. A model's second score of the same version is dropped, so the job may
// run twice. The id is made here.
func (s *Store) StoreScore(ctx context.Context, id tenant.ID, ideaID uuid.UUID, version int, c idea.Score) error {
	err := s.db.InTenant(ctx, id, func(ctx context.Context, tx pgx.Tx) error {
		added, err := insertScore(ctx, tx, id, ideaID, version, c)
		if err != nil || !added {
			return err
		}
		// The first model that scores anything is the one whose scores count.
		_, err = tx.Exec(ctx, `insert into model_in_force (tenant_id, model, model_hash) values ($1, $2, $3) on conflict do nothing`, id, cmp.Or(c.Asked, c.Model), c.ModelHash)
		if err != nil {
			return err
		}
		var call uuid.UUID
		if err := tx.QueryRow(ctx, `select call_id from idea where tenant_id = $1 and id = $2`, id, ideaID).Scan(&call); err != nil {
			return err
		}
		return s.enqueueSnapshot(ctx, tx, id, call)
	})
	if err != nil {
		return fmt.Errorf("store a score of idea %s: %w", ideaID, err)
	}
	return nil
}

// insertScore adds a score and reports whether there was none of this version by
// this model.
func insertScore(ctx context.Context, tx pgx.Tx, id tenant.ID, ideaID uuid.UUID, version int, c idea.Score) (added bool, err error) {
	done, err := tx.Exec(ctx, `
		insert into idea_score (tenant_id, id, idea_id, version, model, model_hash, language, abstained, reason, success, impact, feasibility, auditability, embedding)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
		on conflict (tenant_id, idea_id, version, model_hash) do nothing`,
		id, newID(), ideaID, version, c.Model, c.ModelHash, c.Language, c.Abstained, c.Reason,
		bandOf(!c.Abstained, c.Success), bandOf(c.Rated(), c.Impact), bandOf(c.Rated(), c.Feasibility), bandOf(c.Rated(), c.Auditability), c.Embedding)
	return err == nil && done.RowsAffected() > 0, err
}

// bandOf is null when the model said nothing.
func bandOf(said bool, b idea.Band) []float64 {
	if !said {
		return nil
	}
	return []float64{b.Value, b.Low, b.High}
}
