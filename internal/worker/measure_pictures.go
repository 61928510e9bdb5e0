package worker

import (
	"bytes"
	"context"
	"image"

	"github.com/google/uuid"

	"globalbrain/internal/blob"
	"globalbrain/internal/picture"
	"globalbrain/internal/tenant"
)

// pictureWindow is how many pictures are in memory at a time, each of a few
// hundred kilobytes.
const pictureWindow = 16

// measurePictures measures, once after the start, every picture that has no
// print of the newest definition: those of before there were prints. Uploads
// bring theirs with them. Several workers may do so at once; the first print
// stands.
func measurePictures(ctx context.Context, d Deps) {
	for _, id := range tenants(ctx, d, nil) {
		measured, failed, err := measureTenant(ctx, d, id)
		switch {
		case err != nil && ctx.Err() == nil:
			d.Log.WarnContext(ctx, "pictures cannot be measured", "tenant", id, "measured", measured, "error", err)
		case measured+failed > 0:
			d.Log.InfoContext(ctx, "pictures measured", "tenant", id, "measured", measured, "failed", failed)
		}
	}
}

// measureTenant goes through a tenant's pictures once. One that cannot be read
// is logged and left to the next start.
func measureTenant(ctx context.Context, d Deps, id tenant.ID) (measured, failed int, err error) {
	for after := uuid.Nil; ; {
		window, err := d.Store.UnmeasuredPictures(ctx, id, after, pictureWindow)
		if err != nil || len(window) == 0 {
			return measured, failed, err
		}
		for _, u := range window {
			after = u.ID
			var m picture.Measures
			err := blob.With(bytes.NewReader(u.Bytes), func(p *image.RGBA) error {
				m = picture.Measure(p)
				return nil
			})
			if err != nil {
				failed++
				d.Log.WarnContext(ctx, "picture cannot be measured", "tenant", id, "picture", u.ID, "error", err)
				continue
			}
			if err := d.Store.StorePrint(ctx, id, u.ID, m); err != nil {
				return measured, failed, err
			}
			measured++
		}
	}
}
