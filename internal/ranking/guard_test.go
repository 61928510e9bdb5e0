package ranking_test

import (
	"fmt"
	"math"
	"testing"

	"globalbrain/internal/ranking"
)

func closedRound(n int, entry func(i int, good bool) ranking.Entry) ranking.Inputs {
	in := ranking.Inputs{Weights: ranking.DefaultWeights}
	for i := range n {
		good := i%2 == 0
		e := entry(i, good)
		e.ID = fmt.Sprintf("%03d", i)
		e.Decision = "rejected"
		if good {
			e.Decision = ranking.Chosen
		}
		in.Entries = append(in.Entries, e)
	}
	return in
}

func points(good bool, noise int) float64 {
	p := 3 + float64(noise%7-3)*0.2
	if good {
		p += 0.5
	}
	return p
}

func TestAModelThatMisleadsIsLeftOut(t *testing.T) {
	t.Parallel()
	in := closedRound(60, func(i int, good bool) ranking.Entry {
		return ranking.Entry{Opinion: &ranking.Points{Mean: 3 - 4*(points(good, i)-3)}, Ratings: []ranking.Rating{{Reviewer: fmt.Sprint(i), Points: points(good, i*3)}}}
	})
	w, c := ranking.Guard(in)
	if w.Use != ranking.ExpertsOnly {
		t.Errorf("use %s, compared %v", w.Use, c.AUC)
	}
	if c.AUC[ranking.Fused] >= c.AUC[ranking.ExpertsOnly] {
		t.Errorf("the fusion was not worse: %v", c.AUC)
	}
}

func TestAFusionAtLeastAsGoodAsItsPartsStays(t *testing.T) {
	t.Parallel()
	in := closedRound(60, func(i int, good bool) ranking.Entry {
		return ranking.Entry{Opinion: &ranking.Points{Mean: points(good, i)}, Ratings: []ranking.Rating{{Reviewer: fmt.Sprint(i), Points: points(good, i*3)}}}
	})
	w, c := ranking.Guard(in)
	if w.Use != ranking.Fused {
		t.Errorf("use %s, compared %v", w.Use, c.AUC)
	}
	for use, auc := range c.AUC {
		if auc > c.AUC[ranking.Fused] {
			t.Errorf("%s is better: %v", use, c.AUC)
		}
	}
}

func TestTooFewDecisionsChangeNothing(t *testing.T) {
	t.Parallel()
	in := closedRound(12, func(i int, good bool) ranking.Entry {
		return ranking.Entry{Opinion: &ranking.Points{Mean: points(!good, i)}, Ratings: []ranking.Rating{{Reviewer: "r", Points: points(good, i)}}}
	})
	if w, _ := ranking.Guard(in); w.Use != ranking.Fused {
		t.Errorf("use %s after twelve decisions", w.Use)
	}
}

func TestMeasuresAreThoseOfTheTextbook(t *testing.T) {
	t.Parallel()
	auc, ok := ranking.AUC([]float64{1, 2, 2, 3}, []bool{false, true, false, true})
	if !ok || math.Abs(auc-0.875) > 1e-12 {
		t.Errorf("AUC %v, want 0.875", auc)
	}
	if _, ok := ranking.AUC([]float64{1, 2}, []bool{true, true}); ok {
		t.Error("an AUC without a bad item")
	}
	// gains in the order of the scores: 3, 0, 2; ideal: 3, 2, 0.
	want := (3 + 2/2.0) / (3 + 2/math.Log2(3))
	got, ok := ranking.NDCG([]float64{9, 8, 7}, []float64{3, 0, 2}, 10)
	if !ok || math.Abs(got-want) > 1e-12 {
		t.Errorf("NDCG %v, want %v", got, want)
	}
}
