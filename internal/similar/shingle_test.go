package similar

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// words draws a text of n words, of which many may be drawn.
func words(r *rand.Rand, n int) []string {
	list := make([]string, n)
	for i := range list {
		list[i] = fmt.Sprintf("w%d", r.IntN(5000))
	}
	return list
}

// edited changes each word with the probability p.
func edited(r *rand.Rand, list []string, p float64) []string {
	list = slices.Clone(list)
	for i := range list {
		if r.Float64() < p {
			list[i] = fmt.Sprintf("new%d", r.IntN(5000))
		}
	}
	return list
}

// jaccard is the lab's definition, on sets of joined trigrams.
func jaccard(a, b []string) float64 {
	trigrams := func(list []string) map[string]bool {
		set := map[string]bool{}
		for i := 0; i+3 <= len(list); i++ {
			set[strings.Join(list[i:i+3], " ")] = true
		}
		return set
	}
	x, y, both := trigrams(a), trigrams(b), 0
	for s := range x {
		if y[s] {
			both++
		}
	}
	return float64(both) / float64(len(x)+len(y)-both)
}

func TestShinglesGiveTheJaccardSimilarityOfWordTrigrams(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		a := words(r, rapid.IntRange(3, 200).Draw(t, "words"))
		b := edited(r, a, rapid.Float64Range(0, 1).Draw(t, "edits"))
		got, want := ShinglesOf(strings.Join(a, " ")).Jaccard(ShinglesOf(strings.Join(b, "\n"))), jaccard(a, b)
		if math.Abs(got-want) > 1e-9 {
			t.Errorf("%g, want %g", got, want)
		}
	})
}

func TestTextsOfHardlyAWordHaveHardlyAShingle(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int{"": 0, "...": 0, "one": 1, "one two": 1, "one two three": 1, "one two three four": 2, "a a a a a a": 1, "给车站搭凉棚": 4} {
		if got := len(ShinglesOf(text)); got != want {
			t.Errorf("%q has %d shingles, want %d", text, got, want)
		}
	}
	if got := (Shingles{}).Jaccard(nil); got != 0 {
		t.Errorf("nothing and nothing: %g", got)
	}
	if ShinglesOf("one two").Jaccard(ShinglesOf("two one")) != 0 {
		t.Error("the order of two words does not count")
	}
}

// Over many pairs the estimates scatter about the exact value as the doc says.
func TestASketchEstimatesTheJaccardSimilarityWithTheStatedError(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(5, 6))
	const pairs = 400
	var bias, scaled float64
	for range pairs {
		a := words(r, 20+r.IntN(400))
		b := edited(r, a, r.Float64()*0.3)
		x, y := ShinglesOf(strings.Join(a, " ")), ShinglesOf(strings.Join(b, " "))
		s, u := SketchOf(x), SketchOf(y)
		want := x.Jaccard(y)
		miss := s.Jaccard(&u) - want
		deviation := math.Sqrt(max(want*(1-want), 1e-4) / float64(len(s)))
		bias += miss / pairs
		scaled += miss * miss / (deviation * deviation) / pairs
		if math.Abs(miss) > 5*deviation+0.01 {
			t.Errorf("%g is estimated as %g", want, want+miss)
		}
	}
	if math.Abs(bias) > 0.008 || scaled < 0.6 || scaled > 1.5 { // the variance is the stated one, up to chance
		t.Errorf("the estimates are %g off on average, their variance is %g of the stated one", bias, scaled)
	}
}

// The seeds are part of the meaning of a sketch; were they changed, every figure
// that the thresholds were chosen by would have to be measured anew.
func TestSketchesAreTheSameEverywhere(t *testing.T) {
	t.Parallel()
	s := SketchOf(ShinglesOf("Plants on the roofs of bus stops give shade."))
	var sum uint64
	for _, v := range s {
		sum = mix(sum ^ uint64(v))
	}
	if sum != 0xb9ef7726e2519500 {
		t.Errorf("the sketch comes to %#x", sum)
	}
}
