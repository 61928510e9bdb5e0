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
	"globalbrain/internal/promotion"
	"globalbrain/internal/scoring"
	"globalbrain/internal/tenant"
	"globalbrain/internal/worker"
)

// busyOnce is a model whose queue is full the first time it is asked.
type busyOnce struct{ asked atomic.Int32 }

func (*busyOnce) Chosen(context.Context, tenant.ID) (promotion.Choice, promotion.Model, error) {
	return promotion.Choice{}, promotion.Model{Folder: "brain", Title: "brain 1", Hash: "abc"}, nil
}

func (b *busyOnce) ScoreAll(ctx context.Context, m promotion.Model, texts []scoring.Text) (scores []scoring.Score, err error) {
	for _, t := range texts {
		score, err := b.Score(ctx, m, t)
		if err != nil {
			return nil, err
		}
		scores = append(scores, score)
	}
	return scores, nil
}

func (b *busyOnce) Score(_ context.Context, _ promotion.Model, t scoring.Text) (scoring.Score, error) {
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

// scoredBy submits an idea and returns the score that the job keeps of it.
func scoredBy(t *testing.T, model worker.Scorer, draft idea.Draft) idea.Score {
	t.Helper()
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
	draft.Goal, draft.AIUse, draft.RightsConfirmed = money.Amount{Minor: 1, Currency: "EUR"}, idea.AINone, true
	i, err := store.CreateIdea(t.Context(), town, founder, call.ID)
	if err == nil {
		i, err = store.SaveDraft(t.Context(), town, founder, i.ID, i.Edit, draft)
	}
	if err == nil {
		_, err = store.SubmitIdea(t.Context(), town, founder, i.ID, i.Edit)
	}
	if err != nil {
		t.Fatal(err)
	}
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
	if err != nil {
		t.Fatal(err)
	}
	return score
}

func bands(s idea.Score) []idea.Band {
	return []idea.Band{s.Success, s.Impact, s.Feasibility, s.Auditability}
}

func TestASubmittedIdeaIsScoredByTheJobEvenWhenTheModelWasBusy(t *testing.T) {
	t.Parallel()
	model := &busyOnce{}
	score := scoredBy(t, model, idea.Draft{Title: "Twenty letters long!", Problem: "p", Solution: "s", Team: "t", Language: "en"})
	want := []idea.Band{{Value: 0.2, Low: 0.01, High: 0.9}, {Value: 2, Low: 1, High: 3}, {Value: 3, Low: 2, High: 4}, {Value: 4, Low: 3, High: 5}}
	if !slices.Equal(bands(score), want) || score.Model != "brain 1" || score.ModelHash != "abc" || score.Version != 1 || score.Language != "en" {
		t.Errorf("%+v", score)
	}
	if asked := model.asked.Load(); asked != 2 {
		t.Errorf("the model was asked %d times", asked)
	}
}

// ngrams answers as the chosen model does in a language that it leaves to the
// model for other languages.
type ngrams struct{ busyOnce }

func (n *ngrams) Score(ctx context.Context, m promotion.Model, t scoring.Text) (scoring.Score, error) {
	score, err := n.busyOnce.Score(ctx, m, t)
	score.Model, score.ModelHash, score.Embedding = "ideas-ngram 1", "def", nil
	return score, err
}

func TestAScoreOfTheModelForOtherLanguagesIsKeptWithItsNameAndNoEmbedding(t *testing.T) {
	t.Parallel()
	score := scoredBy(t, &ngrams{}, idea.Draft{Title: "社区自行车图书馆", Problem: "旧自行车在生锈。", Solution: "我们修好它们。", Team: "两位师傅。", Language: "zh"})
	if score.Model != "ideas-ngram 1" || score.Language != "zh" || score.Abstained || score.Success.Value == 0 || score.Impact.Value != 2 || len(score.Embedding) != 0 {
		t.Errorf("%+v", score)
	}
}
