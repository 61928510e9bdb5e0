package scoring

import (
	"unicode"
	"unicode/utf8"
)

// The scripts that matter here.
const (
	noScript = iota // no letters
	latin
	cyrillic
	eastAsian // ideographs and kana
	hangul
	otherScript
	scripts // how many there are
)

// letters counts a text's letters by script, and the kana among the East Asian.
type letters struct {
	of   [scripts]int
	kana int
}

// lettersPerWord weighs an ideograph or a syllable, for each is about a word,
// and names and terms are often left in Latin letters.
const lettersPerWord = 5

func countLetters(text string) letters {
	var n letters
	for _, r := range text {
		switch {
		case r < utf8.RuneSelf:
			if 'a' <= r|0x20 && r|0x20 <= 'z' {
				n.of[latin]++
			}
		case !unicode.IsLetter(r):
		case unicode.Is(unicode.Latin, r):
			n.of[latin]++
		case unicode.Is(unicode.Cyrillic, r):
			n.of[cyrillic]++
		case unicode.Is(unicode.Han, r):
			n.of[eastAsian]++
		case unicode.In(r, unicode.Hiragana, unicode.Katakana):
			n.of[eastAsian]++
			n.kana++
		case unicode.Is(unicode.Hangul, r):
			n.of[hangul]++
		default:
			n.of[otherScript]++
		}
	}
	return n
}

// weight is the length of the text in Latin letters.
func (n *letters) weight() int {
	sum := 0
	for s, count := range n.of {
		sum += count * letterWeight(s)
	}
	return sum
}

func letterWeight(script int) int {
	if script == eastAsian || script == hangul {
		return lettersPerWord
	}
	return 1
}

// script returns the script that most of the text is in.
func (n *letters) script() int {
	most, script := 0, noScript
	for s, count := range n.of {
		if count *= letterWeight(s); count > most {
			most, script = count, s
		}
	}
	return script
}

// kanaShare of East Asian letters, in twentieths, is exceeded by any Japanese
// sentence; a Chinese text may quote a Japanese name.
const kanaShare = 20

// eastAsian tells Japanese from Chinese.
func (n *letters) eastAsian() string {
	if n.kana*kanaShare > n.of[eastAsian] {
		return "ja"
	}
	return "zh"
}

// manyIdeographs without any kana are not Japanese.
const manyIdeographs = 30

// plainly reports whether an East Asian text is not in the language that it is
// said to be in.
func (n *letters) plainly(stated string) bool {
	switch stated {
	case "ja":
		return n.kana == 0 && n.of[eastAsian] > manyIdeographs
	case "zh":
		return n.kana*3 > n.of[eastAsian]
	}
	return false
}

// usualScript maps ISO 15924 codes to the scripts that matter here.
func usualScript(code string) int {
	switch code {
	case "Latn":
		return latin
	case "Cyrl":
		return cyrillic
	case "Hans", "Hant", "Hani", "Jpan":
		return eastAsian
	case "Kore":
		return hangul
	}
	return otherScript
}

func withoutLatin(r rune) rune {
	if unicode.Is(unicode.Latin, r) {
		return ' '
	}
	return r
}
