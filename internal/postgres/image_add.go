package postgres

import (
	"context"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"globalbrain/internal/errs"
	"globalbrain/internal/idea"
	"globalbrain/internal/picture"
	"globalbrain/internal/tenant"
)

// NewImage is a picture that has been re-encoded already.
type NewImage struct {
	Alt       string
	MediaType string // image/jpeg or image/png
	Width     int    // pixels
	Height    int    // pixels
	Bytes     []byte
	Measures  picture.Measures
}

// AddImage puts a picture after the others of an idea that its founder may edit.
func (s *Store) AddImage(ctx context.Context, id tenant.ID, founder, ideaID uuid.UUID, n NewImage) (idea.Image, error) {
	made := idea.Image{ID: newID(), Alt: strings.TrimSpace(n.Alt), MediaType: n.MediaType, Width: n.Width, Height: n.Height}
	if err := checkAlt(made.Alt); err != nil {
		return idea.Image{}, fmt.Errorf("add a picture to idea %s: %w", ideaID, err)
	}
	err := s.db.InTenant(ctx, id, func(ctx context.Context, tx pgx.Tx) error {
		i, err := lockIdea(ctx, tx, id, ideaID)
		if err != nil {
			return err
		}
		if err := i.MayEdit(founder); err != nil {
			return err
		}
		var count, last int
		if err := tx.QueryRow(ctx, `
			select count(*), coalesce(max(position), 0) from idea_image where tenant_id = $1 and idea_id = $2`, id, ideaID).Scan(&count, &last); err != nil {
			return err
		}
		if count >= idea.MaxImages {
			return errs.New(errs.Conflict, "idea.images", "An idea has at most %d pictures. Remove one first.", idea.MaxImages)
		}
		_, err = tx.Exec(ctx, `
			insert into idea_image (tenant_id, id, idea_id, position, alt, media_type, width, height, bytes)
			values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`, id, made.ID, ideaID, last+1, made.Alt, n.MediaType, n.Width, n.Height, n.Bytes)
		if err != nil {
			return err
		}
		return storePrint(ctx, tx, id, made.ID, n.Measures)
	})
	if err != nil {
		return idea.Image{}, fmt.Errorf("add a picture to idea %s: %w", ideaID, err)
	}
	return made, nil
}

func checkAlt(alt string) error {
	var f errs.Fields
	switch n := utf8.RuneCountInString(alt); {
	case n == 0:
		f.Add("alt", "idea.alt_missing", "Say what the picture shows, for people who cannot see it.")
	case n > idea.MaxAlt:
		f.Add("alt", "idea.long", "This has %d characters; at most %d fit.", n, idea.MaxAlt)
	}
	return f.Err()
}
