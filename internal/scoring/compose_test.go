package scoring

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"globalbrain/internal/scoring/subword"
)

// An idea as the golden scores hold it.
type goldenIdea struct {
	ID       string `json:"id"`
	Title    string `json:"title"`
	Problem  string `json:"problem"`
	Solution string `json:"solution"`
	Team     string `json:"team"`
	Language string `json:"language"`
}

func (g goldenIdea) text() Text {
	return Text{Title: g.Title, Problem: g.Problem, Solution: g.Solution, Team: g.Team, Language: g.Language}
}

type goldenScore struct {
	Idea     goldenIdea `json:"idea"`
	InputIDs []int64    `json:"input_ids"`
	Output   struct {
		SuccessLogit float64 `json:"success_logit"`
		Impact       float64 `json:"impact"`
		Feasibility  float64 `json:"feasibility"`
		Auditability float64 `json:"auditability"`
		Probability  float64 `json:"probability"`
	} `json:"output"`
}

func shippedTokenizer(t testing.TB) subword.Tokenizer {
	t.Helper()
	m, err := ReadManifest(shipped(t))
	if err != nil {
		t.Fatal(err)
	}
	vocabulary, err := m.file(shipped(t), vocabularyName)
	if err != nil {
		t.Fatal(err)
	}
	tokenizer, err := m.Tokenizer.read(vocabulary)
	if err != nil {
		t.Fatal(err)
	}
	return tokenizer
}

func TestIdeasBecomeTheReferenceInput(t *testing.T) {
	t.Parallel()
	tokenizer := shippedTokenizer(t)
	for i, g := range golden[goldenScore](t, "golden_scores.jsonl") {
		text := g.Idea.text()
		fields := make([]string, len(Fields))
		for i := range fields {
			fields[i] = Clean(text.field(i))
		}
		if got, _ := compose(tokenizer, fields, 256); !slices.Equal(got, g.InputIDs) {
			t.Errorf("line %d:\n got %v\nwant %v", i+1, got, g.InputIDs)
		}
	}
}

func TestFairShares(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		lengths []int
		budget  int
		want    []int
	}{
		{"all fit", []int{3, 4, 0, 2}, 20, []int{3, 4, 0, 2}},
		{"one long field takes what others leave", []int{3, 100, 2, 0}, 20, []int{3, 15, 2, 0}},
		{"two long fields share alike", []int{2, 50, 50, 3}, 25, []int{2, 10, 10, 3}},
		{"what is left over goes to the earliest", []int{50, 50, 50, 50}, 10, []int{3, 3, 2, 2}},
		{"no budget", []int{1, 2, 3, 4}, 0, []int{0, 0, 0, 0}},
	} {
		if got := fairShares(c.lengths, c.budget); !slices.Equal(got, c.want) {
			t.Errorf("%s: got %v, want %v", c.name, got, c.want)
		}
	}
}

func TestFairSharesAreMaxMinFair(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		lengths := rapid.SliceOfN(rapid.IntRange(0, 300), 1, 6).Draw(t, "lengths")
		budget := rapid.IntRange(0, 400).Draw(t, "budget")
		shares := fairShares(lengths, budget)
		sum, wanted := 0, 0
		for i, share := range shares {
			sum += share
			wanted += lengths[i]
			if share < 0 || share > lengths[i] {
				t.Fatalf("%v of %v: field %d gets more than it has", shares, lengths, i)
			}
			for j, other := range shares {
				if share < lengths[i] && other > share+1 {
					t.Fatalf("%v of %v: field %d is cut and field %d has more", shares, lengths, i, j)
				}
				if share < lengths[i] && j > i && other > share {
					t.Fatalf("%v of %v: a later field got the odd token", shares, lengths)
				}
			}
		}
		if sum != min(budget, wanted) {
			t.Fatalf("%v of %v: %d tokens of %d are used", shares, lengths, sum, budget)
		}
	})
}
