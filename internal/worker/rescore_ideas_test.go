package worker_test

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"globalbrain/internal/database"
	"globalbrain/internal/idea"
	"globalbrain/internal/money"
	"globalbrain/internal/pgtest"
	"globalbrain/internal/postgres"
	"globalbrain/internal/promotion"
	"globalbrain/internal/scoring"
	"globalbrain/internal/tenant"
	"globalbrain/internal/worker"
)

// shelfOf answers by whatever model a tenant chose; before, by "first".
type shelfOf struct {
	store  *postgres.Store
	speaks string      // for whatever model is asked; empty: each speaks for itself
	broken atomic.Bool // no model can be asked
	asked  atomic.Int32
}

func named(name string) promotion.Model {
	return promotion.Model{Folder: name, Title: name + " 1", Hash: "hash of " + name}
}

func (s *shelfOf) Chosen(ctx context.Context, id tenant.ID) (promotion.Choice, promotion.Model, error) {
	c, err := s.store.ModelChoice(ctx, id)
	if m := c.Live(); m.Chosen() {
		return c, m, err
	}
	return c, named("first"), err
}

func (s *shelfOf) Score(_ context.Context, m promotion.Model, t scoring.Text) (scoring.Score, error) {
	s.asked.Add(1)
	if s.broken.Load() {
		return scoring.Score{}, errors.New("the model is gone")
	}
	return scoring.Score{Model: cmp.Or(s.speaks, m.Title), ModelHash: m.Hash, Language: t.Language, Success: scoring.Chance{Probability: 1 / float64(1+len(m.Title)), High: 1}}, nil
}

func (s *shelfOf) ScoreAll(ctx context.Context, m promotion.Model, texts []scoring.Text) (scores []scoring.Score, err error) {
	for _, t := range texts {
		score, err := s.Score(ctx, m, t)
		if err != nil {
			return nil, err
		}
		scores = append(scores, score)
	}
	return scores, nil
}

// townWithIdeas is a database with one tenant and some submitted ideas.
type townWithIdeas struct {
	pg    *pgtest.DB
	store *postgres.Store
	ideas []uuid.UUID
}

func newTownWithIdeas(t *testing.T, n int) *townWithIdeas {
	t.Helper()
	pg := pgtest.New(t)
	store, err := postgres.NewStore(database.New(pg.App))
	if err != nil {
		t.Fatal(err)
	}
	w := &townWithIdeas{pg: pg, store: store}
	founder := uuid.New()
	if _, err := pg.Super.Exec(t.Context(), `
		with t as (insert into tenant (slug, name, hue, currency, locales, policy) values ('town', '{"en": "Town"}', 1, 'EUR', '{en}', '{}') returning id),
		  a as (insert into account (id, email, email_key, name, password_hash, locale, email_verified_at) values ($1, 'a@b.example', 'a@b.example', 'A', '', 'en', now()) returning id)
		insert into membership (tenant_id, account_id, roles) select t.id, a.id, '{member}' from t, a`, founder); err != nil {
		t.Fatal(err)
	}
	call, err := store.CreateCall(t.Context(), 1, founder, idea.Call{Slug: "call", Title: map[string]string{"en": "Call"}, Brief: map[string]string{"en": "Brief"}})
	for i := 0; i < n && err == nil; i++ {
		var made idea.Idea
		if made, err = store.CreateIdea(t.Context(), 1, founder, call.ID); err != nil {
			break
		}
		w.ideas = append(w.ideas, made.ID)
		made, err = store.SaveDraft(t.Context(), 1, founder, made.ID, made.Edit, idea.Draft{
			Title: "Shade", Problem: "p", Solution: "s", Team: "t", Goal: money.Amount{Minor: 1, Currency: "EUR"}, Language: "en", AIUse: idea.AINone, RightsConfirmed: true,
		})
		if err == nil {
			_, err = store.SubmitIdea(t.Context(), 1, founder, made.ID, made.Edit)
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// After a promotion every idea is scored by the new model and all change over
// together; a rollback shows the very rows that were there before.
func TestIdeasAreScoredAnewAfterAPromotionAndComeBackAfterARollback(t *testing.T) {
	t.Parallel()
	const town = tenant.ID(1)
	w := newTownWithIdeas(t, 3)
	models := &shelfOf{store: w.store, speaks: "tables 1"}
	jobs, err := worker.New(w.pg.Jobs, worker.Deps{Store: w.store, Scorer: models, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	if err := jobs.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = jobs.Stop(context.WithoutCancel(t.Context())) })
	shown := func(model string) (rows []idea.Score) { // waits until the test's own time is over
		t.Helper()
		for {
			rows = nil
			for _, id := range w.ideas {
				score, err := w.store.IdeaScore(t.Context(), town, id)
				if err == nil && score.ModelHash == named(model).Hash {
					rows = append(rows, score)
				}
			}
			choice, err := w.store.ModelChoice(t.Context(), town)
			if err != nil {
				t.Fatal(err)
			}
			if len(rows) == len(w.ideas) && choice.InForce.Hash == named(model).Hash {
				return rows
			}
			time.Sleep(20 * time.Millisecond)
		}
	}
	first := shown("first")
	if choice, err := w.store.ModelChoice(t.Context(), town); err != nil || choice.InForce.Title != "first 1" || first[0].Model != "tables 1" {
		t.Errorf("%+v in force, %v, and %s speaks", choice.InForce, err, first[0].Model)
	}
	operator := postgres.Decision{By: promotion.By{Operator: "root"}, Seen: -1, Reason: "Better."}
	if _, err := w.store.PromoteModel(t.Context(), town, named("second"), operator); err != nil {
		t.Fatal(err)
	}
	if second := shown("second"); second[0].Success == first[0].Success {
		t.Errorf("the new model says the same: %+v", second[0])
	}
	if _, err := w.store.RollBackModel(t.Context(), town, operator); err != nil {
		t.Fatal(err)
	}
	for i, again := range shown("first") {
		if again.ID != first[i].ID || again.Success != first[i].Success || !again.At.Equal(first[i].At) {
			t.Errorf("idea %d: %+v, before %+v", i, again, first[i])
		}
	}
}

func TestAModelThatCannotBeAskedLeavesTheFormerScores(t *testing.T) {
	t.Parallel()
	const town = tenant.ID(1)
	w := newTownWithIdeas(t, 1)
	models := &shelfOf{store: w.store}
	if err := w.store.StoreScore(t.Context(), town, w.ideas[0], 1, idea.Score{Model: "first 1", ModelHash: named("first").Hash, Language: "en", Abstained: true, Reason: "too_short"}); err != nil {
		t.Fatal(err)
	}
	models.broken.Store(true)
	if _, err := w.store.PromoteModel(t.Context(), town, named("second"), postgres.Decision{By: promotion.By{Operator: "root"}, Seen: -1, Reason: "Better."}); err != nil {
		t.Fatal(err)
	}
	jobs, err := worker.New(w.pg.Jobs, worker.Deps{Store: w.store, Scorer: models, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	if err := jobs.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = jobs.Stop(context.WithoutCancel(t.Context())) })
	for models.asked.Load() < 2 { // the new idea's own job, and the re-scoring
		time.Sleep(20 * time.Millisecond)
	}
	score, err := w.store.IdeaScore(t.Context(), town, w.ideas[0])
	if err != nil || score.ModelHash != named("first").Hash {
		t.Errorf("%+v, %v", score, err)
	}
	if choice, err := w.store.ModelChoice(t.Context(), town); err != nil || choice.InForce.Hash != named("first").Hash {
		t.Errorf("%+v, %v", choice, err)
	}
}
