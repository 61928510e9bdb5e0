package worker_test

import (
	"context"
	"log/slog"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"globalbrain/internal/database"
	"globalbrain/internal/errs"
	"globalbrain/internal/idea"
	"globalbrain/internal/money"
	"globalbrain/internal/pgtest"
	"globalbrain/internal/postgres"
	"globalbrain/internal/scoring"
	"globalbrain/internal/tenant"
	"globalbrain/internal/worker"
)

// busyOnce is a model whose queue is full the first time it is asked.
type busyOnce struct{ asked atomic.Int32 }

func (b *busyOnce) Score(_ context.Context, t scoring.Text) (scoring.Score, error) {
	if b.asked.Add(1) == 1 {
		return scoring.Score{}, errs.New(errs.Unavailable, "scoring.busy", "The model is busy.").After(10 * time.Millisecond)
	}
	return scoring.Score{
		Model: "brain 1", ModelHash: "abc", Language: t.Language,
		Success: scoring.Chance{Probability: float64(len(t.Title)) / 100, Low: 0.01, High: 0.9},
		Criteria: &scoring.Criteria{
			Impact: scoring.Rating{Mean: 2, Low: 1, High: 3}, Feasibility: scoring.Rating{Mean: 3, Low: 2, High: 4}, Auditability: scoring.Rating{Mean: 4, Low: 3, High: 5},
		},
		Embedding: []float32{1, 0},
	}, nil
}

func TestASubmittedIdeaIsScoredByTheJobEvenWhenTheModelWasBusy(t *testing.T) {
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
	if err == nil {
		i, err = store.SaveDraft(t.Context(), town, founder, i.ID, i.Edit, idea.Draft{
			Title: "Twenty letters long!", Problem: "p", Solution: "s", Team: "t", Goal: money.Amount{Minor: 1, Currency: "EUR"},
			Language: "en", AIUse: idea.AINone, RightsConfirmed: true,
		})
	}
	if err == nil {
		_, err = store.SubmitIdea(t.Context(), town, founder, i.ID, i.Edit)
	}
	if err != nil {
		t.Fatal(err)
	}

	model := &busyOnce{}
	jobs, err := worker.New(pg.Jobs, worker.Deps{Store: store, Scorer: model, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	if err := jobs.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = jobs.Stop(context.WithoutCancel(t.Context())) })
	score, err := store.IdeaScore(t.Context(), town, i.ID)
	for errs.Is(err, errs.NotFound) { // until the test's own time is over
		time.Sleep(20 * time.Millisecond)
		score, err = store.IdeaScore(t.Context(), town, i.ID)
	}
	got := []idea.Band{score.Success, score.Impact, score.Feasibility, score.Auditability}
	want := []idea.Band{{Value: 0.2, Low: 0.01, High: 0.9}, {Value: 2, Low: 1, High: 3}, {Value: 3, Low: 2, High: 4}, {Value: 4, Low: 3, High: 5}}
	if err != nil || !slices.Equal(got, want) || score.Model != "brain 1" || score.ModelHash != "abc" || score.Version != 1 || score.Language != "en" {
		t.Errorf("%+v, %v", score, err)
	}
	if asked := model.asked.Load(); asked != 2 {
		t.Errorf("the model was asked %d times", asked)
	}
}
