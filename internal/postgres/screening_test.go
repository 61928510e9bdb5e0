package postgres_test

import (
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/uuid"

	"globalbrain/internal/errs"
	"globalbrain/internal/idea"
	"globalbrain/internal/moderation"
	"globalbrain/internal/tenant"
)

func TestTheQueueShowsTheLongestWaitFirstAndWhoReads(t *testing.T) {
	t.Parallel()
	w := newIdeaTown(t)
	first, second := w.submit(t, fullDraft("First")), w.submit(t, fullDraft("Second"))
	w.draft(t, fullDraft("A draft"))
	if err := w.StoreScore(t.Context(), w.id, second.ID, 1, sampleScore("hash")); err != nil {
		t.Fatal(err)
	}
	if _, err := w.TakeForScreening(t.Context(), w.id, w.moderator, first.ID); err != nil {
		t.Fatal(err)
	}
	page, err := w.ScreeningQueue(t.Context(), w.id, "", 1)
	if err != nil || len(page.Items) != 1 || page.Next == "" {
		t.Fatalf("the first page: %+v, %v", page, err)
	}
	if got := page.Items[0]; got.ID != first.ID || got.State != idea.Screening || got.ModeratorID != w.moderator || got.ModeratorName != "Mo" || got.Age <= 0 || got.Score != nil {
		t.Errorf("taken: %+v", got)
	}
	page, err = w.ScreeningQueue(t.Context(), w.id, page.Next, 1)
	if err != nil || len(page.Items) != 1 || page.Next != "" {
		t.Fatalf("the second page: %+v, %v", page, err)
	}
	if got := page.Items[0]; got.ID != second.ID || got.State != idea.Submitted || got.ModeratorID != uuid.Nil || got.Score == nil || got.Score.Impact.Low != 2 {
		t.Errorf("waiting: %+v", got)
	}
	if page, err = w.ScreeningQueue(t.Context(), w.other, "", 9); err != nil || len(page.Items) != 0 {
		t.Errorf("another tenant: %+v, %v", page, err)
	}
}

func TestOneOfManyModeratorsTakesAnIdea(t *testing.T) {
	t.Parallel()
	w := newIdeaTown(t)
	i := w.submit(t, fullDraft("Shade"))
	var took, late atomic.Int32
	var wg sync.WaitGroup
	for n := range 6 {
		wg.Go(func() {
			_, err := w.TakeForScreening(t.Context(), w.id, []uuid.UUID{w.moderator, w.third}[n%2], i.ID)
			switch {
			case err == nil:
				took.Add(1)
			case errs.CodeOf(err) == "moderation.taken":
				late.Add(1)
			default:
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if took.Load() != 1 || late.Load() != 5 {
		t.Errorf("%d took it and %d were late", took.Load(), late.Load())
	}
}

func TestADecisionIsRefusedWhenItMayNotBeMade(t *testing.T) {
	t.Parallel()
	w := newIdeaTown(t)
	i := w.submit(t, fullDraft("Shade"))
	yes := moderation.Decision{Verdict: moderation.Accept}
	if _, err := w.DecideScreening(t.Context(), w.id, w.moderator, i.ID, 1, yes); errs.CodeOf(err) != "moderation.not_screening" {
		t.Errorf("before it was taken: %v", err)
	}
	if _, err := w.TakeForScreening(t.Context(), w.id, w.founder, i.ID); errs.CodeOf(err) != "moderation.own" {
		t.Errorf("the founder takes it: %v", err)
	}
	if _, err := w.TakeForScreening(t.Context(), w.id, w.moderator, i.ID); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		person   uuid.UUID
		version  int
		decision moderation.Decision
		want     string
	}{
		"by the founder":             {w.founder, 1, yes, "moderation.own"},
		"about another version":      {w.moderator, 2, yes, "moderation.version"},
		"a rejection without a rule": {w.moderator, 1, moderation.Decision{Verdict: moderation.Reject, Note: "No."}, "fields"},
	} {
		if _, err := w.DecideScreening(t.Context(), w.id, c.person, i.ID, c.version, c.decision); errs.CodeOf(err) != c.want {
			t.Errorf("%s: %v", name, err)
		}
	}
	no := moderation.Decision{Verdict: moderation.Reject, Rule: moderation.OffTopic, Note: "Not about streets."}
	rejected, err := w.DecideScreening(t.Context(), w.id, w.third, i.ID, 1, no) // whoever is there may decide
	if err != nil || rejected.State != idea.Rejected || w.jobs(t, "ranking.snapshot") != 0 {
		t.Errorf("rejected: %+v, %v", rejected, err)
	}
	if _, err := w.DecideScreening(t.Context(), w.id, w.moderator, i.ID, 1, yes); !errs.Is(err, errs.Conflict) {
		t.Errorf("a second time: %v", err)
	}
	history, err := w.IdeaHistory(t.Context(), w.id, i.ID)
	if err != nil || history[len(history)-1].Reason != string(moderation.OffTopic) {
		t.Errorf("the history: %+v, %v", history, err)
	}
}

func TestChangesAreRequestedAtMostAsOftenAsThePolicySays(t *testing.T) {
	t.Parallel()
	w := newIdeaTown(t)
	i := w.submit(t, fullDraft("Shade"))
	again := moderation.Decision{Verdict: moderation.RequestChanges, Note: "More."}
	for range tenant.DefaultPolicy().MaxChangeCycles {
		i = w.screen(t, i, again)
		var err error
		if i, err = w.SubmitIdea(t.Context(), w.id, w.founder, i.ID, i.Edit); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := w.TakeForScreening(t.Context(), w.id, w.moderator, i.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := w.DecideScreening(t.Context(), w.id, w.moderator, i.ID, i.Version, again); errs.CodeOf(err) != "moderation.cycles" {
		t.Errorf("once more: %v", err)
	}
	if i, err := w.DecideScreening(t.Context(), w.id, w.moderator, i.ID, i.Version, moderation.Decision{Verdict: moderation.Accept}); err != nil || i.State != idea.InReview {
		t.Errorf("accepted instead: %+v, %v", i, err)
	}
}
