package postgres

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"globalbrain/internal/database"
	"globalbrain/internal/idea"
	"globalbrain/internal/tenant"
)

// Picture is an image with its bytes, and as much of its idea as says who may
// see it.
type Picture struct {
	idea.Image
	Bytes   []byte
	Founder uuid.UUID
	State   idea.State
}

// MaySee is the idea's own rule: a picture is as public as its idea.
func (p Picture) MaySee(person uuid.UUID, moderates bool) bool {
	return idea.Idea{Founder: p.Founder, State: p.State}.MaySee(person, moderates)
}

// Image returns a picture of an idea, whoever asks: the caller shows it to those
// only whom MaySee lets through. Unknown is NotFound.
func (s *Store) Image(ctx context.Context, id tenant.ID, ideaID, imageID uuid.UUID) (Picture, error) {
	p, err := database.Row(ctx, s.db, id, func(row pgx.CollectableRow) (p Picture, err error) {
		err = row.Scan(&p.ID, &p.Alt, &p.MediaType, &p.Width, &p.Height, &p.Bytes, &p.Founder, &p.State)
		return p, err
	}, `
		select g.id, g.alt, g.media_type, g.width, g.height, g.bytes, i.founder_id, i.state
		from idea_image g join idea i on i.tenant_id = $1 and i.id = g.idea_id
		where g.tenant_id = $1 and g.idea_id = $2 and g.id = $3`, id, ideaID, imageID)
	if errors.Is(err, pgx.ErrNoRows) {
		err = ideaNotFound(err)
	}
	if err != nil {
		return Picture{}, fmt.Errorf("read a picture of idea %s: %w", ideaID, err)
	}
	return p, nil
}
