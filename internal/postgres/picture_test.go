package postgres_test

import (
	"slices"
	"testing"

	"github.com/google/uuid"

	"globalbrain/internal/idea"
	prints "globalbrain/internal/picture"
	"globalbrain/internal/postgres"
)

// printed is a picture whose hash has the given first bytes.
func printed(alt string, hash ...byte) postgres.NewImage {
	n := measured(alt)
	copy(n.Measures.Hash[:], hash)
	return n
}

func measured(alt string) postgres.NewImage {
	n := picture(alt)
	n.Measures = prints.Measures{Width: 4, Height: 3, Sharpness: 1.5, Brightness: 0.25, Contrast: 0.125, Colourfulness: 40, Saturation: 0.5, Entropy: 7, Flat: 0.75}
	return n
}

func (w *ideaTown) show(t testing.TB, ideaID uuid.UUID, n postgres.NewImage) idea.Image {
	t.Helper()
	made, err := w.AddImage(t.Context(), w.id, w.founder, ideaID, n)
	if err != nil {
		t.Fatal(err)
	}
	return made
}

func TestNearlyEqualPicturesAreFoundAmongIdeasThatTheReaderMaySee(t *testing.T) {
	t.Parallel()
	w := newIdeaTown(t)
	draft, waiting, public := w.draft(t, fullDraft("A draft")), w.draft(t, fullDraft("Waits")), w.draft(t, fullDraft("Is public"))
	w.show(t, draft.ID, printed("hidden", 0xFF))
	w.show(t, waiting.ID, printed("waits", 0xFF, 1))
	seen := w.show(t, public.ID, printed("seen", 0xFF, 3))
	w.show(t, public.ID, printed("another picture", 0, 0, 0xFF, 0xFF, 0xFF))
	w.show(t, public.ID, measured("an even one"))
	for _, i := range []*idea.Idea{&waiting, &public} {
		var err error
		if *i, err = w.SubmitIdea(t.Context(), w.id, w.founder, i.ID, i.Edit); err != nil {
			t.Fatal(err)
		}
	}
	w.accept(t, public)

	mine := w.draft(t, fullDraft("Mine"))
	own := w.show(t, mine.ID, printed("mine", 0xFF))
	w.show(t, mine.ID, measured("my even one"))
	find := func(moderates bool, except uuid.UUID) []string {
		t.Helper()
		list, err := w.NearPictures(t.Context(), w.id, mine.ID, idea.StatesSeen(moderates), except)
		if err != nil {
			t.Fatal(err)
		}
		var alts []string
		for _, n := range list {
			alts = append(alts, n.Image.Alt)
			if n.Own != own.ID {
				t.Errorf("%+v is like a picture that has no hash", n)
			}
		}
		return alts
	}
	if got := find(false, uuid.Nil); !slices.Equal(got, []string{"seen"}) {
		t.Errorf("everybody sees %v", got)
	}
	if got := find(true, uuid.Nil); !slices.Equal(got, []string{"waits", "seen"}) {
		t.Errorf("moderators see %v", got)
	}
	if got := find(true, w.founder); got != nil {
		t.Errorf("beside the founder's own: %v", got)
	}
	list, err := w.NearPictures(t.Context(), w.id, mine.ID, idea.StatesSeen(false), uuid.Nil)
	if err != nil || len(list) != 1 || list[0] != (postgres.NearPicture{Own: own.ID, Idea: public.ID, Title: "Is public", Image: seen, Distance: 2}) {
		t.Errorf("%+v, %v", list, err)
	}
	if list, err := w.NearPictures(t.Context(), w.other, mine.ID, idea.States, uuid.Nil); err != nil || len(list) != 0 {
		t.Errorf("another tenant: %+v, %v", list, err)
	}
}

func TestAPictureOfAnotherTenantIsLikeNone(t *testing.T) {
	t.Parallel()
	w := newIdeaTown(t)
	mine := w.draft(t, fullDraft("Mine"))
	w.show(t, mine.ID, printed("mine", 0xFF))
	call, err := w.CreateCall(t.Context(), w.other, w.moderator, idea.Call{Slug: "streets", Title: map[string]string{"en": "Streets"}, Brief: map[string]string{"en": "Shade."}})
	if err != nil {
		t.Fatal(err)
	}
	theirs, err := w.CreateIdea(t.Context(), w.other, w.third, call.ID)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.AddImage(t.Context(), w.other, w.third, theirs.ID, printed("theirs", 0xFF)); err != nil {
		t.Fatal(err)
	}
	if list, err := w.NearPictures(t.Context(), w.id, mine.ID, idea.States, uuid.Nil); err != nil || len(list) != 0 {
		t.Errorf("%+v, %v", list, err)
	}
}

func TestAPrintIsKeptWithItsPictureAndGoesWithIt(t *testing.T) {
	t.Parallel()
	w := newIdeaTown(t)
	i := w.draft(t, fullDraft("Shade"))
	n := printed("shade", 1, 2, 3)
	made := w.show(t, i.ID, n)
	stored, err := w.PicturePrints(t.Context(), w.id, i.ID)
	if err != nil || len(stored) != 1 || stored[made.ID] != n.Measures {
		t.Errorf("%+v, %v", stored, err)
	}
	if err := w.RemoveImage(t.Context(), w.id, w.founder, i.ID, made.ID); err != nil {
		t.Fatal(err)
	}
	var left int
	if err := w.pg.Super.QueryRow(t.Context(), "select count(*) from picture_print").Scan(&left); err != nil || left != 0 {
		t.Errorf("%d prints are left, %v", left, err)
	}
	if err := w.StorePrint(t.Context(), w.id, made.ID, n.Measures); err != nil {
		t.Errorf("a picture that went while it was measured: %v", err)
	}
}

func TestPicturesOfBeforeAreMeasuredOnce(t *testing.T) {
	t.Parallel()
	w := newIdeaTown(t)
	i := w.draft(t, fullDraft("Shade"))
	a, b, c := w.show(t, i.ID, printed("a", 1)), w.show(t, i.ID, printed("b", 2)), w.show(t, i.ID, printed("c", 3))
	if _, err := w.pg.Super.Exec(t.Context(), `delete from picture_print where image_id = $1`, a.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := w.pg.Super.Exec(t.Context(), `update picture_print set definition = 0 where image_id = $1`, b.ID); err != nil {
		t.Fatal(err)
	}
	waiting := func(after uuid.UUID) []uuid.UUID {
		t.Helper()
		list, err := w.UnmeasuredPictures(t.Context(), w.id, after, 10)
		if err != nil {
			t.Fatal(err)
		}
		var ids []uuid.UUID
		for _, u := range list {
			ids = append(ids, u.ID)
			if len(u.Bytes) == 0 {
				t.Error("without its bytes")
			}
		}
		return ids
	}
	if got := waiting(uuid.Nil); !slices.Equal(got, []uuid.UUID{a.ID, b.ID}) {
		t.Errorf("to be measured: %v", got)
	}
	if got := waiting(a.ID); !slices.Equal(got, []uuid.UUID{b.ID}) {
		t.Errorf("after the first: %v", got)
	}
	again := printed("", 9).Measures
	for range 2 { // two workers may start at once
		for _, id := range []uuid.UUID{a.ID, b.ID, c.ID} {
			if err := w.StorePrint(t.Context(), w.id, id, again); err != nil {
				t.Fatal(err)
			}
		}
	}
	stored, err := w.PicturePrints(t.Context(), w.id, i.ID)
	if err != nil || stored[a.ID] != again || stored[b.ID] != again || stored[c.ID].Hash != (prints.Hash{3}) || waiting(uuid.Nil) != nil {
		t.Errorf("%+v, %v", stored, err)
	}
}

// BenchmarkNearPictures looks for one picture among 100,000 of a tenant, which
// were all drawn by chance but three.
func BenchmarkNearPictures(b *testing.B) {
	w := newIdeaTown(b)
	mine, theirs := w.draft(b, fullDraft("Mine")), w.submit(b, fullDraft("Theirs"))
	w.show(b, mine.ID, printed("mine", 0xFF))
	if _, err := w.pg.Super.Exec(b.Context(), `
		with g as (
		  insert into idea_image (tenant_id, id, idea_id, position, media_type, width, height, bytes)
		  select $1, gen_random_uuid(), $2, n, 'image/png', 4, 3, '' from generate_series(1, 100000) n returning tenant_id, id, idea_id, position
		)
		insert into picture_print (tenant_id, image_id, idea_id, definition, sharpness, brightness, contrast, colourfulness, saturation, entropy, flat, hash)
		select g.tenant_id, g.id, g.idea_id, $3, 0, 0, 0, 0, 0, 0, 0,
		  case when position <= 3 then (x'FF' || repeat('0', 120)::bit(120))::bit(128)
		  else (hashtextextended('a' || position, 0)::bit(64) || hashtextextended('b' || position, 0)::bit(64))::bit(128) end
		from g`, w.id, theirs.ID, prints.Definition); err != nil {
		b.Fatal(err)
	}
	if _, err := w.pg.Super.Exec(b.Context(), "vacuum analyze picture_print"); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		list, err := w.NearPictures(b.Context(), w.id, mine.ID, idea.StatesSeen(true), uuid.Nil)
		if err != nil || len(list) != 3 {
			b.Fatalf("%d found, %v", len(list), err)
		}
	}
}
