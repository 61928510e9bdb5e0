package scoring

import (
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
	as   string // lower-case, without accents; "" for drop and space
}

const pageSize = 256

// pages are filled as scripts are met, so that a program that reads English
// does not pay for 1.1 million code points.
var pages [(unicode.MaxRune + 1) / pageSize]atomic.Pointer[[pageSize]glyph]

var ascii = func() (table [utf8.RuneSelf]glyph) {
	for r := range table {
		table[r] = newGlyph(rune(r))
	}
	return table
}()

// glyphOf returns r's part in the words; r is a valid rune.
func glyphOf(r rune) glyph {
	at := &pages[r/pageSize]
	page := at.Load()
	if page == nil {
		page = new([pageSize]glyph)
		for i := range page {
			page[i] = newGlyph(r/pageSize*pageSize + rune(i))
		}
		at.Store(page) // two goroutines may both fill it; they fill it alike
	}
	return page[r%pageSize]
}

func newGlyph(r rune) glyph {
	if g, ok := moved[r]; ok {
		return g
	}
	if unicode.Is(later, r) {
		return glyph{letter, string(toLower(r))}
	}
	switch {
	case r == '\t' || r == '\n' || r == '\r':
		return glyph{kind: space}
	case r == utf8.RuneError || isOther(r):
		return glyph{kind: drop}
	case unicode.IsSpace(r):
		return glyph{kind: space}
	}
	var spelled []rune
	for _, d := range norm.NFD.String(string(r)) {
		if unicode.Is(later, d) || !unicode.Is(unicode.Mn, d) {
			spelled = append(spelled, toLower(d))
		}
	}
	switch {
	case len(spelled) == 0:
		return glyph{kind: drop}
	case isCJK(r):
		return glyph{isolate, string(spelled)}
	case len(spelled) == 1 && unicode.IsSpace(spelled[0]):
		return glyph{kind: space}
	case len(spelled) == 1 && isPunctuation(spelled[0]):
		return glyph{isolate, string(spelled)}
	}
	return glyph{letter, string(spelled)}
}

// isOther is Unicode's C categories without the unassigned, which stay letters.
func isOther(r rune) bool {
	return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co, unicode.Cs)
}

// isPunctuation is BERT's idea of it: all of ASCII that is neither letter nor
// digit, symbols included, and Unicode's P categories.
func isPunctuation(r rune) bool {
	if r < utf8.RuneSelf {
		return r > ' ' && r < 0x7f && !unicode.IsLetter(r) && !unicode.IsDigit(r)
	}
	return unicode.Is(unicode.P, r)
}

// cjk are the blocks that BERT splits into single characters; kana and Hangul
// are not among them.
var cjk = &unicode.RangeTable{
	R16: []unicode.Range16{{Lo: 0x3400, Hi: 0x4dbf, Stride: 1}, {Lo: 0x4e00, Hi: 0x9fff, Stride: 1}, {Lo: 0xf900, Hi: 0xfaff, Stride: 1}},
	R32: []unicode.Range32{{Lo: 0x20000, Hi: 0x2a6df, Stride: 1}, {Lo: 0x2a700, Hi: 0x2b73f, Stride: 1}, {Lo: 0x2b740, Hi: 0x2b81f, Stride: 1}, {Lo: 0x2b920, Hi: 0x2ceaf, Stride: 1}, {Lo: 0x2f800, Hi: 0x2fa1f, Stride: 1}},
}

func isCJK(r rune) bool { return unicode.Is(cjk, r) }
