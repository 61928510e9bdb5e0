package postgres_test

import (
	"reflect"
	"testing"

	"github.com/google/uuid"

	"globalbrain/internal/errs"
	"globalbrain/internal/ranking"
	"globalbrain/internal/review"
)

func (p *panel) rank(t *testing.T) bool {
	t.Helper()
	added, err := p.BuildRanking(t.Context(), 1, p.call, ranking.DefaultWeights)
	if err != nil {
		t.Fatal(err)
	}
	return added
}

func TestARankingIsBuiltOnceForTheSameInputs(t *testing.T) {
	t.Parallel()
	p := newPanel(t, 3, 4)
	p.score(t, p.ideas[1], 4)
	if !p.rank(t) {
		t.Fatal("the first ranking was not built")
	}
	if p.rank(t) {
		t.Error("the same inputs were ranked twice")
	}
	p.open(t)
	if p.rank(t) {
		t.Error("an invitation changed the ranking")
	}
	p.finish(t, p.experts[0], 5)
	if !p.rank(t) {
		t.Error("a final review changed nothing")
	}
	if err := p.Support(t.Context(), 1, p.ideas[0], p.founders[1]); err != nil {
		t.Fatal(err)
	}
	if !p.rank(t) {
		t.Error("support changed nothing")
	}
	list, err := p.Snapshots(t.Context(), 1, p.call, "", 2)
	if err != nil || len(list.Items) != 2 || list.Next == "" {
		t.Fatalf("the newest two of three: %+v, %v", list, err)
	}
	rest, err := p.Snapshots(t.Context(), 1, p.call, list.Next, 2)
	if err != nil || len(rest.Items) != 1 || rest.Next != "" {
		t.Errorf("the oldest: %+v, %v", rest, err)
	}
	if !list.Items[0].At.After(rest.Items[0].At) {
		t.Error("the newest is not first")
	}
}

func TestStoredInputsGiveTheStoredOrder(t *testing.T) {
	t.Parallel()
	p := newPanel(t, 6, 5)
	for i, idea := range p.ideas[:4] {
		p.score(t, idea, 2.3+0.37*float64(i))
	}
	p.open(t)
	for i, expert := range p.experts[:3] {
		p.finish(t, expert, 3+i%3)
	}
	for i, idea := range p.ideas {
		for _, member := range append(p.founders, p.chair)[:i] {
			if err := p.Support(t.Context(), 1, idea, member); err != nil && errs.CodeOf(err) != "support.own" {
				t.Fatal(err)
			}
		}
	}
	p.rank(t)
	list, err := p.Snapshots(t.Context(), 1, p.call, "", 1)
	if err != nil {
		t.Fatal(err)
	}
	snapshot, err := p.RankingSnapshot(t.Context(), 1, list.Items[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	stored, err := p.RankedIdeas(t.Context(), 1, snapshot.ID, 0, 100)
	if err != nil {
		t.Fatal(err)
	}
	rebuilt := ranking.Build(snapshot.Inputs)
	if len(rebuilt) != 6 || len(stored) != 6 {
		t.Fatalf("%d rebuilt, %d stored", len(rebuilt), len(stored))
	}
	for i := range rebuilt {
		if !reflect.DeepEqual(rebuilt[i], stored[i].Receipt) {
			t.Errorf("place %d: rebuilt %+v, stored %+v", i+1, rebuilt[i], stored[i].Receipt)
		}
	}
	if snapshot.Model != "tiny 1" || snapshot.ModelHash != "abc" {
		t.Errorf("the model is %q %q", snapshot.Model, snapshot.ModelHash)
	}
	ratings := 0
	for _, e := range snapshot.Inputs.Entries {
		ratings += len(e.Ratings)
		for _, r := range e.Ratings {
			if _, err := uuid.Parse(r.Reviewer); err == nil {
				t.Error("the public inputs name a reviewer")
			}
		}
	}
	if ratings == 0 {
		t.Error("no ratings were stored")
	}
	if rest, err := p.RankedIdeas(t.Context(), 1, snapshot.ID, 4, 100); err != nil || len(rest) != 2 || rest[0].Receipt.Rank != 5 {
		t.Errorf("after the fourth: %+v, %v", rest, err)
	}
}

func TestIdeasThatLeftAreNotRanked(t *testing.T) {
	t.Parallel()
	p := newPanel(t, 2, 3)
	p.rank(t)
	p.exec(t, `update idea set state = 'withdrawn' where id = $1`, p.ideas[0])
	p.rank(t)
	if _, err := p.ReceiptOf(t.Context(), 1, p.ideas[0], uuid.Nil); !errs.Is(err, errs.NotFound) {
		t.Errorf("a withdrawn idea has a receipt: %v", err)
	}
	receipt, err := p.ReceiptOf(t.Context(), 1, p.ideas[1], uuid.Nil)
	if err != nil || receipt.Receipt.Rank != 1 || receipt.Receipt.Ideas != 1 || receipt.CallSlug != "call" {
		t.Errorf("got %+v, %v", receipt, err)
	}
	calls, err := p.RankedCalls(t.Context(), 1)
	if err != nil || len(calls) != 1 || calls[0].Ideas != 1 || calls[0].Snapshot != receipt.Snapshot {
		t.Errorf("got %+v, %v", calls, err)
	}
}

// Until a reviewer has handed in, the store itself refuses what would colour
// their judgement; afterwards, and for everybody else, it does not.
func TestReviewersAreBlindUntilTheyHaveSubmitted(t *testing.T) {
	t.Parallel()
	p := newPanel(t, 2, 3)
	idea := p.ideas[0]
	expert := p.experts[0]
	ctx := t.Context()
	blind := func() bool {
		t.Helper()
		list, err := p.BlindIdeas(ctx, 1, expert)
		if err != nil {
			t.Fatal(err)
		}
		_, receipt := p.ReceiptOf(ctx, 1, idea, expert)
		_, reviews := p.PublishedReviews(ctx, 1, idea, expert)
		if hides := list.Hides(idea); hides != (errs.CodeOf(receipt) == "review.blind") || hides != (errs.CodeOf(reviews) == "review.blind") {
			t.Errorf("hides %v, but the receipt says %v and the reviews %v", hides, receipt, reviews)
		}
		return list.Hides(idea)
	}
	p.rank(t)
	if blind() {
		t.Error("blind before any assignment")
	}
	p.open(t)
	if !blind() {
		t.Error("sees everything while invited")
	}
	desk, err := p.Desk(ctx, 1, expert)
	if err != nil {
		t.Fatal(err)
	}
	for _, item := range desk {
		if item.Assignment.Idea != idea {
			continue
		}
		if err := p.AcceptAssignment(ctx, 1, item.Assignment.ID, expert); err != nil {
			t.Fatal(err)
		}
		if !blind() {
			t.Error("sees everything after accepting")
		}
		if err := p.SaveReviewDraft(ctx, 1, item.Assignment.ID, expert, review.Sheet{{Score: 3}}); err != nil {
			t.Fatal(err)
		}
		if !blind() {
			t.Error("sees everything while writing")
		}
		if err := p.SubmitReview(ctx, p.tenant, item.Assignment.ID, expert, full(3)); err != nil {
			t.Fatal(err)
		}
	}
	if blind() {
		t.Error("blind after handing in")
	}
	if list, err := p.BlindIdeas(ctx, 1, p.chair); err != nil || len(list) != 0 {
		t.Errorf("the chair is blind to %v, %v", list, err)
	}
	if list, err := p.BlindIdeas(ctx, 1, uuid.Nil); err != nil || list.Hides(idea) {
		t.Errorf("a visitor is blind to %v, %v", list, err)
	}
}

func TestSupportIsOnePerPersonAndNeverForOnesOwn(t *testing.T) {
	t.Parallel()
	p := newPanel(t, 1, 1)
	ctx := t.Context()
	idea, member := p.ideas[0], p.experts[0]
	for range 2 {
		if err := p.Support(ctx, 1, idea, member); err != nil {
			t.Fatal(err)
		}
	}
	if state, err := p.SupportOf(ctx, 1, idea, member); err != nil || state.Count != 1 || !state.Mine {
		t.Errorf("got %+v, %v", state, err)
	}
	if state, err := p.SupportOf(ctx, 1, idea, uuid.Nil); err != nil || state.Count != 1 || state.Mine {
		t.Errorf("a visitor gets %+v, %v", state, err)
	}
	if err := p.Support(ctx, 1, idea, p.founders[0]); errs.CodeOf(err) != "support.own" {
		t.Errorf("one's own: %v", err)
	}
	for range 2 {
		if err := p.WithdrawSupport(ctx, 1, idea, member); err != nil {
			t.Fatal(err)
		}
	}
	if state, err := p.SupportOf(ctx, 1, idea, member); err != nil || state.Count != 0 || state.Mine {
		t.Errorf("after taking it back: %+v, %v", state, err)
	}
	p.exec(t, `update idea set state = 'withdrawn' where id = $1`, idea)
	if err := p.Support(ctx, 1, idea, member); !errs.Is(err, errs.NotFound) {
		t.Errorf("a withdrawn idea: %v", err)
	}
}
