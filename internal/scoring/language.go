package scoring

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/abadojack/whatlanggo"
	"golang.org/x/text/language"
)

// unknownLanguage is ISO 639's code for a language that cannot be told.
const unknownLanguage = "und"

// sampleBytes of a text are enough to tell its language.
const sampleBytes = 1500

// languageOf returns the ISO 639 code of the language of cleaned fields. What
// the founder stated counts unless the text is plainly in another script. It is
// sure when the founder or the script says so, or the words leave no doubt; a
// trigram count of a short text in Latin letters is a guess.
func languageOf(fields []string, stated string) (code string, sure bool) {
	sample := sampleOf(fields)
	script := scriptOf(sample)
	if base, ok := statedLanguage(stated, script); ok {
		return base, true
	}
	switch script {
	case noScript:
		return unknownLanguage, false
	case otherScript:
		return detect(strings.Map(withoutLatin, sample)), true
	}
	if looksEnglish(sample) {
		return "en", true
	}
	return detect(sample), false
}

// longestTagBytes is more than any BCP 47 tag that is in use.
const longestTagBytes = 35

func statedLanguage(stated string, script int) (string, bool) {
	if stated == "" || len(stated) > longestTagBytes {
		return "", false
	}
	tag, err := language.Parse(stated)
	if err != nil || tag.IsRoot() {
		return "", false
	}
	base, _ := tag.Base()
	usual, confidence := tag.Script()
	return base.String(), script == noScript || confidence == language.No || (script == latin) == (usual.String() == "Latn")
}

func withoutLatin(r rune) rune {
	if unicode.Is(unicode.Latin, r) {
		return ' '
	}
	return r
}

// sampleOf joins the beginnings of the fields, so that no long field hides the
// others.
func sampleOf(fields []string) string {
	var sample strings.Builder
	for _, field := range fields {
		if cut := sampleBytes / len(fields); len(field) > cut {
			for cut > 0 && !utf8.RuneStart(field[cut]) {
				cut--
			}
			field = field[:cut]
		}
		sample.WriteString(field)
		sample.WriteByte(' ')
	}
	return sample.String()
}

// The scripts that matter here.
const (
	noScript = iota // no letters
	latin           // most letters are
	otherScript
)

const lettersPerWord = 5

// scriptOf returns which script most of the text is in. An ideograph or a
// syllable counts as a word, for names and terms are often left in Latin.
func scriptOf(text string) int {
	roman, other := 0, 0
	for _, r := range text {
		switch {
		case r < utf8.RuneSelf:
			if 'a' <= r|0x20 && r|0x20 <= 'z' {
				roman++
			}
		case !unicode.IsLetter(r):
		case unicode.Is(unicode.Latin, r):
			roman++
		case unicode.In(r, unicode.Han, unicode.Hangul, unicode.Hiragana, unicode.Katakana):
			other += lettersPerWord
		default:
			other++
		}
	}
	switch {
	case roman+other == 0:
		return noScript
	case roman >= other:
		return latin
	}
	return otherScript
}

// english are words that are frequent in English and rare in every other
// language in Latin letters.
var english = func() map[string]bool {
	words := map[string]bool{}
	for w := range strings.FieldsSeq("the and of to for with that this will our are from have which their they it is be can has not by as more who how people these been") {
		words[w] = true
	}
	return words
}()

// looksEnglish saves the detector's milliseconds where there is no doubt: at
// least a tenth of the words are among the most frequent of English, and at
// least three different ones.
func looksEnglish(text string) bool {
	words, hits := 0, 0
	seen := map[string]bool{}
	var lower [16]byte
	for word := range strings.FieldsFuncSeq(text, func(r rune) bool { return !unicode.IsLetter(r) }) {
		words++
		if len(word) > len(lower) {
			continue
		}
		key := lower[:copy(lower[:], word)]
		for i, c := range key {
			if 'A' <= c && c <= 'Z' {
				key[i] = c | 0x20
			}
		}
		if english[string(key)] {
			hits++
			if len(seen) < 3 {
				seen[string(key)] = true
			}
		}
	}
	return len(seen) >= 3 && hits*10 >= words
}

// detect asks the trigram detector.
func detect(text string) string {
	found := whatlanggo.Detect(text)
	if code := found.Lang.Iso6391(); code != "" {
		return code
	}
	if code := found.Lang.Iso6393(); code != "" {
		return code
	}
	return unknownLanguage
}
