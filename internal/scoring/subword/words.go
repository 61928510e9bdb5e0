package subword

import (
	"bytes"
	"iter"
	"strings"
	"unicode"
	"unicode/utf8"
)

// blank is how SentencePiece writes a space, U+2581.
const blank = "▁"

// words cut a normalised text into what is cut into pieces one by one, as
// Hugging Face's WhitespaceSplit and Metaspace do.
type words struct {
	spaces bool // split at white space first
	prefix bool // put a blank before a word that has none
	whole  bool // do not split at blanks
}

// of yields the words of a text with blanks for spaces; each is valid until the
// next.
func (w words) of(text string) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		var room [256]byte
		scratch := room[:0]
		for part := range w.parts(text) {
			scratch = scratch[:0]
			if w.prefix && part[0] != ' ' && !strings.HasPrefix(part, blank) {
				scratch = append(scratch, blank...)
			}
			scratch = appendBlanks(scratch, part)
			if !w.split(scratch, yield) {
				return
			}
		}
	}
}

// parts yields what lies between white space, or the whole; never nothing.
func (w words) parts(text string) iter.Seq[string] {
	return func(yield func(string) bool) {
		if !w.spaces {
			if text != "" {
				yield(text)
			}
			return
		}
		start := -1
		for i, r := range text {
			if !unicode.IsSpace(r) {
				if start < 0 {
					start = i
				}
				continue
			}
			if start >= 0 && !yield(text[start:i]) {
				return
			}
			start = -1
		}
		if start >= 0 {
			yield(text[start:])
		}
	}
}

// appendBlanks appends a text with blanks for spaces and U+FFFD for what is no
// UTF-8.
func appendBlanks(to []byte, text string) []byte {
	for i := 0; i < len(text); {
		c := text[i]
		switch {
		case c == ' ':
			to = append(to, blank...)
			i++
		case c < utf8.RuneSelf:
			to = append(to, c)
			i++
		default:
			r, size := utf8.DecodeRuneInString(text[i:])
			to = utf8.AppendRune(to, r)
			i += size
		}
	}
	return to
}

// split yields the words of a part, each beginning with a blank but perhaps the first.
func (w words) split(part []byte, yield func([]byte) bool) bool {
	for !w.whole {
		next := bytes.Index(part[1:], []byte(blank))
		if next < 0 {
			break
		}
		if !yield(part[:next+1]) {
			return false
		}
		part = part[next+1:]
	}
	return yield(part)
}
