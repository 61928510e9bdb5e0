package similar

import (
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// A unit is what people would count as a word: a run of letters and digits, or
// one character of a script that puts no spaces between words. Two units are the
// same when they are so after NFKC (full-width forms, ligatures, composed
// letters) and folding of case; everything else, punctuation and markup, only
// parts them.
type unit struct {
	hash       uint64
	start, end int // bytes of the text
}

// unspaced are the scripts whose words do not show.
var unspaced = []*unicode.RangeTable{
	unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar, unicode.Tibetan,
}

// What a character does to the unit that is being read.
const (
	parts = iota // ends it
	joins        // goes on with it, or begins one
	alone        // ends it and is one by itself
	marks        // goes on with it, or is nothing: accents, vowel signs
	hides        // is nothing: joiners, soft hyphens
)

func kindOf(r rune) int {
	switch {
	case r < utf8.RuneSelf:
		if 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' {
			return joins
		}
		return parts
	case unicode.Is(unicode.M, r):
		return marks
	case unicode.In(r, unspaced...):
		return alone
	case unicode.IsLetter(r) || unicode.IsNumber(r):
		return joins
	case unicode.Is(unicode.Cf, r):
		return hides
	}
	return parts
}

// fold makes characters that differ in case only the same; going up first joins
// the two small sigmas, and the long s with the short one.
func fold(r rune) rune { return unicode.ToLower(unicode.ToUpper(r)) }

// FNV-1a, 64 bits.
const (
	fnvOffset = 0xcbf29ce484222325
	fnvPrime  = 0x100000001b3
)

// unitReader gathers characters into units.
type unitReader struct {
	units []unit
	open  bool // the last unit takes marks
	word  bool // and letters
}

// unitsOf returns the units of a text in order. It takes time linear in the text.
func unitsOf(text string) []unit {
	r := unitReader{units: make([]unit, 0, len(text)/6)}
	for i := 0; i < len(text); {
		if text[i] < utf8.RuneSelf && (i+1 == len(text) || text[i+1] < utf8.RuneSelf) {
			r.read(rune(text[i]), i, i+1)
			i++
			continue
		}
		n := max(norm.NFKC.NextBoundaryInString(text[i:], true), 1)
		if segment := text[i : i+n]; norm.NFKC.IsNormalString(segment) {
			for at, c := range segment {
				r.read(c, i+at, i+at+utf8.RuneLen(c))
			}
		} else {
			for _, c := range norm.NFKC.String(segment) {
				r.read(c, i, i+n)
			}
		}
		i += n
	}
	return r.units
}

// read takes one normalised character, which stands for bytes start to end.
func (r *unitReader) read(c rune, start, end int) {
	switch kind := kindOf(c); kind {
	case parts:
		r.open = false
	case joins, alone:
		if !r.open || !r.word || kind == alone {
			r.units = append(r.units, unit{fnvOffset, start, end})
		}
		r.open, r.word = true, kind == joins
		r.extend(c, end)
	case marks:
		if r.open {
			r.extend(c, end)
		}
	}
}

func (r *unitReader) extend(c rune, end int) {
	u := &r.units[len(r.units)-1]
	u.hash = (u.hash ^ uint64(fold(c))) * fnvPrime //nolint:gosec // G115: a character is not negative
	u.end = end
}
