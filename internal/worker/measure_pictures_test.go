package worker_test

import (
	"bytes"
	"image"
	"image/png"
	"log/slog"
	"testing"
	"time"

	"github.com/google/uuid"

	"globalbrain/internal/database"
	"globalbrain/internal/idea"
	"globalbrain/internal/pgtest"
	"globalbrain/internal/picture"
	"globalbrain/internal/postgres"
	"globalbrain/internal/tenant"
	"globalbrain/internal/worker"
)

func TestAWorkerMeasuresThePicturesOfBeforeWhenItStarts(t *testing.T) {
	t.Parallel()
	pg := pgtest.New(t)
	store, err := postgres.NewStore(database.New(pg.App))
	if err != nil {
		t.Fatal(err)
	}
	const town = tenant.ID(1)
	founder := uuid.New()
	if _, err := pg.Super.Exec(t.Context(), `
		with t as (insert into tenant (slug, name, hue, currency, locales, policy) values ('town', '{"en": "Town"}', 1, 'EUR', '{en}', '{}') returning id),
		  a as (insert into account (id, email, email_key, name, password_hash, locale, email_verified_at) values ($1, 'a@b.example', 'a@b.example', 'A', '', 'en', now()) returning id)
		insert into membership (tenant_id, account_id, roles) select t.id, a.id, '{member}' from t, a`, founder); err != nil {
		t.Fatal(err)
	}
	call, err := store.CreateCall(t.Context(), town, founder, idea.Call{Slug: "call", Title: map[string]string{"en": "Call"}, Brief: map[string]string{"en": "Brief"}})
	if err != nil {
		t.Fatal(err)
	}
	i, err := store.CreateIdea(t.Context(), town, founder, call.ID)
	if err != nil {
		t.Fatal(err)
	}
	stripes := image.NewGray(image.Rect(0, 0, 40, 30))
	for at := range stripes.Pix {
		stripes.Pix[at] = uint8(at * at / 9)
	}
	var file bytes.Buffer
	if err := png.Encode(&file, stripes); err != nil {
		t.Fatal(err)
	}
	var readable uuid.UUID
	for alt, content := range map[string][]byte{"broken": []byte("no picture"), "stripes": file.Bytes()} {
		made, err := store.AddImage(t.Context(), town, founder, i.ID, postgres.NewImage{Alt: alt, MediaType: "image/png", Width: 40, Height: 30, Bytes: content})
		if err != nil {
			t.Fatal(err)
		}
		if alt == "stripes" {
			readable = made.ID
		}
	}
	if _, err := pg.Super.Exec(t.Context(), "delete from picture_print"); err != nil {
		t.Fatal(err)
	}
	w, err := worker.New(pg.Jobs, worker.Deps{Store: store, Scorer: &busyOnce{}, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := w.Stop(t.Context()); err != nil {
			t.Error(err)
		}
	}()
	want := picture.Measure(stripes)
	for {
		prints, err := store.PicturePrints(t.Context(), town, i.ID)
		if err != nil {
			t.Fatal(err)
		}
		if got, measured := prints[readable]; measured {
			if got != want || len(prints) != 1 {
				t.Errorf("%+v, want %+v and nothing of the broken one", prints, want)
			}
			return
		}
		select {
		case <-t.Context().Done():
			t.Fatal("nothing was measured")
		case <-time.After(10 * time.Millisecond):
		}
	}
}
