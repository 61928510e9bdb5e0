package scoring

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestSentences(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text string
		want []string
	}{
		{"", nil},
		{"  \n ", nil},
		{"One sentence", []string{"One sentence"}},
		{" We mend. We lend!\tWho pays? ", []string{"We mend.", "We lend!", "Who pays?"}},
		{"It costs 3.5 euros, see example.org.", []string{"It costs 3.5 euros, see example.org."}},
		{"\"It works.\" That is all…\nA new line\r\n\n- a point", []string{"\"It works.\"", "That is all…", "A new line", "- a point"}},
		{"我们修车。谁来付钱？没有人！", []string{"我们修车。", "谁来付钱？", "没有人！"}},
	} {
		var got []string
		for s := range sentences(c.text) {
			got = append(got, c.text[s.start:s.end])
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%q: got %q, want %q", c.text, got, c.want)
		}
	}
}

func TestSentencesLoseNothingButWhiteSpace(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOf(rapid.SampledFrom([]rune("ab .!?…\"')\n\t。\u3000é"))).Draw(t, "text")
		rest, from := "", 0
		for s := range sentences(text) {
			if s.start < from || s.start >= s.end {
				t.Fatalf("%q: span %v after %d", text, s, from)
			}
			rest += text[from:s.start]
			from = s.end
		}
		if rest += text[from:]; strings.TrimSpace(rest) != "" {
			t.Fatalf("%q: %q is in no sentence", text, rest)
		}
	})
}

func TestMergeJoinsTheShortestNeighboursOfAField(t *testing.T) {
	t.Parallel()
	passages := []Passage{
		{Field: "problem", Start: 0, End: 50}, {Field: "problem", Start: 51, End: 55}, {Field: "problem", Start: 56, End: 60},
		{Field: "solution", Start: 0, End: 3}, {Field: "team", Start: 0, End: 3},
	}
	got := merge(slices.Clone(passages), 4)
	want := []Passage{passages[0], {Field: "problem", Start: 51, End: 60}, passages[3], passages[4]}
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if got := merge(passages, 0); len(got) != 3 {
		t.Errorf("fields were joined: %v", got)
	}
}

func TestTheCoachNamesPassagesOfTheDraft(t *testing.T) {
	t.Parallel()
	s := scorer(t)
	advice, err := s.Coach(t.Context(), draft)
	if err != nil || advice.Score.Abstained {
		t.Fatalf("%+v, %v", advice.Score, err)
	}
	if len(advice.Passages) != 4 {
		t.Errorf("%d passages; the draft has 4 sentences beside its title", len(advice.Passages))
	}
	for i, p := range advice.Passages {
		text := draft.field(slices.Index(Fields, p.Field))
		if text[p.Start:p.End] != p.Text {
			t.Errorf("passage %d says %q and marks %q", i, p.Text, text[p.Start:p.End])
		}
		if i > 0 && p.Success > advice.Passages[i-1].Success {
			t.Errorf("passage %d helps more than the one before it", i)
		}
	}
	if !slices.ContainsFunc(advice.Passages, func(p Passage) bool { return p.Success != 0 || p.Rating != 0 }) {
		t.Error("no passage has any effect")
	}
	for _, p := range advice.Helps(3, 0.001) {
		if p.Success < 0.001 {
			t.Errorf("%+v does not help", p)
		}
	}
	for _, p := range advice.Hurts(3, 0.001) {
		if p.Success > -0.001 {
			t.Errorf("%+v does not hurt", p)
		}
	}
}

func TestTheCoachFindsAPassageOutEvenWhenTheDraftIsLong(t *testing.T) {
	t.Parallel()
	s := scorer(t)
	long := draft
	long.Problem = strings.Repeat(draft.Problem+" ", 50)
	long.Solution = strings.Repeat("We mend. ", 500)
	advice, err := s.Coach(t.Context(), long)
	if err != nil || advice.Score.Abstained {
		t.Fatalf("%+v, %v", advice.Score, err)
	}
	if n := len(advice.Passages); n < 3 || (n+1)*advice.Score.Tokens > maxCoachTokens {
		t.Errorf("%d passages of a draft of %d tokens", n, advice.Score.Tokens)
	}
}

func TestTheCoachIsSilentWhenTheModelIs(t *testing.T) {
	t.Parallel()
	advice, err := scorer(t).Coach(t.Context(), Text{Title: "Zero waste"})
	if err != nil || !advice.Score.Abstained || len(advice.Passages) != 0 || len(advice.Helps(3, 0)) != 0 || len(advice.Hurts(3, 0)) != 0 {
		t.Errorf("%+v, %v", advice, err)
	}
}
