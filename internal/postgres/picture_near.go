package postgres

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"globalbrain/internal/database"
	"globalbrain/internal/idea"
	"globalbrain/internal/picture"
	"globalbrain/internal/tenant"
)

// mostNear is how many nearly equal pictures are told of: more help nobody.
const mostNear = 12

// NearPicture is another idea's picture that looks nearly like one of the idea
// at hand.
type NearPicture struct {
	Own      uuid.UUID // the picture of the idea at hand
	Idea     uuid.UUID // the other idea
	Title    string    // of the other idea, as it was submitted last
	Image    idea.Image
	Distance int // bits of the hash that differ, 0..picture.Alike
}

// NearPictures lists the pictures of other ideas of the tenant that look nearly
// like one of the idea's, the nearest first. Only ideas in one of the given
// states are looked at, and none of the given founder: the caller names the
// states in which the reader may see an idea (see idea.StatesSeen).
//
// It counts the bits of every print of the tenant. Bands of the hash with an
// index find no faster: by the pigeonhole principle it takes picture.Alike+1
// bands to miss none, of 6 bits each, and each then holds a 64th of all prints.
func (s *Store) NearPictures(ctx context.Context, id tenant.ID, ideaID uuid.UUID, seen []idea.State, except uuid.UUID) ([]NearPicture, error) {
	// The few that are near are found first; without "materialized" the planner
	// takes them for a third of all and joins the whole tenant.
	list, err := database.Rows(ctx, s.db, id, func(row pgx.CollectableRow) (n NearPicture, err error) {
		err = row.Scan(&n.Own, &n.Distance, &n.Idea, &n.Title, &n.Image.ID, &n.Image.Alt, &n.Image.MediaType, &n.Image.Width, &n.Image.Height)
		return n, err
	}, `
		with own as materialized (
		  select image_id, definition, hash from picture_print where tenant_id = $1 and idea_id = $2 and hash is not null
		), near as materialized (
		  select own.image_id as own, p.image_id, p.idea_id, bit_count(p.hash # own.hash) as distance
		  from own join picture_print p on bit_count(p.hash # own.hash) <= $3
		  where p.tenant_id = $1 and p.idea_id <> $2 and p.definition = own.definition
		)
		select near.own, near.distance, i.id, v.title, g.id, g.alt, g.media_type, g.width, g.height
		from near
		join idea i on i.tenant_id = $1 and i.id = near.idea_id
		join idea_version v on v.tenant_id = $1 and v.idea_id = i.id and v.version = i.version
		join idea_image g on g.tenant_id = $1 and g.id = near.image_id
		where i.state = any($4) and i.founder_id <> $5
		order by near.distance, near.image_id, near.own limit $6`, id, ideaID, picture.Alike, seen, except, mostNear)
	if err != nil {
		return nil, fmt.Errorf("find pictures like those of idea %s: %w", ideaID, err)
	}
	return list, nil
}
