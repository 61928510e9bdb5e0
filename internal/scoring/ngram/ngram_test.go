package ngram

import (
	"bytes"
	"encoding/binary"
	"math"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

// A made is a small table that the tests write. Its rule is the shipped one but
// for the width.
type made struct {
	bits      uint32
	variants  [][2]uint32
	intercept [Outputs]float64
	numbers   []uint16 // binary16; by bucket 1 + Outputs
}

const (
	one   = 0x3c00 // 1 in binary16
	two   = 0x4000
	half1 = 0x3800
)

// newMade returns a table in which every bucket has an idf of one and an
// equal weight for each output.
func newMade() made {
	m := made{bits: 8, variants: [][2]uint32{{'車', '车'}, {'圖', '图'}}, intercept: [Outputs]float64{0.5, 3, 3, 3}}
	for range 1 << m.bits {
		m.numbers = append(m.numbers, one, two, half1, half1, half1)
	}
	return m
}

func (m *made) bytes() []byte {
	var b bytes.Buffer
	b.WriteString(magic)
	for _, n := range []uint32{m.bits, 2000, 2, 5, 1, 3, Outputs, uint32(len(m.variants))} { //nolint:gosec // G115: a handful
		b.Write(binary.LittleEndian.AppendUint32(nil, n))
	}
	for _, v := range m.variants {
		b.Write(binary.LittleEndian.AppendUint32(binary.LittleEndian.AppendUint32(nil, v[0]), v[1]))
	}
	for _, x := range m.intercept {
		b.Write(binary.LittleEndian.AppendUint64(nil, math.Float64bits(x)))
	}
	for _, n := range m.numbers {
		b.Write(binary.LittleEndian.AppendUint16(nil, n))
	}
	return b.Bytes()
}

func parsed(t testing.TB, m made) *Model {
	t.Helper()
	model, err := Parse(m.bytes())
	if err != nil {
		t.Fatal(err)
	}
	return model
}

func TestATextWithoutTermsGetsTheIntercepts(t *testing.T) {
	t.Parallel()
	m := parsed(t, newMade())
	for _, text := range []string{"", "  ", "…!?", "🌍"} {
		if got := m.Answer(text, text); got != (Answer{Outputs: [Outputs]float64{0.5, 3, 3, 3}}) {
			t.Errorf("%q: %+v", text, got)
		}
	}
}

func TestAnAnswerIsTheCosineWeightedSum(t *testing.T) {
	t.Parallel()
	m := parsed(t, newMade())
	// The word has one substring of two letters with borders, " a", and another, "a ";
	// of three, " a ". Each occurs once, so the length is the root of their number.
	got := m.Answer("a")
	if want := 0.5 + 3*2/math.Sqrt(3); math.Abs(got.Outputs[0]-want) > 1e-12 || got.Units != 1 {
		t.Errorf("got %+v, want %g", got, want)
	}
}

func TestWhatFoldsTogetherAnswersAlike(t *testing.T) {
	t.Parallel()
	m := parsed(t, varied())
	for _, c := range []struct{ name, a, b string }{
		{"capitals", "Bicycle LIBRARY", "bicycle library"},
		{"accents", "código público à l'école", "codigo publico a l'ecole"},
		{"composed and decomposed", "caf\u00e9", "cafe\u0301"},
		{"full-width letters", "ＤＡＯ　１２", "dao 12"},
		{"half-width kana", "ﾌﾞﾛｯｸﾁｪｰﾝ", "ブロックチェーン"},
		{"traditional ideographs", "自行車圖", "自行车图"},
		{"short i and yo", "ёжик", "ежик"},
		{"marks between words", "one, two: three", "one — two (three)"},
	} {
		if a, b := m.Answer(c.a), m.Answer(c.b); a != b {
			t.Errorf("%s: %q gives %v, %q gives %v", c.name, c.a, a, c.b, b)
		}
	}
	if a, b := m.Answer("かき"), m.Answer("がぎ"); a == b {
		t.Error("voiced kana lost their voice")
	}
}

// varied returns a table whose buckets all differ.
func varied() made {
	m := newMade()
	for i := range m.numbers {
		if i%(1+Outputs) != 0 {
			m.numbers[i] = uint16(0x3000 + i*7%0xbff) //nolint:gosec // G115: below 1<<16
		}
	}
	return m
}

func TestUnitsAreWordsAndCharactersWithoutSpaces(t *testing.T) {
	t.Parallel()
	m := parsed(t, newMade())
	for _, c := range []struct {
		text string
		want int
	}{
		{"", 0}, {"one two-three", 3}, {"我们修车。", 4}, {"自転車ライブラリー・東京", 11}, {"用DAO投票 2024", 5}, {"тест", 1}, {strings.Repeat("字", 3000), 2000},
	} {
		if got := m.Units(c.text); got != c.want {
			t.Errorf("%q: %d units, want %d", c.text, got, c.want)
		}
	}
}

func TestOnlyTheBeginningOfAFieldIsRead(t *testing.T) {
	t.Parallel()
	m := parsed(t, varied())
	long := strings.Repeat("字", m.Longest())
	if a, b := m.Answer(long), m.Answer(long+"another ending"); a != b {
		t.Errorf("%v and %v", a, b)
	}
}

func TestTheOrderOfWordsAndFieldsDoesNotMatter(t *testing.T) {
	t.Parallel()
	m := parsed(t, varied())
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.SliceOf(rapid.StringMatching(`[a-zа-яçñ]{1,9}`)).Draw(t, "words")
		other := rapid.Permutation(words).Draw(t, "other")
		a, b := m.Answer(strings.Join(words, " ")), m.Answer("", strings.Join(other, ", "))
		if a != b {
			t.Fatalf("%v and %v", a, b)
		}
	})
}

func TestAnyTextIsAnsweredWithFiniteNumbers(t *testing.T) {
	t.Parallel()
	m := parsed(t, varied())
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.String().Draw(t, "text")
		for _, x := range m.Answer(text, text).Outputs {
			if math.IsNaN(x) || math.IsInf(x, 0) {
				t.Fatalf("%q: %g", text, x)
			}
		}
	})
}

func TestATableThatIsNotOneIsRefused(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		edit func(*made)
		cut  int
		says string
	}{
		{"another magic", nil, -1, magic},
		{"cut in the head", nil, 20, "too early"},
		{"cut in the variants", nil, 44, "too early"},
		{"cut in the numbers", nil, 200, "bytes of numbers"},
		{"too wide", func(m *made) { m.bits = 30 }, 0, "bits is 30"},
		{"an infinite weight", func(m *made) { m.numbers[7] = 0x7c00 }, 0, "bucket 1"},
		{"a weight that is no number", func(m *made) { m.numbers[7] = 0x7e00 }, 0, "bucket 1"},
		{"a negative frequency", func(m *made) { m.numbers[5] = one | 0x8000 }, 0, "bucket 1"},
		{"an intercept that is no number", func(m *made) { m.intercept[2] = math.NaN() }, 0, "intercept 2"},
		{"a variant beyond Unicode's numbers", func(m *made) { m.variants[0][1] = 1 << 31 }, 0, "variant"},
	} {
		m := newMade()
		if c.edit != nil {
			c.edit(&m)
		}
		content := m.bytes()
		switch {
		case c.cut < 0:
			content[0] = 'x'
		case c.cut > 0:
			content = content[:c.cut]
		}
		if _, err := Parse(content); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: got %v, want it to say %q", c.name, err, c.says)
		}
	}
}

func TestBinary16(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		bits uint16
		want float32
	}{
		{0, 0}, {one, 1}, {two, 2}, {0xc000, -2}, {0x3555, 0.333251953125}, {0x0001, 1.0 / (1 << 24)}, {0x03ff, 1023.0 / (1 << 24)}, {0x0400, 1.0 / (1 << 14)}, {0x7bff, 65504},
	} {
		if got, ok := half(c.bits); !ok || got != c.want {
			t.Errorf("%#04x: %g, want %g", c.bits, got, c.want)
		}
	}
	for _, bits := range []uint16{0x7c00, 0xfc00, 0x7e01} {
		if _, ok := half(bits); ok {
			t.Errorf("%#04x was taken for a finite number", bits)
		}
	}
}

func FuzzParse(f *testing.F) {
	small := newMade()
	small.bits, small.numbers = 2, small.numbers[:4*(1+Outputs)]
	good := small.bytes()
	f.Add(good, "我们修车 and cars")
	f.Add(good[:40], "")
	f.Add(slices.Concat(good, good), "x")
	f.Fuzz(func(t *testing.T, content []byte, text string) {
		m, err := Parse(content)
		if err != nil {
			return
		}
		if !utf8.ValidString(text) {
			text = strings.ToValidUTF8(text, "\ufffd")
		}
		if a := m.Answer(text); a.Units > utf8.RuneCountInString(text)*18 { // NFKD makes at most 18 of one
			t.Errorf("%d units in %q", a.Units, text)
		}
	})
}

func BenchmarkAnswer(b *testing.B) {
	m := parsed(b, varied())
	field := strings.Repeat("Convertimos los terrenos vacíos en huertos para los vecinos. ", 5)
	b.ReportAllocs()
	for b.Loop() {
		m.Answer("Huertos", field, field, field)
	}
}
