package idea_test

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"globalbrain/internal/idea"
)

func TestAComparisonIsJudgedByTheStrongestDegreeThatItReaches(t *testing.T) {
	t.Parallel()
	measured := idea.Comparison{Words: 200, CosineRelated: 0.7, CosineClose: 0.9}
	for name, c := range map[string]struct {
		change func(*idea.Comparison)
		want   idea.Degree
		asks   bool
	}{
		"nothing in common":                {func(*idea.Comparison) {}, idea.Unlike, false},
		"the same subject":                 {func(c *idea.Comparison) { c.Cosine = 0.7 }, idea.Related, false},
		"the same meaning":                 {func(c *idea.Comparison) { c.Cosine = 0.9 }, idea.Close, true},
		"passages":                         {func(c *idea.Comparison) { c.Shared, c.Jaccard = 0.3, 0.2 }, idea.Overlapping, false},
		"passages and the same subject":    {func(c *idea.Comparison) { c.Shared, c.Cosine = 0.3, 0.8 }, idea.Overlapping, false},
		"passages and the same meaning":    {func(c *idea.Comparison) { c.Shared, c.Cosine = 0.6, 0.95 }, idea.Close, true},
		"the same text":                    {func(c *idea.Comparison) { c.Jaccard, c.Shared, c.Cosine = 0.7, 0.9, 0.99 }, idea.Copied, true},
		"the same text without a model":    {func(c *idea.Comparison) { *c = idea.Comparison{Words: 25, Jaccard: 1, Shared: 1} }, idea.Copied, true},
		"a few words that are the same":    {func(c *idea.Comparison) { c.Words, c.Jaccard, c.Shared = 24, 1, 1 }, idea.Unlike, false},
		"a model that nobody has measured": {func(c *idea.Comparison) { *c = idea.Comparison{Words: 200, Cosine: 1} }, idea.Unlike, false},
	} {
		got := measured
		c.change(&got)
		if d := got.Degree(); d != c.want || d.Asks() != c.asks {
			t.Errorf("%s: %q, asks: %t", name, d, d.Asks())
		}
	}
}

func TestMoreLikenessIsNeverAWeakerDegree(t *testing.T) {
	t.Parallel()
	rank := func(d idea.Degree) int {
		if d == idea.Unlike {
			return len(idea.Degrees)
		}
		return slices.Index(idea.Degrees, d)
	}
	part := rapid.Float64Range(0, 1)
	rapid.Check(t, func(t *rapid.T) {
		less := idea.Comparison{
			Words: rapid.IntRange(0, 60).Draw(t, "words"), Jaccard: part.Draw(t, "jaccard"), Shared: part.Draw(t, "shared"),
			Cosine: part.Draw(t, "cosine"), CosineRelated: 0.6, CosineClose: 0.9,
		}
		more := less
		more.Jaccard = max(less.Jaccard, part.Draw(t, "more jaccard"))
		more.Shared = max(less.Shared, part.Draw(t, "more shared"))
		more.Cosine = max(less.Cosine, part.Draw(t, "more cosine"))
		if rank(more.Degree()) > rank(less.Degree()) {
			t.Fatalf("%+v is %q, %+v is %q", less, less.Degree(), more, more.Degree())
		}
	})
}

func TestANoteOnALikenessHasALimit(t *testing.T) {
	t.Parallel()
	if err := idea.CheckLikenessNote(strings.Repeat("字", idea.MaxLikenessNote)); err != nil {
		t.Error(err)
	}
	if got := fieldsOf(t, idea.CheckLikenessNote(strings.Repeat("字", idea.MaxLikenessNote+1))); !slices.Equal(got, []string{"difference"}) {
		t.Errorf("%v", got)
	}
}
