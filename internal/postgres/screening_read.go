package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"globalbrain/internal/database"
	"globalbrain/internal/moderation"
	"globalbrain/internal/tenant"
)

// Screened is one decision about one version of an idea. Its founder sees it all.
type Screened struct {
	moderation.Decision
	Version       int
	ModeratorID   uuid.UUID
	ModeratorName string
	At            time.Time
}

// ScreeningDecisions lists what moderators decided about an idea, the newest
// first.
func (s *Store) ScreeningDecisions(ctx context.Context, id tenant.ID, ideaID uuid.UUID) ([]Screened, error) {
	list, err := database.Rows(ctx, s.db, id, func(row pgx.CollectableRow) (d Screened, err error) {
		err = row.Scan(&d.Verdict, &d.Rule, &d.Note, &d.Version, &d.ModeratorID, &d.ModeratorName, &d.At)
		return d, err
	}, `
		select d.decision, d.rule, d.note, d.version, d.moderator_id, a.name, d.at
		from screening_decision d join account a on a.id = d.moderator_id
		where d.tenant_id = $1 and d.idea_id = $2 order by d.at desc, d.id desc`, id, ideaID)
	if err != nil {
		return nil, fmt.Errorf("read the decisions on idea %s: %w", ideaID, err)
	}
	return list, nil
}
