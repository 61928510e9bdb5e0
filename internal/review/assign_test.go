package review_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"globalbrain/internal/review"
)

func numbered(kind, n byte) uuid.UUID { return uuid.UUID{15: n, 0: kind} }

// drawAssignment makes a panel and ideas with all kinds of ties between them.
func drawAssignment(t *rapid.T) ([]review.Task, []review.Expert) {
	organisation := rapid.SampledFrom([]string{"", "A", "B", "C"})
	experts := make([]review.Expert, rapid.IntRange(0, 9).Draw(t, "experts"))
	for i := range experts {
		experts[i] = review.Expert{Person: review.Person{ID: numbered(1, byte(i)), Organisation: organisation.Draw(t, "organisation")}, Load: rapid.IntRange(0, 3).Draw(t, "load")}
	}
	tasks := make([]review.Task, rapid.IntRange(0, 7).Draw(t, "ideas"))
	for i := range tasks {
		tasks[i] = review.Task{Stake: review.Stake{Idea: numbered(2, byte(i)), Founder: review.Person{ID: numbered(3, byte(i)), Organisation: organisation.Draw(t, "founder's")}}, Need: 3}
		for _, e := range experts {
			switch rapid.IntRange(0, 11).Draw(t, "tie") {
			case 0:
				tasks[i].Declared = append(tasks[i].Declared, e.ID)
			case 1:
				tasks[i].Pledged = append(tasks[i].Pledged, e.ID)
			case 2:
				tasks[i].Taken = append(tasks[i].Taken, e.ID)
			}
		}
	}
	return tasks, experts
}

func TestAssigningNeverCreatesAConflictNorAsksTwice(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		tasks, experts := drawAssignment(t)
		seen := map[review.Pair]bool{}
		count := map[uuid.UUID]int{}
		panel := map[uuid.UUID]map[string]int{}
		for _, p := range review.Assign(tasks, experts, 2) {
			task := tasks[slices.IndexFunc(tasks, func(x review.Task) bool { return x.Idea == p.Idea })]
			expert := experts[slices.IndexFunc(experts, func(x review.Expert) bool { return x.ID == p.Expert })]
			if c := review.ConflictOf(expert.Person, task.Stake); c != "" {
				t.Fatalf("assigned in spite of a conflict: %s", c)
			}
			if slices.Contains(task.Taken, expert.ID) || seen[p] {
				t.Fatal("asked twice")
			}
			seen[p] = true
			count[p.Idea]++
			if panel[p.Idea] == nil {
				panel[p.Idea] = map[string]int{}
			}
			panel[p.Idea][review.OrganisationKey(expert.Organisation, expert.ID)]++
		}
		for idea, n := range count {
			if n > 3 {
				t.Fatalf("%d reviewers for an idea that needs 3", n)
			}
			if n == 3 && len(panel[idea]) < 2 {
				t.Fatal("three reviewers of one organisation")
			}
		}
	})
}

func TestAssigningDoesNotDependOnTheOrderOfTheInput(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		tasks, experts := drawAssignment(t)
		want := review.Assign(tasks, experts, 2)
		random := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		random.Shuffle(len(tasks), func(i, j int) { tasks[i], tasks[j] = tasks[j], tasks[i] })
		random.Shuffle(len(experts), func(i, j int) { experts[i], experts[j] = experts[j], experts[i] })
		if got := review.Assign(tasks, experts, 2); !slices.Equal(got, want) {
			t.Fatalf("got %v, want %v", got, want)
		}
	})
}

// With nobody in conflict and enough organisations, every place is filled and
// nobody carries two ideas more than another.
func TestAssigningIsCompleteAndBalanced(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		experts := make([]review.Expert, rapid.IntRange(3, 12).Draw(t, "experts"))
		for i := range experts {
			experts[i].Person = review.Person{ID: numbered(1, byte(i)), Organisation: string(rune('A' + i))}
		}
		tasks := make([]review.Task, rapid.IntRange(1, 12).Draw(t, "ideas"))
		for i := range tasks {
			tasks[i] = review.Task{Stake: review.Stake{Idea: numbered(2, byte(i)), Founder: review.Person{ID: numbered(3, byte(i))}}, Need: 3}
		}
		pairs := review.Assign(tasks, experts, 2)
		if len(pairs) != 3*len(tasks) {
			t.Fatalf("%d places filled, want %d", len(pairs), 3*len(tasks))
		}
		load := map[uuid.UUID]int{}
		for _, p := range pairs {
			load[p.Expert]++
		}
		least, most := len(pairs), 0
		for _, e := range experts {
			least, most = min(least, load[e.ID]), max(most, load[e.ID])
		}
		if most-least > 1 {
			t.Fatalf("loads from %d to %d", least, most)
		}
	})
}

// The flow must find the one arrangement that a greedy choice would miss: the
// first expert is the only one whom the second idea can have.
func TestAssigningGivesWayWhereAnotherHasNoChoice(t *testing.T) {
	t.Parallel()
	a, b := numbered(1, 1), numbered(1, 2)
	experts := []review.Expert{{Person: review.Person{ID: a, Organisation: "A"}}, {Person: review.Person{ID: b, Organisation: "B"}}}
	tasks := []review.Task{
		{Stake: review.Stake{Idea: numbered(2, 1), Founder: review.Person{ID: numbered(3, 1)}}, Need: 1},
		{Stake: review.Stake{Idea: numbered(2, 2), Founder: review.Person{ID: numbered(3, 2)}, Declared: []uuid.UUID{b}}, Need: 1},
	}
	want := []review.Pair{{Idea: numbered(2, 1), Expert: b}, {Idea: numbered(2, 2), Expert: a}}
	if got := review.Assign(tasks, experts, 1); !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// An idea that holds two reviewers of one organisation gets its third from another.
func TestAssigningLooksAtWhoHoldsAPlaceAlready(t *testing.T) {
	t.Parallel()
	same, other := numbered(1, 1), numbered(1, 2)
	experts := []review.Expert{{Person: review.Person{ID: same, Organisation: "A"}}, {Person: review.Person{ID: other, Organisation: "B"}, Load: 9}}
	task := review.Task{Stake: review.Stake{Idea: numbered(2, 1), Founder: review.Person{ID: numbered(3, 1)}}, Need: 1,
		Held: []review.Person{{ID: numbered(1, 8), Organisation: "A"}, {ID: numbered(1, 9), Organisation: "a"}}}
	got := review.Assign([]review.Task{task}, experts, 2)
	if len(got) != 1 || got[0].Expert != other {
		t.Errorf("got %v, want the one of the other organisation", got)
	}
}
