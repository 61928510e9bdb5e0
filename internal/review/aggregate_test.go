package review_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"testing"

	"pgregory.net/rapid"

	"globalbrain/internal/review"
)

func drawRatings(t *rapid.T) []review.Rating {
	ratings := make([]review.Rating, rapid.IntRange(1, 40).Draw(t, "ratings"))
	for i := range ratings {
		ratings[i] = review.Rating{
			Idea:       fmt.Sprint("i", rapid.IntRange(0, 9).Draw(t, "idea")),
			Reviewer:   fmt.Sprint("r", rapid.IntRange(0, 6).Draw(t, "reviewer")),
			Points:     float64(rapid.IntRange(3, 15).Draw(t, "points")) / 3,
			Confidence: float64(rapid.IntRange(0, 5).Draw(t, "confidence")),
		}
	}
	return ratings
}

func TestThePanelDoesNotDependOnTheOrderOfRatings(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		ratings := drawRatings(t)
		want := review.Aggregate(ratings, review.DefaultVariances)
		random := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		random.Shuffle(len(ratings), func(i, j int) { ratings[i], ratings[j] = ratings[j], ratings[i] })
		if got := review.Aggregate(ratings, review.DefaultVariances); !reflect.DeepEqual(got, want) {
			t.Fatalf("got %v, want %v", got, want)
		}
	})
}

func TestEstimatesAreFiniteAndSurerThanThePrior(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		panel := review.Aggregate(drawRatings(t), review.DefaultVariances)
		for idea, e := range panel.Estimates {
			if math.IsNaN(e.Mean) || e.Mean < 0 || e.Mean > 6 {
				t.Fatalf("%s: mean %v", idea, e.Mean)
			}
			if !(e.Deviation > 0) || !(e.EvidenceVariance > 0) || math.IsNaN(e.EvidenceMean) {
				t.Fatalf("%s: %+v", idea, e)
			}
		}
	})
}

func TestAHigherRatingLiftsItsIdea(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		v := review.DefaultVariances
		ratings := drawRatings(t)
		at := rapid.IntRange(0, len(ratings)-1).Draw(t, "at")
		ratings = append(ratings, review.Rating{Idea: ratings[at].Idea, Reviewer: "another", Points: 3})
		low := review.Aggregate(ratings, v)
		ratings[len(ratings)-1].Points = 3.001 // little, so that the estimate of the noise hardly moves
		high := review.Aggregate(ratings, v)
		idea := ratings[at].Idea
		if high.Estimates[idea].Mean <= low.Estimates[idea].Mean-1e-4 {
			t.Fatalf("from %v to %v", low.Estimates[idea].Mean, high.Estimates[idea].Mean)
		}
	})
}

// Two ideas seen by one reviewer each: the strict reviewer's idea is worth more
// than its raw score says, once others show how strict they are.
func TestAStrictReviewerIsCorrected(t *testing.T) {
	t.Parallel()
	var ratings []review.Rating
	for i := range 20 {
		idea := fmt.Sprint("shared", i)
		base := 3 + float64(i%3)*0.5
		ratings = append(ratings,
			review.Rating{Idea: idea, Reviewer: "strict", Points: base - 1},
			review.Rating{Idea: idea, Reviewer: "kind", Points: base + 1})
	}
	ratings = append(ratings, review.Rating{Idea: "by the strict", Reviewer: "strict", Points: 3}, review.Rating{Idea: "by the kind", Reviewer: "kind", Points: 3.2})
	v := review.DefaultVariances
	v.Reviewer = 1
	panel := review.Aggregate(ratings, v)
	if panel.Offsets["strict"] >= 0 || panel.Offsets["kind"] <= 0 {
		t.Errorf("offsets %v", panel.Offsets)
	}
	if s, k := panel.Estimates["by the strict"].Mean, panel.Estimates["by the kind"].Mean; s <= k {
		t.Errorf("the strict reviewer's idea %.2f is not above the kind one's %.2f", s, k)
	}
}

// When no reviewer has an offset, taking the prior out of the posterior leaves
// the plain mean of the ratings, with variance noise/n.
func TestWithoutOffsetsTheEvidenceIsThePlainMean(t *testing.T) {
	t.Parallel()
	v := review.Variances{Item: 2, Reviewer: 1e-9, Noise: 0.5}
	var ratings []review.Rating
	for i := range 40 { // many ideas pin the common mean down
		for j, p := range []float64{2, 3, 4} {
			ratings = append(ratings, review.Rating{Idea: fmt.Sprint(i), Reviewer: fmt.Sprint(i, j), Points: p})
		}
	}
	panel := review.Aggregate(ratings, v)
	e := panel.Estimates["7"]
	if math.Abs(e.EvidenceMean-3) > 1e-6 {
		t.Errorf("evidence %v, want 3", e.EvidenceMean)
	}
	if want := panel.Variances.Noise / 3; math.Abs(e.EvidenceVariance-want) > 0.02*want {
		t.Errorf("variance %v, want about %v", e.EvidenceVariance, want)
	}
}

// Shrout and Fleiss (1979), table 2: six targets, four judges, ICC(1,1) = 0.17
// and ICC(1,4) = 0.44.
func TestAgreementIsThatOfTheTextbook(t *testing.T) {
	t.Parallel()
	table := [][]float64{{9, 2, 5, 8}, {6, 1, 3, 2}, {8, 4, 6, 8}, {7, 1, 2, 6}, {10, 5, 6, 9}, {6, 2, 4, 7}}
	var ratings []review.Rating
	for i, row := range table {
		for j, p := range row {
			ratings = append(ratings, review.Rating{Idea: fmt.Sprint(i), Reviewer: fmt.Sprint(j), Points: p})
		}
	}
	a := review.Aggregate(ratings, review.DefaultVariances).Agreement
	if !a.Known || math.Abs(a.Single-0.166) > 0.001 || math.Abs(a.Average-0.443) > 0.001 {
		t.Errorf("got %+v, want 0.166 and 0.443", a)
	}
}

func TestAgreementIsUnknownWithoutASecondRating(t *testing.T) {
	t.Parallel()
	a := review.Aggregate([]review.Rating{{Idea: "a", Reviewer: "x", Points: 3}, {Idea: "b", Reviewer: "x", Points: 4}}, review.DefaultVariances).Agreement
	if a.Known || a.Ideas != 2 {
		t.Errorf("got %+v", a)
	}
}

func BenchmarkAggregate(b *testing.B) {
	random := rand.New(rand.NewPCG(1, 2))
	ratings := make([]review.Rating, 6000)
	for i := range ratings {
		ratings[i] = review.Rating{Idea: fmt.Sprint(random.IntN(1000)), Reviewer: fmt.Sprint(random.IntN(500)), Points: 1 + 4*random.Float64()}
	}
	for b.Loop() {
		review.Aggregate(ratings, review.DefaultVariances)
	}
}
