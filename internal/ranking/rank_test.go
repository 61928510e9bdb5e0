package ranking_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"globalbrain/internal/ranking"
)

func drawInputs(t *rapid.T) ranking.Inputs {
	in := ranking.Inputs{Call: "call", Seed: rapid.Uint64().Draw(t, "seed"), Weights: ranking.DefaultWeights}
	for i := range rapid.IntRange(0, 12).Draw(t, "ideas") {
		e := ranking.Entry{ID: fmt.Sprintf("idea %02d", i), Support: float64(rapid.IntRange(0, 30).Draw(t, "support"))}
		if rapid.Bool().Draw(t, "scored") {
			e.Opinion = &ranking.Points{Mean: rapid.Float64Range(1, 5).Draw(t, "points")}
		}
		if rapid.Bool().Draw(t, "asks") {
			e.Goal = rapid.Float64Range(1, 1e6).Draw(t, "goal")
		}
		for r := range rapid.IntRange(0, 5).Draw(t, "reviews") {
			e.Ratings = append(e.Ratings, ranking.Rating{Reviewer: fmt.Sprint(r), Points: rapid.Float64Range(1, 5).Draw(t, "rating"), Confidence: float64(rapid.IntRange(0, 5).Draw(t, "sure"))})
		}
		in.Entries = append(in.Entries, e)
	}
	return in
}

func TestTheOrderDoesNotDependOnTheOrderOfTheInputs(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := drawInputs(t)
		want := ranking.Build(in)
		random := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "shuffle"), 0))
		random.Shuffle(len(in.Entries), func(i, j int) { in.Entries[i], in.Entries[j] = in.Entries[j], in.Entries[i] })
		for _, e := range in.Entries {
			random.Shuffle(len(e.Ratings), func(i, j int) { e.Ratings[i], e.Ratings[j] = e.Ratings[j], e.Ratings[i] })
		}
		if got := ranking.Build(in); !reflect.DeepEqual(got, want) {
			t.Fatalf("got %+v, want %+v", got, want)
		}
	})
}

func TestStoredInputsRebuildTheOrderBitForBit(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := drawInputs(t)
		raw, err := json.Marshal(in)
		if err != nil {
			t.Fatal(err)
		}
		var again ranking.Inputs
		if err := json.Unmarshal(raw, &again); err != nil {
			t.Fatal(err)
		}
		if got, want := ranking.Build(again), ranking.Build(in); !reflect.DeepEqual(got, want) {
			t.Fatalf("got %+v, want %+v", got, want)
		}
	})
}

func TestRanksAreOneToNAndTheirIntervalsHoldThem(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := drawInputs(t)
		list := ranking.Build(in)
		if len(list) != len(in.Entries) {
			t.Fatalf("%d receipts for %d ideas", len(list), len(in.Entries))
		}
		for i, r := range list {
			if r.Rank != i+1 || r.RankLow > r.Rank || r.RankHigh < r.Rank || r.RankLow < 1 || r.RankHigh > len(list) {
				t.Fatalf("rank %d in %d..%d at place %d", r.Rank, r.RankLow, r.RankHigh, i+1)
			}
			if i > 0 && r.Posterior.Mean > list[i-1].Posterior.Mean {
				t.Fatal("a better idea stands behind")
			}
			if len(r.Reasons) == 0 {
				t.Fatal("a receipt without a reason")
			}
			for _, reason := range r.Reasons {
				if !slices.Contains(ranking.ReasonCodes, reason.Code) {
					t.Fatalf("unknown reason %q", reason.Code)
				}
			}
		}
	})
}

// Twins differ in one thing only, and the better one must stand in front.
func TestEachSignalMovesARankTheRightWay(t *testing.T) {
	t.Parallel()
	three := func(points float64) []ranking.Rating {
		return []ranking.Rating{{Reviewer: "a", Points: points}, {Reviewer: "b", Points: points}, {Reviewer: "c", Points: points}}
	}
	say := func(points float64) *ranking.Points { return &ranking.Points{Mean: points} }
	cases := []struct {
		name          string
		better, worse ranking.Entry
		code          string
	}{
		{"better reviews", ranking.Entry{Ratings: three(4.5)}, ranking.Entry{Ratings: three(2)}, ranking.ExpertsLift},
		{"a better score", ranking.Entry{Opinion: say(4.5)}, ranking.Entry{Opinion: say(2)}, ranking.ModelLifts},
		{"more support", ranking.Entry{Support: 90}, ranking.Entry{Support: 1}, ranking.CrowdLifts},
		{"a better share of votes", ranking.Entry{Support: 90, Against: 10}, ranking.Entry{Support: 10, Against: 90}, ranking.CrowdLifts},
		{"a better confidence in good reviews", ranking.Entry{Ratings: []ranking.Rating{{Reviewer: "a", Points: 5, Confidence: 5}}}, ranking.Entry{Ratings: []ranking.Rating{{Reviewer: "a", Points: 5, Confidence: 1}}}, ranking.ExpertsLift},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			c.better.ID, c.worse.ID = "z", "a" // ties would put "a" first
			middle := ranking.Entry{ID: "m", Ratings: three(3)}
			list := ranking.Build(ranking.Inputs{Weights: ranking.DefaultWeights, Entries: []ranking.Entry{c.worse, middle, c.better}})
			first := slices.IndexFunc(list, func(r ranking.Receipt) bool { return r.ID == "z" })
			second := slices.IndexFunc(list, func(r ranking.Receipt) bool { return r.ID == "a" })
			if first > second {
				t.Fatalf("the better one stands at %d, the worse at %d", first+1, second+1)
			}
			if !slices.ContainsFunc(list[first].Reasons, func(r ranking.Reason) bool { return r.Code == c.code }) {
				t.Errorf("reasons %v, want %s among them", list[first].Reasons, c.code)
			}
		})
	}
}

func TestEqualIdeasStandInTheOrderOfTheirIDs(t *testing.T) {
	t.Parallel()
	list := ranking.Build(ranking.Inputs{Weights: ranking.DefaultWeights, Entries: []ranking.Entry{{ID: "c"}, {ID: "a"}, {ID: "b"}}})
	if list[0].ID != "a" || list[1].ID != "b" || list[2].ID != "c" {
		t.Errorf("got %s %s %s", list[0].ID, list[1].ID, list[2].ID)
	}
	if list[0].RankLow != 1 || list[0].RankHigh != 3 {
		t.Errorf("the first of three equals could be %d to %d, want any", list[0].RankLow, list[0].RankHigh)
	}
}

// One review of 5 says less than three of 4.7: shrinkage must see that.
func TestOneEnthusiastDoesNotBeatAPanel(t *testing.T) {
	t.Parallel()
	var entries []ranking.Entry
	for i := range 8 {
		entries = append(entries, ranking.Entry{ID: fmt.Sprint("other", i), Ratings: []ranking.Rating{{Reviewer: "a", Points: 3}, {Reviewer: "b", Points: 3.5}, {Reviewer: "c", Points: 4}}})
	}
	entries = append(entries,
		ranking.Entry{ID: "a one", Ratings: []ranking.Rating{{Reviewer: "x", Points: 5}}},
		ranking.Entry{ID: "b panel", Ratings: []ranking.Rating{{Reviewer: "a", Points: 4.7}, {Reviewer: "b", Points: 4.7}, {Reviewer: "c", Points: 4.7}}})
	list := ranking.Build(ranking.Inputs{Weights: ranking.DefaultWeights, Entries: entries})
	if list[0].ID != "b panel" {
		t.Errorf("first is %q", list[0].ID)
	}
}
