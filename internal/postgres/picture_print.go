package postgres

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"globalbrain/internal/database"
	"globalbrain/internal/picture"
	"globalbrain/internal/tenant"
)

// storePrint keeps what a picture measures. A print of an older definition gives
// way; a picture that has been removed meanwhile gets none.
func storePrint(ctx context.Context, tx pgx.Tx, id tenant.ID, image uuid.UUID, m picture.Measures) error {
	_, err := tx.Exec(ctx, `
		insert into picture_print (tenant_id, image_id, idea_id, definition, sharpness, brightness, contrast, colourfulness, saturation, entropy, flat, hash)
		select g.tenant_id, g.id, g.idea_id, $3, $4, $5, $6, $7, $8, $9, $10, $11 from idea_image g where g.tenant_id = $1 and g.id = $2
		on conflict (tenant_id, image_id) do update set
		  definition = excluded.definition, sharpness = excluded.sharpness, brightness = excluded.brightness, contrast = excluded.contrast,
		  colourfulness = excluded.colourfulness, saturation = excluded.saturation, entropy = excluded.entropy, flat = excluded.flat, hash = excluded.hash
		where picture_print.definition < excluded.definition`,
		id, image, picture.Definition, m.Sharpness, m.Brightness, m.Contrast, m.Colourfulness, m.Saturation, m.Entropy, m.Flat, hashBits(m.Hash))
	if err != nil {
		return fmt.Errorf("store the print of picture %s: %w", image, err)
	}
	return nil
}

// StorePrint keeps what a picture measures that was added without its print.
func (s *Store) StorePrint(ctx context.Context, id tenant.ID, image uuid.UUID, m picture.Measures) error {
	return s.db.InTenant(ctx, id, func(ctx context.Context, tx pgx.Tx) error { return storePrint(ctx, tx, id, image, m) })
}

// Unmeasured is a picture that has no print of the newest definition.
type Unmeasured struct {
	ID    uuid.UUID
	Bytes []byte
}

// UnmeasuredPictures lists pictures without a print of the newest definition in
// the order of their ids, at most limit of those after the one given, so that
// one that cannot be measured holds nobody up.
func (s *Store) UnmeasuredPictures(ctx context.Context, id tenant.ID, after uuid.UUID, limit int) ([]Unmeasured, error) {
	list, err := database.Rows(ctx, s.db, id, pgx.RowToStructByPos[Unmeasured], `
		select g.id, g.bytes from idea_image g
		where g.tenant_id = $1 and g.id > $2 and not exists (
		  select from picture_print p where p.tenant_id = $1 and p.image_id = g.id and p.definition >= $3)
		order by g.id limit $4`, id, after, picture.Definition, limit)
	if err != nil {
		return nil, fmt.Errorf("list pictures to measure: %w", err)
	}
	return list, nil
}

// PicturePrints returns the measures of an idea's pictures by picture, of those
// that have been measured.
func (s *Store) PicturePrints(ctx context.Context, id tenant.ID, ideaID uuid.UUID) (map[uuid.UUID]picture.Measures, error) {
	found := map[uuid.UUID]picture.Measures{}
	_, err := database.Rows(ctx, s.db, id, func(row pgx.CollectableRow) (image uuid.UUID, err error) {
		var m picture.Measures
		var hash pgtype.Bits
		err = row.Scan(&image, &m.Width, &m.Height, &m.Sharpness, &m.Brightness, &m.Contrast, &m.Colourfulness, &m.Saturation, &m.Entropy, &m.Flat, &hash)
		copy(m.Hash[:], hash.Bytes)
		found[image] = m
		return image, err
	}, `
		select g.id, g.width, g.height, p.sharpness, p.brightness, p.contrast, p.colourfulness, p.saturation, p.entropy, p.flat, p.hash
		from idea_image g join picture_print p on p.tenant_id = $1 and p.image_id = g.id
		where g.tenant_id = $1 and g.idea_id = $2`, id, ideaID)
	if err != nil {
		return nil, fmt.Errorf("read the prints of idea %s: %w", ideaID, err)
	}
	return found, nil
}

// hashBits is a hash as bit(128) keeps it; none is null.
func hashBits(h picture.Hash) pgtype.Bits {
	return pgtype.Bits{Bytes: h[:], Len: int32(8 * len(h)), Valid: !h.None()}
}
