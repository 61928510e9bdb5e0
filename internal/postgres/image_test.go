package postgres_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"globalbrain/internal/errs"
	"globalbrain/internal/idea"
	"globalbrain/internal/postgres"
)

func picture(alt string) postgres.NewImage {
	return postgres.NewImage{Alt: alt, MediaType: "image/png", Width: 4, Height: 3, Bytes: []byte("\x89PNG" + alt)}
}

func TestPicturesKeepTheirOrderAndTheirNumberIsLimited(t *testing.T) {
	t.Parallel()
	w := newIdeaTown(t)
	i := w.draft(t, fullDraft("Shade"))
	var last idea.Image
	for _, alt := range strings.Split("abcdef", "") {
		var err error
		if last, err = w.AddImage(t.Context(), w.id, w.founder, i.ID, picture(alt)); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := w.AddImage(t.Context(), w.id, w.founder, i.ID, picture("g")); errs.CodeOf(err) != "idea.images" {
		t.Errorf("one too many: %v", err)
	}
	if err := w.RemoveImage(t.Context(), w.id, w.third, i.ID, last.ID); !errs.Is(err, errs.Forbidden) {
		t.Errorf("removed by somebody else: %v", err)
	}
	for range 2 { // a second press on the button does no harm
		if err := w.RemoveImage(t.Context(), w.id, w.founder, i.ID, last.ID); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := w.AddImage(t.Context(), w.id, w.founder, i.ID, picture("h")); err != nil {
		t.Errorf("in the freed place: %v", err)
	}
	v, err := w.Idea(t.Context(), w.id, i.ID)
	var order []string
	for _, g := range v.Images {
		order = append(order, g.Alt)
	}
	if err != nil || !slices.Equal(order, []string{"a", "b", "c", "d", "e", "h"}) {
		t.Errorf("order %v, %v", order, err)
	}
	page, err := w.Ideas(t.Context(), w.id, postgres.IdeaFilter{Founder: w.founder}, "", 5)
	if err != nil || page.Items[0].Cover == nil || page.Items[0].Cover.Alt != "a" {
		t.Errorf("the cover: %+v, %v", page, err)
	}
	p, err := w.Image(t.Context(), w.id, i.ID, v.Images[0].ID)
	if err != nil || !bytes.Equal(p.Bytes, []byte("\x89PNGa")) || !p.MaySee(w.founder, false) || p.MaySee(w.third, true) {
		t.Errorf("the bytes: %+v, %v", p, err)
	}
	if _, err := w.Image(t.Context(), w.other, i.ID, v.Images[0].ID); !errs.Is(err, errs.NotFound) {
		t.Errorf("another tenant: %v", err)
	}
}

func TestAPictureIsDescribedAndBelongsToAnEditableIdea(t *testing.T) {
	t.Parallel()
	w := newIdeaTown(t)
	i := w.draft(t, fullDraft("Shade"))
	for name, c := range map[string]struct {
		alt  string
		want errs.Kind
	}{"no description": {" ", errs.Invalid}, "a long description": {strings.Repeat("字", idea.MaxAlt+1), errs.Invalid}} {
		if _, err := w.AddImage(t.Context(), w.id, w.founder, i.ID, picture(c.alt)); !errs.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := w.AddImage(t.Context(), w.id, w.third, i.ID, picture("x")); !errs.Is(err, errs.Forbidden) {
		t.Errorf("somebody else's idea: %v", err)
	}
	if _, err := w.SubmitIdea(t.Context(), w.id, w.founder, i.ID, i.Edit); err != nil {
		t.Fatal(err)
	}
	if _, err := w.AddImage(t.Context(), w.id, w.founder, i.ID, picture("x")); errs.CodeOf(err) != "idea.fixed" {
		t.Errorf("after submitting: %v", err)
	}
}
