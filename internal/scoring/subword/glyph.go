package subword

import (
	"sync"
	"sync/atomic"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// What BERT's normaliser and pre-tokeniser do with one code point. They work
// code point by code point once the marks are gone: canonical reordering moves
// marks only among themselves, so a table of single code points is exact.
const (
	drop    = iota // vanishes and splits nothing: controls, accents
	space          // ends a word
	letter         // its spelling joins the word
	isolate        // a word of its own: punctuation, CJK
)

// A glyph is one code point's part in the words.
type glyph struct {
	kind uint8
	as   string // as the vocabulary spells it; "" for drop and space
}

// reading are the switches of BERT's normaliser.
type reading struct{ clean, chinese, strip, lower bool }

const pageSize = 256

// An alphabet holds the glyphs of one reading.
type alphabet struct {
	reading
	ascii [utf8.RuneSelf]glyph
	// pages are filled as scripts are met, so that a program that reads English
	// does not pay for 1.1 million code points.
	pages [(unicode.MaxRune + 1) / pageSize]atomic.Pointer[[pageSize]glyph]
}

// alphabets are shared by all tokenizers of a reading; there are sixteen.
var alphabets sync.Map

func alphabetOf(r reading) *alphabet {
	if known, ok := alphabets.Load(r); ok {
		return known.(*alphabet)
	}
	a := &alphabet{reading: r}
	for c := range a.ascii {
		a.ascii[c] = r.glyph(rune(c))
	}
	known, _ := alphabets.LoadOrStore(r, a)
	return known.(*alphabet)
}

// next returns the first glyph of a text that is not empty, and its bytes.
func (a *alphabet) next(text string) (glyph, int) {
	if c := text[0]; c < utf8.RuneSelf {
		return a.ascii[c], 1
	}
	r, size := utf8.DecodeRuneInString(text)
	return a.glyphOf(r), size
}

// glyphOf returns r's part in the words; r is a valid rune.
func (a *alphabet) glyphOf(r rune) glyph {
	at := &a.pages[r/pageSize]
	page := at.Load()
	if page == nil {
		page = new([pageSize]glyph)
		for i := range page {
			page[i] = a.glyph(r/pageSize*pageSize + rune(i))
		}
		at.Store(page) // two goroutines may both fill it; they fill it alike
	}
	return page[r%pageSize]
}

// glyph works r out.
func (a reading) glyph(r rune) glyph {
	switch {
	case r == '\t' || r == '\n' || r == '\r':
		return glyph{kind: space}
	case a.clean && (r == 0 || r == utf8.RuneError || isOther(r)):
		return glyph{kind: drop}
	case unicode.IsSpace(r):
		return glyph{kind: space}
	}
	spelled := a.spell(r)
	switch {
	case len(spelled) == 0:
		return glyph{kind: drop}
	case a.chinese && isCJK(r):
		return glyph{isolate, string(spelled)}
	case len(spelled) == 1 && unicode.IsSpace(spelled[0]):
		return glyph{kind: space}
	case len(spelled) == 1 && isPunctuation(spelled[0]):
		return glyph{isolate, string(spelled)}
	}
	return glyph{letter, string(spelled)}
}

// spell returns r without its accents and in lower case, as far as it is asked.
func (a reading) spell(r rune) []rune {
	spelled := []rune{r}
	if a.strip && !unicode.Is(later, r) {
		spelled = spelled[:0]
		for _, d := range norm.NFD.String(string(r)) {
			if !isMark(d) {
				spelled = append(spelled, d)
			}
		}
	}
	if !a.lower {
		return spelled
	}
	lowered := make([]rune, 0, len(spelled)+1)
	for _, d := range spelled {
		lowered = append(lowered, toLower(d))
		if d == 'İ' { // the one letter whose lower case is two
			lowered = append(lowered, dotAbove)
		}
	}
	return lowered
}

const dotAbove = '\u0307'

// cjk are the blocks that BERT splits into single characters; kana and Hangul
// are not among them.
var cjk = &unicode.RangeTable{
	R16: []unicode.Range16{{Lo: 0x3400, Hi: 0x4dbf, Stride: 1}, {Lo: 0x4e00, Hi: 0x9fff, Stride: 1}, {Lo: 0xf900, Hi: 0xfaff, Stride: 1}},
	R32: []unicode.Range32{{Lo: 0x20000, Hi: 0x2a6df, Stride: 1}, {Lo: 0x2a700, Hi: 0x2b73f, Stride: 1}, {Lo: 0x2b740, Hi: 0x2b81f, Stride: 1}, {Lo: 0x2b920, Hi: 0x2ceaf, Stride: 1}, {Lo: 0x2f800, Hi: 0x2fa1f, Stride: 1}},
}

func isCJK(r rune) bool { return unicode.Is(cjk, r) }
