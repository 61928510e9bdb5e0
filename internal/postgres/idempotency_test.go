package postgres_test

import (
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/uuid"

	"globalbrain/internal/database"
	"globalbrain/internal/errs"
	"globalbrain/internal/pgtest"
	"globalbrain/internal/postgres"
)

func TestAnIdempotencyKeyHasOneEffectUnderParallelSends(t *testing.T) {
	t.Parallel()
	pg := pgtest.New(t)
	person := uuid.New()
	if _, err := pg.Super.Exec(t.Context(), `insert into tenant (slug, name, hue, currency, locales, policy) values ('town', '{"en": "Town"}', 1, 'EUR', '{en}', '{}')`); err != nil {
		t.Fatal(err)
	}
	if _, err := pg.Super.Exec(t.Context(), `insert into account (id, email, email_key, name, password_hash, locale) values ($1, 'a@b.example', 'a@b.example', 'A', '', 'en')`, person); err != nil {
		t.Fatal(err)
	}
	store, err := postgres.NewStore(database.New(pg.App))
	if err != nil {
		t.Fatal(err)
	}

	var ran, waiting atomic.Int32
	var wg sync.WaitGroup
	for range 10 {
		wg.Go(func() {
			answer, err := store.ReserveKey(t.Context(), 1, person, "k", []byte("body"))
			switch {
			case err == nil && answer == nil:
				ran.Add(1)
			case errs.Is(err, errs.Conflict):
				waiting.Add(1)
			default:
				t.Errorf("answer %v, err %v", answer, err)
			}
		})
	}
	wg.Wait()
	if ran.Load() != 1 || waiting.Load() != 9 {
		t.Errorf("%d ran and %d were told to wait", ran.Load(), waiting.Load())
	}

	want := postgres.Answer{Status: 201, Header: map[string]string{"Location": "/x"}, Body: []byte(`{"id":1}`)}
	if err := store.FinishKey(t.Context(), 1, person, "k", want); err != nil {
		t.Fatal(err)
	}
	for range 10 {
		got, err := store.ReserveKey(t.Context(), 1, person, "k", []byte("body"))
		if err != nil || got == nil || got.Status != 201 || string(got.Body) != `{"id":1}` || got.Header["Location"] != "/x" {
			t.Fatalf("replay = %+v, %v", got, err)
		}
	}
	if _, err := store.ReserveKey(t.Context(), 1, person, "k", []byte("another body")); !errs.Is(err, errs.Invalid) {
		t.Errorf("a changed body gives %v", err)
	}
}
