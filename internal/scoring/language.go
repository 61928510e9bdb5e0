package scoring

import (
	"slices"
	"strings"
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
// sure when the founder or the script says so, or the words leave no doubt.
func languageOf(fields []string, stated string) (code string, sure bool) {
	sample := sampleOf(fields[1:])
	letters := countLetters(sample)
	if letters.weight() < fewLetters { // titles are often left in English: they count where there is little else
		sample = sampleOf(fields)
		letters = countLetters(sample)
	}
	script := letters.script()
	if base, ok := statedLanguage(stated, letters); ok {
		return base, true
	}
	switch script {
	case noScript:
		return unknownLanguage, false
	case eastAsian:
		return letters.eastAsian(), true
	case hangul:
		return "ko", true
	case otherScript:
		code, _ := detect(strings.Map(withoutLatin, sample))
		return code, true
	}
	if script == cyrillic {
		sample = strings.Map(withoutLatin, sample)
	}
	return byWords(sample)
}

// fewLetters is about five words.
const fewLetters = 25

// longestTagBytes is more than any BCP 47 tag that is in use.
const longestTagBytes = 35

// statedLanguage believes a tag whose usual script is the text's.
func statedLanguage(stated string, found letters) (string, bool) {
	if stated == "" || len(stated) > longestTagBytes {
		return "", false
	}
	tag, err := language.Parse(stated)
	if err != nil || tag.IsRoot() {
		return "", false
	}
	base, _ := tag.Base()
	usual, confidence := tag.Script()
	script := found.script()
	switch {
	case script == noScript || confidence == language.No:
		return base.String(), true
	case usualScript(usual.String()) != script:
		return "", false
	case script == eastAsian && found.plainly(base.String()):
		return "", false
	}
	return base.String(), true
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

// How much evidence names a language. Worth is counted in words that it alone
// uses; what two languages share raises both, so the lead of the first counts. The
// card of the model for other languages has what this gives.
const (
	leastWorth = 0.7  // of the first
	leastShare = 0.05 // of the first, by word of the text
	leastLead  = 0.5  // over the second
	sureWorth  = 2
	sureLead   = 1.5
)

// byWords tells a language by its function words, and asks the trigram detector
// where they do not decide.
func byWords(text string) (code string, sure bool) {
	e := weigh(text)
	first, second := e.best()
	likely, worth, lead := tongues[first].code, e.worth[first], e.worth[first]-e.worth[second]
	if worth >= leastWorth && worth >= leastShare*float64(e.words) && lead >= leastLead {
		return likely, worth >= sureWorth && lead >= sureLead
	}
	guess, reliable := detect(text)
	if reliable && !e.lacks(guess) || worth > 0 && guess == likely {
		return guess, false
	}
	return unknownLanguage, false
}

// fewWords may do without any function word.
const fewWords = 8

// lacks reports whether a text of some length has none of the words of a
// language whose words are known.
func (e *evidence) lacks(code string) bool {
	i := slices.IndexFunc(tongues, func(t tongue) bool { return t.code == code })
	return i >= 0 && e.worth[i] == 0 && e.words >= fewWords
}

// detect asks the trigram detector.
func detect(text string) (code string, reliable bool) {
	found := whatlanggo.Detect(text)
	for _, code := range []string{found.Lang.Iso6391(), found.Lang.Iso6393()} {
		if code != "" {
			return code, found.IsReliable()
		}
	}
	return unknownLanguage, false
}
