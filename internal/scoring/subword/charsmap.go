package subword

import (
	"bytes"
	"encoding/binary"
	"errors"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/rivo/uniseg"
)

// A charsmap is SentencePiece's table of how characters are normalised: a
// double-array trie, as the library Darts-clone lays it out, from spellings to
// places among the normal forms. It comes from a file and may be broken, so
// every step is checked.
type charsmap struct {
	units []uint32
	forms []byte // each ends with a zero

	ascii [utf8.RuneSelf]*string // the forms of single bytes; nil: it stays
}

var errBrokenCharsmap = errors.New("the table of normal forms is broken (precompiled_charsmap)")

// newCharsmap reads a table: the trie's size in bytes, its units, the forms, all
// with the lowest byte first.
func newCharsmap(content []byte) (*charsmap, error) {
	if len(content) < 4 {
		return nil, errBrokenCharsmap
	}
	size := int64(binary.LittleEndian.Uint32(content))
	content = content[4:]
	if size == 0 || size%4 != 0 || size > int64(len(content)) {
		return nil, errBrokenCharsmap
	}
	c := &charsmap{units: make([]uint32, size/4), forms: content[size:]}
	for i := range c.units {
		c.units[i] = binary.LittleEndian.Uint32(content[4*i:])
	}
	if !utf8.Valid(c.forms) {
		return nil, errBrokenCharsmap
	}
	for b := range c.ascii {
		if form, ok := c.form(string(rune(b))); ok {
			c.ascii[b] = &form
		}
	}
	return c, nil
}

// The parts of a unit of the double array.
func hasLeaf(unit uint32) bool  { return unit>>8&1 == 1 }
func leaf(unit uint32) uint32   { return unit &^ (1 << 31) }
func label(unit uint32) uint32  { return unit & (1<<31 | 0xff) }
func offset(unit uint32) uint32 { return unit >> 10 << (unit & (1 << 9) >> 6) }

// form returns the normal form of the shortest spelling that text begins with.
// That a longer one may be known does not count: the reference does so too, and
// models were trained on what it gives.
func (c *charsmap) form(text string) (string, bool) {
	at := offset(c.units[0])
	for i := range len(text) {
		b := uint32(text[i])
		if b == 0 {
			return "", false
		}
		at ^= b
		if int64(at) >= int64(len(c.units)) || label(c.units[at]) != b {
			return "", false
		}
		unit := c.units[at]
		at ^= offset(unit)
		if !hasLeaf(unit) {
			continue
		}
		if int64(at) >= int64(len(c.units)) {
			return "", false
		}
		start := int64(leaf(c.units[at]))
		if start > int64(len(c.forms)) {
			return "", false
		}
		form := c.forms[start:]
		if end := bytes.IndexByte(form, 0); end >= 0 {
			form = form[:end]
		}
		return string(form), true
	}
	return "", false
}

// longestCluster is the most bytes of a cluster that is looked up as one.
const longestCluster = 5

// apply normalises a text: a short grapheme cluster whose spelling is known
// becomes its normal form, and of all others each character for itself.
func (c *charsmap) apply(text string) string {
	var out strings.Builder
	out.Grow(len(text))
	for text != "" {
		if b := text[0]; b < utf8.RuneSelf && b != '\r' && (len(text) == 1 || text[1] < utf8.RuneSelf) {
			c.write(&out, text[:1]) // two of ASCII are never one cluster but for CR LF
			text = text[1:]
			continue
		}
		cluster := firstCluster(text)
		text = text[len(cluster):]
		if len(cluster) <= longestCluster {
			if form, ok := c.form(cluster); ok {
				out.WriteString(form)
				continue
			}
		}
		for cluster != "" {
			_, size := utf8.DecodeRuneInString(cluster)
			c.write(&out, cluster[:size])
			cluster = cluster[size:]
		}
	}
	return out.String()
}

// newMarks are those that the cluster rules of Unicode 15, which the library
// has, do not know and the reference does.
var newMarks = &unicode.RangeTable{R16: []unicode.Range16{
	{Lo: 0x897, Hi: 0x897, Stride: 1}, {Lo: 0x1acf, Hi: 0x1add, Stride: 1}, {Lo: 0x1ae0, Hi: 0x1aeb, Stride: 1},
}}

// firstCluster returns the first grapheme cluster of a text that is not empty.
func firstCluster(text string) string {
	cluster, rest, _, _ := uniseg.FirstGraphemeClusterInString(text, -1)
	if base, _ := utf8.DecodeRuneInString(cluster); unicode.In(base, unicode.Cc, unicode.Zl, unicode.Zp) {
		return cluster // which nothing joins
	}
	for {
		if mark, _ := utf8.DecodeRuneInString(rest); !unicode.Is(newMarks, mark) {
			return text[:len(text)-len(rest)]
		}
		_, rest, _, _ = uniseg.FirstGraphemeClusterInString(rest, -1)
	}
}

// write appends the normal form of one character.
func (c *charsmap) write(out *strings.Builder, character string) {
	if character[0] < utf8.RuneSelf {
		if form := c.ascii[character[0]]; form != nil {
			out.WriteString(*form)
		} else {
			out.WriteString(character)
		}
		return
	}
	if form, ok := c.form(character); ok {
		out.WriteString(form)
	} else {
		out.WriteString(character)
	}
}
