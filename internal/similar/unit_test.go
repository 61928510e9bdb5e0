package similar

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

// cut returns the units of a text as they stand in it.
func cut(text string) []string {
	var list []string
	for _, u := range unitsOf(text) {
		list = append(list, text[u.start:u.end])
	}
	return list
}

func hashes(text string) []uint64 {
	var list []uint64
	for _, u := range unitsOf(text) {
		list = append(list, u.hash)
	}
	return list
}

func TestATextIsCutIntoWhatPeopleWouldCount(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                             "",
		" \t—…!? ":                     "",
		"Shade for 40 bus-stops.":      "Shade|for|40|bus|stops",
		"**Plants** on _roofs_":        "Plants|on|roofs",
		"don't":                        "don|t",
		"naïve cafe\u0301s":            "naïve|cafe\u0301s",
		"soft\u00adhyphen":             "soft\u00adhyphen",
		"给车站搭凉棚, 3个":                   "给|车|站|搭|凉|棚|3|个",
		"バス停 stop":                     "バ|ス|停|stop",
		"ป้าย":                         "ป้|า|ย",
		"हिन्दी में":                   "हिन्दी|में",
		"улица и дом":                  "улица|и|дом",
		"ｆｕｌｌ　ｗｉｄｔｈ":                   "ｆｕｌｌ|ｗｉｄｔｈ",
		"\u0301mark first":             "mark|first",
		"a\xffb":                       "a|b",
		"👩‍🌾 grows 🌱":                  "grows",
		"אבגד שלום":                    "אבגד|שלום",
		"한국어 문장":                       "한국어|문장",
		"ﬁrst of all":                  "ﬁrst|of|all",
		strings.Repeat("e\u0301", 100): strings.Repeat("e\u0301", 100),
	} {
		if got := strings.Join(cut(text), "|"); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func TestTheSameWordsAreTheSameUnits(t *testing.T) {
	t.Parallel()
	for _, same := range [][2]string{
		{"Plants on ROOFS", "plants, on: \"roofs\"!"},
		{"ｓｈａｄｅ　４０", "Shade 40"},
		{"café", "cafe\u0301"},
		{"ﬁrst ﬂoor", "first floor"},
		{"ΟΔΟΣ", "οδος"},
		{"οδος", "οδοσ"},
		{"ſtreet", "street"},
		{"ﾊﾞｽ", "バス"},
		{"zero\u200bwidth joi\u200dner", "zerowidth joiner"},
		{"snake_case", "snake case"},
	} {
		if a, b := hashes(same[0]), hashes(same[1]); !slices.Equal(a, b) || len(a) == 0 {
			t.Errorf("%q and %q differ", same[0], same[1])
		}
	}
	for _, other := range [][2]string{{"plant", "plants"}, {"resume", "résumé"}, {"4 0", "40"}, {"屋顶", "顶屋"}} {
		if slices.Equal(hashes(other[0]), hashes(other[1])) {
			t.Errorf("%q and %q are the same", other[0], other[1])
		}
	}
}

func FuzzUnits(f *testing.F) {
	for _, text := range []string{"", "Shade", "给车站 stop", "e\u0301\u0301", "\xff\xfe", "ﷺ", "a\u200db", "ก้ำ"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		last := 0
		for _, u := range unitsOf(text) {
			// Units may share a character that normalises to several.
			if u.start < 0 || u.end <= u.start || u.end < last || u.end > len(text) {
				t.Fatalf("%q: a unit at %d to %d after %d", text, u.start, u.end, last)
			}
			last = u.end
		}
		for _, s := range []Shingles{ShinglesOf(text), ShinglesOf(text + " and " + text)} {
			if !slices.IsSorted(s) || len(s) > 0 && s.Jaccard(s) != 1 {
				t.Fatalf("%q: %v", text, s)
			}
		}
		passages, share := Shared(text, ShinglesOf(text))
		if share < 0 || share > 1 {
			t.Fatalf("%q shares %g of itself", text, share)
		}
		end := 0
		for _, p := range passages {
			if p.Start < end || p.End <= p.Start || p.End > len(text) || utf8.ValidString(text) && !utf8.ValidString(text[p.Start:p.End]) {
				t.Fatalf("%q: the passage %v", text, p)
			}
			end = p.End
		}
	})
}

func TestCaseMarksAndWidthChangeNoUnit(t *testing.T) {
	t.Parallel()
	words := rapid.SliceOfN(rapid.StringMatching(`[a-z]{1,9}|[0-9]{1,4}`), 1, 30)
	rapid.Check(t, func(t *rapid.T) {
		list := words.Draw(t, "words")
		plain := strings.Join(list, " ")
		var dressed strings.Builder
		for _, w := range list {
			w = rapid.SampledFrom([]func(string) string{strings.ToUpper, strings.ToLower, wide}).Draw(t, "form")(w)
			dressed.WriteString(rapid.SampledFrom([]string{" ", "**", "\n- ", "\u3000", " — "}).Draw(t, "between") + w)
		}
		if !slices.Equal(hashes(plain), hashes(dressed.String())) {
			t.Fatalf("%q and %q", plain, dressed.String())
		}
	})
}

// wide writes ASCII in full-width forms.
func wide(s string) string {
	return strings.Map(func(r rune) rune {
		if '!' <= r && r <= '~' {
			return r - '!' + '！'
		}
		return r
	}, s)
}
