package ngram

import (
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// A rule says how text becomes buckets; models/lab/ideaslab/ngram_terms.py has
// it in words, and must stay equal.
type rule struct {
	bits     int // a bucket is this wide
	longest  int // code points of a field that are read
	word     sizes
	cjk      sizes
	variants map[rune]rune // traditional ideographs to simplified ones
}

// sizes bound the length of terms in code points.
type sizes struct{ low, high int }

// Kinds of characters.
const (
	divides = iota
	ofWord  // part of a word between spaces
	alone   // of a script without spaces, a unit by itself
)

// withoutSpaces are the scripts that write words without spaces between them: the
// iteration mark, kana without the middle dot and the double hyphen, ideographs.
var withoutSpaces = &unicode.RangeTable{
	R16: []unicode.Range16{
		{Lo: 0x3005, Hi: 0x3005, Stride: 1},
		{Lo: 0x3041, Hi: 0x309f, Stride: 1},
		{Lo: 0x30a1, Hi: 0x30fa, Stride: 1},
		{Lo: 0x30fc, Hi: 0x30ff, Stride: 1},
		{Lo: 0x3400, Hi: 0x4dbf, Stride: 1},
		{Lo: 0x4e00, Hi: 0x9fff, Stride: 1},
	},
	R32: []unicode.Range32{{Lo: 0x20000, Hi: 0x323af, Stride: 1}},
}

func kindOf(r rune) int {
	switch {
	case r < utf8.RuneSelf:
		if 'a' <= r && r <= 'z' || '0' <= r && r <= '9' || 'A' <= r && r <= 'Z' {
			return ofWord
		}
		return divides
	case unicode.Is(withoutSpaces, r):
		return alone
	case unicode.IsLetter(r) || unicode.IsNumber(r):
		return ofWord
	}
	return divides
}

// terms appends the buckets of a field's terms to s and returns its length in units.
func (u *rule) terms(s *scratch, field string) (units int) {
	u.fold(s, field)
	for start := 0; start < len(s.runes); {
		kind, end := kindOf(s.runes[start]), start+1
		for end < len(s.runes) && kindOf(s.runes[end]) == kind {
			end++
		}
		run := s.runes[start:end]
		switch kind {
		case alone:
			units += len(run)
			u.substrings(s, run, u.cjk)
		case ofWord:
			units++
			u.bordered(s, run)
		}
		start = end
	}
	return units
}

// Accents are the marks that folding drops.
const (
	firstAccent = '\u0300'
	lastAccent  = '\u036f'
)

// fold puts a field as terms are made of it into s.runes: NFKD without accents,
// lower case, NFC, and simplified ideographs for traditional ones.
func (u *rule) fold(s *scratch, field string) {
	s.runes = s.runes[:0]
	field = head(field, u.longest)
	if isASCII(field) {
		for _, c := range []byte(field) {
			if 'A' <= c && c <= 'Z' {
				c |= 0x20
			}
			s.runes = append(s.runes, rune(c))
		}
		return
	}
	s.apart = norm.NFKD.AppendString(s.apart[:0], field)
	s.bytes = s.bytes[:0]
	for _, r := range string(s.apart) {
		if r < firstAccent || r > lastAccent {
			s.bytes = utf8.AppendRune(s.bytes, unicode.ToLower(r))
		}
	}
	s.apart = norm.NFC.Append(s.apart[:0], s.bytes...)
	for _, r := range string(s.apart) {
		if simple, ok := u.variants[r]; ok {
			r = simple
		}
		s.runes = append(s.runes, r)
	}
}

// head returns the first n code points of a text.
func head(text string, n int) string {
	if len(text) <= n {
		return text
	}
	for i := range text {
		if n == 0 {
			return text[:i]
		}
		n--
	}
	return text
}

func isASCII(text string) bool {
	for i := range len(text) {
		if text[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// bordered is substrings of a word with a space on both sides.
func (u *rule) bordered(s *scratch, word []rune) {
	for start := -1; start <= len(word); start++ {
		hash := fnvOffset
		for size := 1; size <= u.word.high && start+size <= len(word)+1; size++ {
			if at := start + size - 1; at < 0 || at == len(word) {
				hash = fnv(hash, ' ')
			} else {
				hash = fnv(hash, word[at])
			}
			if size >= u.word.low {
				s.buckets = append(s.buckets, u.bucket(hash))
			}
		}
	}
}

// substrings appends the buckets of a run's substrings.
func (u *rule) substrings(s *scratch, run []rune, of sizes) {
	for start := range run {
		hash := fnvOffset
		for i, r := range run[start:min(start+of.high, len(run))] {
			hash = fnv(hash, r)
			if i+1 >= of.low {
				s.buckets = append(s.buckets, u.bucket(hash))
			}
		}
	}
}

// FNV-1a, 32 bits (Fowler, Noll, Vo; IETF draft-eastlake-fnv).
const (
	fnvOffset uint32 = 2166136261
	fnvPrime  uint32 = 16777619
)

// fnv goes on hashing with the UTF-8 of r.
func fnv(hash uint32, r rune) uint32 {
	if r < utf8.RuneSelf {
		return (hash ^ uint32(r)) * fnvPrime //nolint:gosec // G115: just found to be ASCII
	}
	var encoded [utf8.UTFMax]byte
	for _, b := range encoded[:utf8.EncodeRune(encoded[:], r)] {
		hash = (hash ^ uint32(b)) * fnvPrime
	}
	return hash
}

// bucket folds a hash by exclusive or, as FNV's authors advise for widths under 32.
func (u *rule) bucket(hash uint32) uint32 {
	return (hash>>u.bits ^ hash) & (1<<u.bits - 1)
}
