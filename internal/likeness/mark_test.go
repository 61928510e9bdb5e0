package likeness

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"globalbrain/internal/idea"
	"globalbrain/internal/scoring"
)

func TestPassagesThatAreSharedAreMarkedInTheFieldsThatHaveThem(t *testing.T) {
	t.Parallel()
	mine := idea.Draft{
		Title: "Trams with roof gardens", Problem: "It is <b>hot</b>.",
		Solution: "First we ask the depot. Then **we put boxes with climbing plants on the roofs of forty** trams & see.", Team: "Two drivers.",
	}
	fields, share := Mark(mine, shade)
	if len(fields) != 1 || fields[0].Name != "solution" {
		t.Fatalf("%+v", fields)
	}
	want := []Segment{
		{"First we ask the depot. Then ", false}, {"we put boxes with climbing plants on the roofs of forty", true}, {" trams & see.", false},
	}
	if len(fields[0].Segments) != 3 || [3]Segment(fields[0].Segments) != [3]Segment(want) {
		t.Errorf("%+v", fields[0].Segments)
	}
	if share < 0.36 || share > 0.44 { // 11 words of 28
		t.Errorf("a share of %g", share)
	}
	if fields, share := Mark(mine, choir); fields != nil || share != 0 {
		t.Errorf("nothing in common: %+v, %g", fields, share)
	}
}

func TestCuttingLosesNothingOfAText(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.SampledFrom([]string{"plants", "on", "the", "roof", "顶", "棚", "—", "é", "\xff", " "})
		text := strings.Join(rapid.SliceOfN(word, 0, 60).Draw(t, "text"), " ")
		other := strings.Join(rapid.SliceOfN(word, 0, 60).Draw(t, "other"), " ")
		fields, share := Mark(idea.Draft{Solution: text}, idea.Draft{Problem: other})
		if share < 0 || share > 1 || (share == 0) != (len(fields) == 0) {
			t.Fatalf("a share of %g, %d fields", share, len(fields))
		}
		for _, f := range fields {
			var all strings.Builder
			for _, s := range f.Segments {
				all.WriteString(s.Text)
			}
			if all.String() != scoring.Clean(text) {
				t.Fatalf("%q became %q", scoring.Clean(text), all.String())
			}
		}
	})
}
