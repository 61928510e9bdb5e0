package postgres

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"globalbrain/internal/database"
	"globalbrain/internal/idea"
	"globalbrain/internal/tenant"
)

// IdeaTexts returns what some ideas say now, in no order, whoever asks: the
// caller shows those only that may be seen. Ids that nobody has are left out.
func (s *Store) IdeaTexts(ctx context.Context, id tenant.ID, ids []uuid.UUID) ([]IdeaText, error) {
	list, err := database.Rows(ctx, s.db, id, scanIdeaText, `select `+ideaText+` where i.tenant_id = $1 and i.id = any($2)`, id, ids)
	if err != nil {
		return nil, fmt.Errorf("read the texts of %d ideas: %w", len(ids), err)
	}
	return list, nil
}

// Likenesses lists what an idea's founder was told before each version, and went
// on from, the newest version first. The other ideas may have changed or gone
// since.
func (s *Store) Likenesses(ctx context.Context, id tenant.ID, ideaID uuid.UUID) ([]idea.Likeness, error) {
	list, err := database.Rows(ctx, s.db, id, func(row pgx.CollectableRow) (l idea.Likeness, err error) {
		err = row.Scan(&l.Other, &l.Degree, &l.Shared, &l.Note, &l.Version, &l.At)
		return l, err
	}, `
		select other_id, degree, shared, note, version, at from idea_likeness
		where tenant_id = $1 and idea_id = $2 order by version desc, shared desc, other_id`, id, ideaID)
	if err != nil {
		return nil, fmt.Errorf("read what idea %s is like: %w", ideaID, err)
	}
	return list, nil
}

// keepLikenesses stores the founder's answers with the version that is handed in.
func keepLikenesses(ctx context.Context, tx pgx.Tx, id tenant.ID, i idea.Idea, list []idea.Likeness) error {
	for _, l := range list {
		if _, err := tx.Exec(ctx, `
			insert into idea_likeness (tenant_id, idea_id, version, other_id, degree, shared, note) values ($1, $2, $3, $4, $5, $6, $7)`,
			id, i.ID, i.Version, l.Other, l.Degree, l.Shared, l.Note); err != nil {
			return err
		}
	}
	return nil
}
