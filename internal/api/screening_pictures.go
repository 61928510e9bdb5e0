package api

import (
	"context"

	"github.com/google/uuid"

	"globalbrain/internal/idea"
	"globalbrain/internal/picture"
	"globalbrain/internal/postgres"
	"globalbrain/internal/tenant"
)

// screenedPictureForm is a picture of an idea as its moderator judges it.
type screenedPictureForm struct {
	imageForm
	Measures *measuresForm `json:"measures,omitempty" doc:"Absent until it has been measured"`
	Near     []nearForm    `json:"near" doc:"Pictures of other ideas that look nearly the same, the nearest first"`
}

type measuresForm struct {
	Megapixels    float64 `json:"megapixels"`
	Aspect        float64 `json:"aspect" doc:"Width by height"`
	Sharpness     float64 `json:"sharpness" doc:"Variance of the Laplacian, squared grey levels"`
	Brightness    float64 `json:"brightness" doc:"Mean luma, 0..1"`
	Contrast      float64 `json:"contrast" doc:"Standard deviation of luma, 0..0.5"`
	Colourfulness float64 `json:"colourfulness" doc:"Hasler and Suesstrunk: 0 is grey"`
	Saturation    float64 `json:"saturation" doc:"Mean of S in HSV, 0..1"`
	Entropy       float64 `json:"entropy" doc:"Of luma, bits, 0..8"`
	Flat          float64 `json:"flat" doc:"Share of the area with nothing on it, 0..1"`
	Hash          string  `json:"hash" doc:"Perceptual hash, 32 hexadecimal digits; empty when the picture is too even for one"`
}

type nearForm struct {
	IdeaID   uuid.UUID `json:"idea_id"`
	Title    string    `json:"title" doc:"Of the other idea, as it was submitted last"`
	Picture  imageForm `json:"picture"`
	Distance int       `json:"distance" doc:"Bits of the two hashes that differ, of 128"`
}

type screenedPicturesOutput struct {
	Body struct {
		Items []screenedPictureForm `json:"items"`
	}
}

// screenedPictures shows a moderator what an idea's pictures measure, and which
// pictures of ideas that moderators see look nearly the same.
func (a *api) screenedPictures(ctx context.Context, c caller, in *IdeaPath) (*screenedPicturesOutput, error) {
	v, err := a.visible(ctx, c, in.Idea)
	if err != nil {
		return nil, err
	}
	prints, err := a.store.PicturePrints(ctx, c.tenant.ID, v.ID)
	if err != nil {
		return nil, err
	}
	near, err := a.store.NearPictures(ctx, c.tenant.ID, v.ID, idea.StatesSeen(true), uuid.Nil)
	if err != nil {
		return nil, err
	}
	out := new(screenedPicturesOutput)
	out.Body.Items = each(v.Images, func(i idea.Image) screenedPictureForm {
		f := screenedPictureForm{imageForm: formOfImage(c.tenant, v.ID, i), Near: []nearForm{}}
		if m, measured := prints[i.ID]; measured {
			form := formOfMeasures(m)
			f.Measures = &form
		}
		for _, n := range near {
			if n.Own == i.ID {
				f.Near = append(f.Near, formOfNear(c.tenant, n))
			}
		}
		return f
	})
	return out, nil
}

func formOfNear(t *tenant.Tenant, n postgres.NearPicture) nearForm {
	return nearForm{n.Idea, n.Title, formOfImage(t, n.Idea, n.Image), n.Distance}
}

func formOfMeasures(m picture.Measures) measuresForm {
	return measuresForm{
		m.Megapixels(), m.Aspect(), m.Sharpness, m.Brightness, m.Contrast, m.Colourfulness, m.Saturation, m.Entropy, m.Flat, m.Hash.String(),
	}
}

// formOfImage is a picture of an idea with the path of its bytes.
func formOfImage(t *tenant.Tenant, ideaID uuid.UUID, i idea.Image) imageForm {
	return imageForm{i.ID, i.Alt, i.MediaType, i.Width, i.Height, "/t/" + t.Slug + "/ideas/" + ideaID.String() + "/pictures/" + i.ID.String()}
}
