package scoring

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// waitingUnits queues one-row units of the given lengths.
func waitingUnits(t *testing.T, v *version, lengths ...int) []unit {
	var units []unit
	for _, n := range lengths {
		rows := [][]int64{make([]int64, n)}
		units = append(units, unit{newRequest(t.Context(), v, rows), 0, rows})
	}
	return units
}

func lengthsOf(units []unit) (lengths []int) {
	for _, u := range units {
		for _, row := range u.rows {
			lengths = append(lengths, len(row))
		}
	}
	return lengths
}

func TestGatherFillsTheOldestsRun(t *testing.T) {
	t.Parallel()
	v := new(version)
	whole := unit{rows: [][]int64{make([]int64, 5), make([]int64, 250)}, request: newRequest(t.Context(), v, nil)}
	for _, c := range []struct {
		name        string
		units       []unit
		budget      int
		taken, rest []int
	}{
		{"a budget of one token: each idea alone", waitingUnits(t, v, 30, 30), 1, []int{30}, []int{30}},
		{"an idea beyond the budget runs alone", waitingUnits(t, v, 300, 30), 200, []int{300}, []int{30}},
		{"similar lengths share a run, in whatever order they came", waitingUnits(t, v, 100, 10, 95, 200, 98), 400, []int{100, 95, 98}, []int{10, 200}},
		{"the budget counts padding", waitingUnits(t, v, 90, 100, 90, 90), 300, []int{90, 100, 90}, []int{90}},
		{"rows that belong together stay alone", append([]unit{whole}, waitingUnits(t, v, 100)...), 4000, []int{5, 250}, []int{100}},
		{"nor do they join others", append(waitingUnits(t, v, 200), whole), 4000, []int{200}, []int{5, 250}},
		{"another version has its own run", append(waitingUnits(t, v, 50), waitingUnits(t, new(version), 50)...), 4000, []int{50}, []int{50}},
	} {
		taken, rest := gather(c.units, c.budget)
		if !slices.Equal(lengthsOf(taken), c.taken) || !slices.Equal(lengthsOf(rest), c.rest) {
			t.Errorf("%s: took %v and left %v, want %v and %v", c.name, lengthsOf(taken), lengthsOf(rest), c.taken, c.rest)
		}
	}
}

func TestGatherLosesNobodyAndServesTheOldest(t *testing.T) {
	t.Parallel()
	v := new(version)
	rapid.Check(t, func(r *rapid.T) {
		lengths := rapid.SliceOfN(rapid.IntRange(1, 256), 1, 40).Draw(r, "lengths")
		budget := rapid.IntRange(1, 2000).Draw(r, "budget")
		units := waitingUnits(t, v, lengths...)
		var served []int
		for len(units) > 0 {
			oldest := len(units[0].rows[0])
			taken, rest := gather(units, budget)
			run := lengthsOf(taken)
			if run[0] != oldest {
				r.Fatalf("the oldest, of %d tokens, waits; %v ran", oldest, run)
			}
			if padded := len(run) * slices.Max(run); len(run) > 1 && padded > budget {
				r.Fatalf("a run of %d tokens is beyond the budget of %d", padded, budget)
			}
			served = append(served, run...)
			units = rest
		}
		slices.Sort(lengths)
		slices.Sort(served)
		if !slices.Equal(served, lengths) {
			r.Fatalf("served %v of %v", served, lengths)
		}
	})
}

// Ideas that share a run share int8's scale: they agree with what they get
// alone, but not to the last digit.
func TestRunsOfManyIdeasAgreeWithRunsOfOne(t *testing.T) {
	t.Parallel()
	o := options(t)
	o.RunTokens, o.Threads = 4096, 1
	wide := open(t, o)
	texts := make([]Text, 20)
	for i := range texts {
		texts[i] = draft
		texts[i].Team = draft.Team[:len(draft.Team)-2*i]
	}
	got, err := wide.ScoreAll(t.Context(), texts)
	if err != nil {
		t.Fatal(err)
	}
	want, err := scorer(t).ScoreAll(t.Context(), texts)
	if err != nil {
		t.Fatal(err)
	}
	for i := range got {
		if math.Abs(got[i].Success.Probability-want[i].Success.Probability) > 0.1 {
			t.Errorf("idea %d: %+v among others, %+v alone", i, got[i].Success, want[i].Success)
		}
	}
	if advice, err := wide.Coach(t.Context(), draft); err != nil || len(advice.Passages) == 0 {
		t.Errorf("%+v, %v", advice, err)
	}
}

func TestReadyRunsWhatScoreAllRuns(t *testing.T) {
	t.Parallel()
	s := scorer(t)
	ready, err := s.Ready(t.Context(), []Text{draft, {Title: "short"}, draft})
	if err != nil {
		t.Fatal(err)
	}
	defer ready.Close()
	if err := ready.Run(); err != nil {
		t.Fatal(err)
	}
	if len(ready.runs) != 2 {
		t.Errorf("%d runs; one idea is too short", len(ready.runs))
	}
	got := s.current.session.answers(ready.runs[0].out, 1)[0]
	want, err := s.Score(t.Context(), draft)
	if err != nil || !slices.Equal(got.embedding, want.Embedding) {
		t.Errorf("the embeddings differ, %v", err)
	}
}
