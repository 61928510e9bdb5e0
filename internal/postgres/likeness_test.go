package postgres_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"globalbrain/internal/idea"
	"globalbrain/internal/moderation"
	"globalbrain/internal/postgres"
	"globalbrain/internal/tenant"
)

// embeddings is what a model made of all ideas that stand.
func (w *ideaTown) embeddings(t *testing.T, id tenant.ID, model string) (list []postgres.IdeaEmbedding) {
	t.Helper()
	if _, err := w.FollowEmbeddings(t.Context(), id, model, time.Time{}, func(e postgres.IdeaEmbedding) error {
		list = append(list, e)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return list
}

// texts is what ideas say that took a step since a time, by their ids.
func (w *ideaTown) texts(t *testing.T, id tenant.ID, since time.Time) (map[uuid.UUID]postgres.IdeaText, time.Time) {
	t.Helper()
	found := map[uuid.UUID]postgres.IdeaText{}
	next, err := w.FollowTexts(t.Context(), id, since, func(text postgres.IdeaText) error {
		found[text.ID] = text
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found, next
}

func TestWhoFollowsIdeasLearnsOfEveryStep(t *testing.T) {
	t.Parallel()
	w := newIdeaTown(t)
	w.draft(t, fullDraft("A draft"))
	first := w.submit(t, fullDraft("Shade"))
	gone := w.screen(t, w.submit(t, fullDraft("Off topic")), moderation.Decision{Verdict: moderation.Reject, Rule: moderation.OffTopic, Note: "No."})
	found, next := w.texts(t, w.id, time.Time{})
	if got := found[first.ID]; len(found) != 1 || got.Title != "Shade" || got.State != idea.Submitted || got.Version != 1 || got.Founder != w.founder || got.FounderName != "Fay" || got.Solution != "Plants." {
		t.Errorf("at first: %+v", found)
	}
	if other, _ := w.texts(t, w.other, time.Time{}); len(other) != 0 {
		t.Errorf("another tenant: %+v", other)
	}
	if other, _ := w.texts(t, w.other, next); len(other) != 0 {
		t.Errorf("another tenant, later: %+v", other)
	}
	// As if all of that had been an hour ago.
	if _, err := w.pg.Super.Exec(t.Context(), `alter table idea_transition disable trigger all`); err != nil {
		t.Fatal(err)
	}
	for _, table := range []string{"idea_transition set at = at", "idea_score set created_at = created_at"} {
		if _, err := w.pg.Super.Exec(t.Context(), `update `+table+` - interval '1 hour'`); err != nil {
			t.Fatal(err)
		}
	}
	if found, next = w.texts(t, w.id, next); len(found) != 0 {
		t.Errorf("nothing has happened, and that is %+v", found)
	}
	again := w.screen(t, first, moderation.Decision{Verdict: moderation.RequestChanges, Note: "More."})
	if found, next = w.texts(t, w.id, next); found[first.ID].State != idea.ChangesRequested {
		t.Errorf("after a step: %+v", found)
	}
	d := fullDraft("More shade")
	again, err := w.SaveDraft(t.Context(), w.id, w.founder, again.ID, again.Edit, d)
	if err == nil {
		again, err = w.SubmitIdea(t.Context(), w.id, w.founder, again.ID, again.Edit)
	}
	if err != nil {
		t.Fatal(err)
	}
	if found, next = w.texts(t, w.id, next); found[first.ID].Title != "More shade" || found[first.ID].Version != 2 {
		t.Errorf("after a new version: %+v", found)
	}
	if _, err := w.WithdrawIdea(t.Context(), w.id, w.founder, first.ID, ""); err != nil {
		t.Fatal(err)
	}
	if found, _ = w.texts(t, w.id, next); found[first.ID].State != idea.Withdrawn {
		t.Errorf("after the last step: %+v", found)
	}
	if found, _ = w.texts(t, w.id, time.Time{}); len(found) != 0 {
		t.Errorf("nothing stands any more, and that is %+v", found)
	}
	list, err := w.IdeaTexts(t.Context(), w.id, []uuid.UUID{first.ID, gone.ID, uuid.New()})
	if err != nil || len(list) != 2 {
		t.Errorf("by id: %+v, %v", list, err)
	}
	if list, err := w.IdeaTexts(t.Context(), w.other, []uuid.UUID{first.ID, gone.ID}); err != nil || len(list) != 0 {
		t.Errorf("of another tenant: %+v, %v", list, err)
	}
}

func TestWhoFollowsEmbeddingsLearnsOfScoresThatComeAndVersionsThatGo(t *testing.T) {
	t.Parallel()
	w := newIdeaTown(t)
	i := w.submit(t, fullDraft("Shade"))
	since := time.Now().Add(-time.Hour)
	follow := func(model string) (got []postgres.IdeaEmbedding) {
		t.Helper()
		if _, err := w.FollowEmbeddings(t.Context(), w.id, model, since, func(e postgres.IdeaEmbedding) error {
			got = append(got, e)
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		return got
	}
	if got := follow("one"); len(got) != 1 || got[0].Vector != nil {
		t.Errorf("before the score: %+v", got)
	}
	if err := w.StoreScore(t.Context(), w.id, i.ID, 1, sampleScore("one")); err != nil {
		t.Fatal(err)
	}
	if got := follow("one"); len(got) != 1 || len(got[0].Vector) == 0 {
		t.Errorf("after the score: %+v", got)
	}
	if got := follow("two"); len(got) != 1 || got[0].Vector != nil {
		t.Errorf("another model: %+v", got)
	}
	i = w.screen(t, i, moderation.Decision{Verdict: moderation.RequestChanges, Note: "More."})
	if _, err := w.SubmitIdea(t.Context(), w.id, w.founder, i.ID, i.Edit); err != nil {
		t.Fatal(err)
	}
	if got := follow("one"); len(got) != 1 || got[0].Vector != nil {
		t.Errorf("a new version that has no score: %+v", got)
	}
}

func TestAllIdeasAreFollowedWhateverTheirNumber(t *testing.T) {
	t.Parallel()
	w := newIdeaTown(t)
	const many = 1203 // three pages
	if _, err := w.pg.Super.Exec(t.Context(), fmt.Sprintf(`
		alter table idea disable trigger idea_state;
		insert into idea (tenant_id, id, call_id, founder_id, state, version, currency)
		select %[1]d, gen_random_uuid(), '%[2]s', '%[3]s', 'in_review', 1, 'EUR' from generate_series(1, %[4]d);
		insert into idea_version (tenant_id, idea_id, version, title, problem, solution, team, goal_minor, currency, language, ai_use)
		select tenant_id, id, 1, 't', 'p', 's', 't', 1, 'EUR', 'en', 'none' from idea`, w.id, w.call.ID, w.founder, many)); err != nil {
		t.Fatal(err)
	}
	if found, _ := w.texts(t, w.id, time.Time{}); len(found) != many {
		t.Errorf("%d of %d ideas", len(found), many)
	}
}

func TestAFoundersAnswerAboutALikenessStaysWithTheVersion(t *testing.T) {
	t.Parallel()
	w := newIdeaTown(t)
	other := w.submit(t, fullDraft("Shade"))
	i := w.draft(t, fullDraft("Shade again"))
	like := idea.Likeness{Other: other.ID, Degree: idea.Copied, Shared: 0.75, Note: "Ours is for trams."}
	i, err := w.SubmitIdea(t.Context(), w.id, w.founder, i.ID, i.Edit, like)
	if err != nil {
		t.Fatal(err)
	}
	got, err := w.Likenesses(t.Context(), w.id, i.ID)
	if err != nil || len(got) != 1 || got[0].At.IsZero() {
		t.Fatalf("%+v, %v", got, err)
	}
	got[0].At = time.Time{}
	if like.Version = 1; got[0] != like {
		t.Errorf("%+v, want %+v", got[0], like)
	}
	if got, err := w.Likenesses(t.Context(), w.other, i.ID); err != nil || len(got) != 0 {
		t.Errorf("another tenant: %+v, %v", got, err)
	}
	for name, wrong := range map[string]idea.Likeness{
		"to an idea that nobody has": {Other: uuid.New(), Degree: idea.Close},
		"to itself":                  {Degree: idea.Close},
		"of a degree that asks not":  {Other: other.ID, Degree: idea.Related},
		"of more than all":           {Other: other.ID, Degree: idea.Close, Shared: 1.5},
		"with a note without end":    {Other: other.ID, Degree: idea.Close, Note: strings.Repeat("字", idea.MaxLikenessNote+1)},
	} {
		d := w.draft(t, fullDraft(name))
		if wrong.Other == uuid.Nil {
			wrong.Other = d.ID
		}
		if _, err := w.SubmitIdea(t.Context(), w.id, w.founder, d.ID, d.Edit, wrong); err == nil {
			t.Errorf("%s: it is kept", name)
		}
		if v, err := w.Idea(t.Context(), w.id, d.ID); err != nil || v.State != idea.Drafting {
			t.Errorf("%s: the idea is %s, %v", name, v.State, err)
		}
	}
}
