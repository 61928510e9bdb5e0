package scoring

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

// maxWord is the length in code points past which a word is unknown as a whole.
const maxWord = 100

const continuation = "##"

// A Tokenizer turns text into WordPiece ids exactly as Hugging Face's fast
// tokenizer does for bert-base-uncased: clean, split CJK, strip accents, lower
// case, split at spaces and punctuation, then the longest pieces from the left.
// Special tokens are not recognised in text, so that nobody can forge a field
// border. It is safe for concurrent use and fails on no input.
type Tokenizer struct {
	start   map[string]int64 // pieces that begin a word
	inside  map[string]int64 // pieces that continue one, without their "##"
	longest int              // of all pieces, in bytes
	cls     int64
	sep     int64
	unknown int64
}

// NewTokenizer reads a vocabulary: one piece a line, its id the line's number
// from 0.
func NewTokenizer(vocabulary []byte) (*Tokenizer, error) {
	t := &Tokenizer{start: map[string]int64{}, inside: map[string]int64{}}
	var id int64
	for line := range bytes.Lines(vocabulary) {
		piece := strings.TrimRight(string(line), "\r\n")
		into := t.start
		if rest, ok := strings.CutPrefix(piece, continuation); ok {
			into, piece = t.inside, rest
		}
		into[piece] = id
		t.longest = max(t.longest, len(piece))
		id++
	}
	var missing []error
	for name, at := range map[string]*int64{"[CLS]": &t.cls, "[SEP]": &t.sep, "[UNK]": &t.unknown} {
		var ok bool
		if *at, ok = t.start[name]; !ok {
			missing = append(missing, fmt.Errorf("the vocabulary lacks %s", name))
		}
	}
	return t, errors.Join(missing...)
}

// Append appends the ids of text to ids, at most limit of them, and stops
// reading there: a field is never kept beyond the model's length.
func (t *Tokenizer) Append(ids []int64, text string, limit int) []int64 {
	stop := len(ids) + limit
	var room [4 * 32]byte
	word, runes := room[:0], 0
	end := func() {
		if runes > 0 {
			ids = t.pieces(ids, word, runes)
			word, runes = word[:0], 0
		}
	}
	for i := 0; i < len(text) && len(ids) < stop; {
		g, size := next(text[i:])
		i += size
		switch g.kind {
		case letter:
			if runes <= maxWord { // a longer word is unknown whatever follows
				word = append(word, g.as...)
				runes += utf8.RuneCountInString(g.as)
			}
		case space:
			end()
		case isolate:
			end()
			word, runes = append(word, g.as...), utf8.RuneCountInString(g.as)
			end()
		}
	}
	if len(ids) < stop {
		end()
	}
	return ids[:min(len(ids), stop)]
}

func next(text string) (glyph, int) {
	if c := text[0]; c < utf8.RuneSelf {
		return ascii[c], 1
	}
	r, size := utf8.DecodeRuneInString(text)
	return glyphOf(r), size
}

// pieces appends one word's ids: greedily the longest known piece from the
// left, or unknown as a whole when some rest has none.
func (t *Tokenizer) pieces(ids []int64, word []byte, runes int) []int64 {
	if runes > maxWord {
		return append(ids, t.unknown)
	}
	if id, ok := t.start[string(word)]; ok {
		return append(ids, id)
	}
	before := len(ids)
	known := t.start
	for len(word) > 0 {
		id, size := longestPiece(known, word[:min(len(word), t.longest)])
		if size == 0 {
			return append(ids[:before], t.unknown)
		}
		ids = append(ids, id)
		word = word[size:]
		known = t.inside
	}
	return ids
}

func longestPiece(known map[string]int64, word []byte) (id int64, size int) {
	for size = len(word); size > 0; size-- {
		if id, ok := known[string(word[:size])]; ok {
			return id, size
		}
	}
	return 0, 0
}
