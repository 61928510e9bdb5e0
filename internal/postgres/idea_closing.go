package postgres

import (
	"context"
	"fmt"
	"strings"

	"globalbrain/internal/database"
	"globalbrain/internal/tenant"
)

// IdeasClosingSoon lists the ideas whose live campaigns end next, the soonest
// first.
func (s *Store) IdeasClosingSoon(ctx context.Context, id tenant.ID, size int) ([]IdeaCard, error) {
	list, err := database.Rows(ctx, s.db, id, scanIdeaCard, strings.NewReplacer("TEXT", "v", "EXCERPT", "$3").Replace(`
		select `+ideaCardColumns+`
		from campaign c join idea i on i.tenant_id = $1 and i.id = c.idea_id `+ideaCardJoins+`
		where c.tenant_id = $1 and c.state = 'live' and c.deadline > clock_timestamp()
		order by c.deadline, c.id limit $2`), id, size, excerptLength)
	if err != nil {
		return nil, fmt.Errorf("list ideas that close soon: %w", err)
	}
	return list, nil
}
