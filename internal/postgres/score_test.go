package postgres_test

import (
	"slices"
	"testing"

	"globalbrain/internal/errs"
	"globalbrain/internal/idea"
	"globalbrain/internal/moderation"
)

func sampleScore(hash string) idea.Score {
	return idea.Score{
		Model: "brain 1", ModelHash: hash, Language: "en",
		Success: idea.Band{Value: 0.5, Low: 0.25, High: 0.75}, Impact: idea.Band{Value: 3, Low: 2, High: 4},
		Feasibility: idea.Band{Value: 3.5, Low: 3, High: 4}, Auditability: idea.Band{Value: 2, Low: 1, High: 3},
		Embedding: []float32{0.6, 0.8},
	}
}

func TestAScoreIsStoredOncePerVersionAndModel(t *testing.T) {
	t.Parallel()
	w := newIdeaTown(t)
	i := w.accept(t, w.submit(t, fullDraft("Shade")))
	if _, err := w.IdeaScore(t.Context(), w.id, i.ID); errs.CodeOf(err) != "idea.unscored" || !errs.Is(err, errs.NotFound) {
		t.Errorf("before: %v", err)
	}
	input, err := w.ScoreInput(t.Context(), w.id, i.ID, 1)
	if err != nil || input.Title != "Shade" {
		t.Errorf("input: %+v, %v", input, err)
	}
	want := sampleScore("one")
	for range 2 {
		if err := w.StoreScore(t.Context(), w.id, i.ID, 1, want); err != nil {
			t.Fatal(err)
		}
	}
	got, err := w.IdeaScore(t.Context(), w.id, i.ID)
	if err != nil || got.Success != want.Success || got.Impact != want.Impact || got.Feasibility != want.Feasibility || got.Auditability != want.Auditability || got.Model != "brain 1" || got.Version != 1 || got.At.IsZero() {
		t.Errorf("read back: %+v, %v", got, err)
	}
	var rows int
	if err := w.pg.Super.QueryRow(t.Context(), `select count(*) from idea_score`).Scan(&rows); err != nil || rows != 1 {
		t.Errorf("%d rows, %v", rows, err)
	}
	if near := w.embeddings(t, w.id, "one"); len(near) != 1 || near[0].Idea != i.ID || near[0].State != idea.InReview || !slices.Equal(near[0].Vector, want.Embedding) {
		t.Errorf("embeddings: %+v", near)
	}
	if near := w.embeddings(t, w.other, "one"); len(near) != 0 {
		t.Errorf("another tenant's embeddings: %+v", near)
	}
	inForce := func(hash string) {
		t.Helper()
		if _, err := w.pg.Super.Exec(t.Context(), `update model_in_force set model_hash = $1`, hash); err != nil {
			t.Fatal(err)
		}
	}
	silent := idea.Score{Model: "brain 2", ModelHash: "two", Language: "und", Abstained: true, Reason: "too_short"}
	if err := w.StoreScore(t.Context(), w.id, i.ID, 1, silent); err != nil {
		t.Fatal(err)
	}
	if got, err := w.IdeaScore(t.Context(), w.id, i.ID); err != nil || got.ModelHash != "one" {
		t.Errorf("a model that is not in force: %+v, %v", got, err)
	}
	inForce("two")
	if got, err := w.IdeaScore(t.Context(), w.id, i.ID); err != nil || !got.Abstained || got.Reason != "too_short" || got.Success != (idea.Band{}) {
		t.Errorf("the model in force abstains: %+v, %v", got, err)
	}
	chance := idea.Score{Model: "brain 3", ModelHash: "three", Language: "en", Success: idea.Band{Value: 0.4, High: 1}}
	if err := w.StoreScore(t.Context(), w.id, i.ID, 1, chance); err != nil {
		t.Fatal(err)
	}
	inForce("three")
	if got, err := w.IdeaScore(t.Context(), w.id, i.ID); err != nil || got.Success != chance.Success || got.Rated() || got.Abstained {
		t.Errorf("a model without criteria: %+v, %v", got, err)
	}
	if near := w.embeddings(t, w.id, "two"); len(near) != 0 {
		t.Errorf("embeddings of a model that was not run: %+v", near)
	}
	if err := w.StoreScore(t.Context(), w.id, i.ID, 9, want); !errs.Is(err, errs.NotFound) {
		t.Errorf("a version that does not exist: %v", err)
	}
}

func TestAScoreOfAnOlderVersionIsNotShownForANewOne(t *testing.T) {
	t.Parallel()
	w := newIdeaTown(t)
	i := w.submit(t, fullDraft("Shade"))
	if err := w.StoreScore(t.Context(), w.id, i.ID, 1, sampleScore("one")); err != nil {
		t.Fatal(err)
	}
	i = w.screen(t, i, moderation.Decision{Verdict: moderation.RequestChanges, Note: "Costs?"})
	if _, err := w.SubmitIdea(t.Context(), w.id, w.founder, i.ID, i.Edit); err != nil {
		t.Fatal(err)
	}
	if _, err := w.IdeaScore(t.Context(), w.id, i.ID); errs.CodeOf(err) != "idea.unscored" {
		t.Errorf("the new version: %v", err)
	}
}
