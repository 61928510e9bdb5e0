package subword

import (
	"unicode"
	"unicode/utf8"
)

// Hugging Face's tokenizer asks two Unicode versions: the categories of
// Unicode 8, and lower case of a recent one. Go knows one version. The tables
// here are the whole difference, found by giving every code point to both; a
// test holds the sum of all code points to the reference's.

// later are marks, punctuation and format characters that Unicode 8 did not
// know: to the reference they are plain letters.
var later = &unicode.RangeTable{
	R16: []unicode.Range16{
		{Lo: 0x61d, Hi: 0x61d, Stride: 1}, {Lo: 0x7fd, Hi: 0x7fd, Stride: 1}, {Lo: 0x890, Hi: 0x891, Stride: 1},
		{Lo: 0x898, Hi: 0x89f, Stride: 1}, {Lo: 0x8ca, Hi: 0x8e2, Stride: 1}, {Lo: 0x9fd, Hi: 0x9fe, Stride: 1},
		{Lo: 0xa76, Hi: 0xa76, Stride: 1}, {Lo: 0xafa, Hi: 0xaff, Stride: 1}, {Lo: 0xb55, Hi: 0xb55, Stride: 1},
		{Lo: 0xc04, Hi: 0xc04, Stride: 1}, {Lo: 0xc3c, Hi: 0xc3c, Stride: 1}, {Lo: 0xc77, Hi: 0xc77, Stride: 1},
		{Lo: 0xc84, Hi: 0xc84, Stride: 1}, {Lo: 0xd00, Hi: 0xd00, Stride: 1}, {Lo: 0xd3b, Hi: 0xd3c, Stride: 1},
		{Lo: 0xd81, Hi: 0xd81, Stride: 1}, {Lo: 0xeba, Hi: 0xeba, Stride: 1}, {Lo: 0xece, Hi: 0xece, Stride: 1},
		{Lo: 0x180f, Hi: 0x180f, Stride: 1}, {Lo: 0x1885, Hi: 0x1886, Stride: 1}, {Lo: 0x1abf, Hi: 0x1ace, Stride: 1},
		{Lo: 0x1b7d, Hi: 0x1b7e, Stride: 1}, {Lo: 0x1df6, Hi: 0x1dfb, Stride: 1}, {Lo: 0x2e43, Hi: 0x2e4f, Stride: 1},
		{Lo: 0x2e52, Hi: 0x2e5d, Stride: 1}, {Lo: 0xa82c, Hi: 0xa82c, Stride: 1}, {Lo: 0xa8c5, Hi: 0xa8c5, Stride: 1},
		{Lo: 0xa8ff, Hi: 0xa8ff, Stride: 1}, {Lo: 0xa9bd, Hi: 0xa9bd, Stride: 1},
	},
	R32: []unicode.Range32{
		{Lo: 0x10d24, Hi: 0x10d27, Stride: 1}, {Lo: 0x10eab, Hi: 0x10ead, Stride: 1},
		{Lo: 0x10efd, Hi: 0x10eff, Stride: 1}, {Lo: 0x10f46, Hi: 0x10f50, Stride: 1},
		{Lo: 0x10f55, Hi: 0x10f59, Stride: 1}, {Lo: 0x10f82, Hi: 0x10f89, Stride: 1},
		{Lo: 0x11070, Hi: 0x11070, Stride: 1}, {Lo: 0x11073, Hi: 0x11074, Stride: 1},
		{Lo: 0x110c2, Hi: 0x110c2, Stride: 1}, {Lo: 0x110cd, Hi: 0x110cd, Stride: 1},
		{Lo: 0x111cf, Hi: 0x111cf, Stride: 1}, {Lo: 0x1123e, Hi: 0x1123e, Stride: 1},
		{Lo: 0x11241, Hi: 0x11241, Stride: 1}, {Lo: 0x1133b, Hi: 0x1133b, Stride: 1},
		{Lo: 0x11438, Hi: 0x1143f, Stride: 1}, {Lo: 0x11442, Hi: 0x11444, Stride: 1},
		{Lo: 0x11446, Hi: 0x11446, Stride: 1}, {Lo: 0x1144b, Hi: 0x1144f, Stride: 1},
		{Lo: 0x1145a, Hi: 0x1145b, Stride: 1}, {Lo: 0x1145d, Hi: 0x1145e, Stride: 1},
		{Lo: 0x11660, Hi: 0x1166c, Stride: 1}, {Lo: 0x116b9, Hi: 0x116b9, Stride: 1},
		{Lo: 0x1182f, Hi: 0x11837, Stride: 1}, {Lo: 0x11839, Hi: 0x1183b, Stride: 1},
		{Lo: 0x11938, Hi: 0x11938, Stride: 1}, {Lo: 0x1193b, Hi: 0x1193c, Stride: 1},
		{Lo: 0x1193e, Hi: 0x1193e, Stride: 1}, {Lo: 0x11943, Hi: 0x11946, Stride: 1},
		{Lo: 0x119d4, Hi: 0x119d7, Stride: 1}, {Lo: 0x119da, Hi: 0x119db, Stride: 1},
		{Lo: 0x119e0, Hi: 0x119e0, Stride: 1}, {Lo: 0x119e2, Hi: 0x119e2, Stride: 1},
		{Lo: 0x11a01, Hi: 0x11a0a, Stride: 1}, {Lo: 0x11a33, Hi: 0x11a38, Stride: 1},
		{Lo: 0x11a3b, Hi: 0x11a47, Stride: 1}, {Lo: 0x11a51, Hi: 0x11a56, Stride: 1},
		{Lo: 0x11a59, Hi: 0x11a5b, Stride: 1}, {Lo: 0x11a8a, Hi: 0x11a96, Stride: 1},
		{Lo: 0x11a98, Hi: 0x11a9c, Stride: 1}, {Lo: 0x11a9e, Hi: 0x11aa2, Stride: 1},
		{Lo: 0x11b00, Hi: 0x11b09, Stride: 1}, {Lo: 0x11c30, Hi: 0x11c36, Stride: 1},
		{Lo: 0x11c38, Hi: 0x11c3d, Stride: 1}, {Lo: 0x11c3f, Hi: 0x11c3f, Stride: 1},
		{Lo: 0x11c41, Hi: 0x11c45, Stride: 1}, {Lo: 0x11c70, Hi: 0x11c71, Stride: 1},
		{Lo: 0x11c92, Hi: 0x11ca7, Stride: 1}, {Lo: 0x11caa, Hi: 0x11cb0, Stride: 1},
		{Lo: 0x11cb2, Hi: 0x11cb3, Stride: 1}, {Lo: 0x11cb5, Hi: 0x11cb6, Stride: 1},
		{Lo: 0x11d31, Hi: 0x11d36, Stride: 1}, {Lo: 0x11d3a, Hi: 0x11d3a, Stride: 1},
		{Lo: 0x11d3c, Hi: 0x11d3d, Stride: 1}, {Lo: 0x11d3f, Hi: 0x11d45, Stride: 1},
		{Lo: 0x11d47, Hi: 0x11d47, Stride: 1}, {Lo: 0x11d90, Hi: 0x11d91, Stride: 1},
		{Lo: 0x11d95, Hi: 0x11d95, Stride: 1}, {Lo: 0x11d97, Hi: 0x11d97, Stride: 1},
		{Lo: 0x11ef3, Hi: 0x11ef4, Stride: 1}, {Lo: 0x11ef7, Hi: 0x11ef8, Stride: 1},
		{Lo: 0x11f00, Hi: 0x11f01, Stride: 1}, {Lo: 0x11f36, Hi: 0x11f3a, Stride: 1},
		{Lo: 0x11f40, Hi: 0x11f40, Stride: 1}, {Lo: 0x11f42, Hi: 0x11f4f, Stride: 1},
		{Lo: 0x11fff, Hi: 0x11fff, Stride: 1}, {Lo: 0x12ff1, Hi: 0x12ff2, Stride: 1},
		{Lo: 0x13430, Hi: 0x13440, Stride: 1}, {Lo: 0x13447, Hi: 0x13455, Stride: 1},
		{Lo: 0x16e97, Hi: 0x16e9a, Stride: 1}, {Lo: 0x16f4f, Hi: 0x16f4f, Stride: 1},
		{Lo: 0x16fe2, Hi: 0x16fe2, Stride: 1}, {Lo: 0x16fe4, Hi: 0x16fe4, Stride: 1},
		{Lo: 0x1cf00, Hi: 0x1cf2d, Stride: 1}, {Lo: 0x1cf30, Hi: 0x1cf46, Stride: 1},
		{Lo: 0x1e000, Hi: 0x1e006, Stride: 1}, {Lo: 0x1e008, Hi: 0x1e018, Stride: 1},
		{Lo: 0x1e01b, Hi: 0x1e021, Stride: 1}, {Lo: 0x1e023, Hi: 0x1e024, Stride: 1},
		{Lo: 0x1e026, Hi: 0x1e02a, Stride: 1}, {Lo: 0x1e08f, Hi: 0x1e08f, Stride: 1},
		{Lo: 0x1e130, Hi: 0x1e136, Stride: 1}, {Lo: 0x1e2ae, Hi: 0x1e2ae, Stride: 1},
		{Lo: 0x1e2ec, Hi: 0x1e2ef, Stride: 1}, {Lo: 0x1e4ec, Hi: 0x1e4ef, Stride: 1},
		{Lo: 0x1e944, Hi: 0x1e94a, Stride: 1}, {Lo: 0x1e95e, Hi: 0x1e95f, Stride: 1},
	},
}

// Three code points were something else to Unicode 8.
const (
	chiSign    = 0x166d  // CANADIAN SYLLABICS CHI SIGN, punctuation; now a symbol
	pamudpod   = 0x1734  // HANUNOO SIGN PAMUDPOD, a mark without width; now with one
	sandhiMark = 0x111c9 // SHARADA SANDHI MARK, punctuation; now a mark
)

// isOther is Unicode's C categories without the unassigned, which stay letters.
func isOther(r rune) bool {
	return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co, unicode.Cs) && !unicode.Is(later, r)
}

func isMark(r rune) bool {
	return unicode.Is(unicode.Mn, r) && !unicode.Is(later, r) && r != sandhiMark || r == pamudpod
}

// isPunctuation is BERT's idea of it: all of ASCII that is neither letter nor
// digit, symbols included, and Unicode's P categories.
func isPunctuation(r rune) bool {
	if r < utf8.RuneSelf {
		return r > ' ' && r < 0x7f && !unicode.IsLetter(r) && !unicode.IsDigit(r)
	}
	return unicode.Is(unicode.P, r) && !unicode.Is(later, r) || r == chiSign || r == sandhiMark
}

// lowered are lower-case pairs that Unicode 15 did not know.
var lowered = []struct{ first, last, to rune }{
	{0x1c89, 0x1c89, 0x1c8a}, {0xa7cb, 0xa7cb, 0x264}, {0xa7cc, 0xa7cc, 0xa7cd}, {0xa7ce, 0xa7ce, 0xa7cf},
	{0xa7d2, 0xa7d2, 0xa7d3}, {0xa7d4, 0xa7d4, 0xa7d5}, {0xa7da, 0xa7da, 0xa7db}, {0xa7dc, 0xa7dc, 0x19b},
	{0x10d50, 0x10d65, 0x10d70}, {0x16ea0, 0x16eb8, 0x16ebb},
}

func toLower(r rune) rune {
	if r >= lowered[0].first {
		for _, l := range lowered {
			if l.first <= r && r <= l.last {
				return l.to + r - l.first
			}
		}
	}
	return unicode.ToLower(r)
}
