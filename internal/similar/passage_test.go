package similar

import (
	"strings"
	"testing"
)

func TestSharedPassagesAreThoseThatStandInBothTexts(t *testing.T) {
	t.Parallel()
	other := ShinglesOf("We put boxes with climbing plants on the roofs of forty stops. A gardener does it.")
	for name, c := range map[string]struct {
		text string
		want []string
	}{
		"all of it":                      {"We put boxes with climbing plants!", []string{"We put boxes with climbing plants"}},
		"the middle":                     {"In spring, we put BOXES with *climbing plants* on the walls.", []string{"we put BOXES with *climbing plants* on the"}},
		"a turn of phrase":               {"Flowers on the roofs of town halls.", nil},
		"nothing":                        {"A choir rehearses in trams and people listen.", nil},
		"no text":                        {"", nil},
		"two, in another order":          {"On the roofs of forty stops we grow what bees like; we put boxes with climbing plants.", []string{"On the roofs of forty stops", "we put boxes with climbing plants"}},
		"one word changed in the middle": {"We put boxes with climbing plants on those roofs of forty stops. A gardener does it.", []string{"We put boxes with climbing plants on", "roofs of forty stops. A gardener does it"}},
	} {
		passages, share := Shared(c.text, other)
		var got []string
		units := 0
		for _, p := range passages {
			got = append(got, c.text[p.Start:p.End])
			units += len(cut(c.text[p.Start:p.End]))
		}
		if strings.Join(got, "|") != strings.Join(c.want, "|") {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
		if want := float64(units) / float64(max(len(cut(c.text)), 1)); share != want {
			t.Errorf("%s: a share of %g, want %g", name, share, want)
		}
	}
}

func TestSharedPassagesOfATextWithoutSpaces(t *testing.T) {
	t.Parallel()
	other := ShinglesOf("我们在四十个车站的顶棚上放种植箱，用雨水浇灌。")
	text := "他们也在四十个车站的顶棚上放种植箱。"
	passages, _ := Shared(text, other)
	if len(passages) != 1 || text[passages[0].Start:passages[0].End] != "在四十个车站的顶棚上放种植箱" {
		t.Errorf("%v", passages)
	}
}
