package subword

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

// BERT says how a WordPiece vocabulary is used, in the words of Hugging Face's
// BertNormalizer and WordPiece. The zero value is that of cased models; where a
// pointer is nil, BERT's own rule holds.
type BERT struct {
	Lowercase    bool   `json:"lowercase"`
	StripAccents *bool  `json:"strip_accents,omitempty"`             // nil: as Lowercase
	CleanText    *bool  `json:"clean_text,omitempty"`                // nil: true; controls vanish
	ChineseChars *bool  `json:"handle_chinese_chars,omitempty"`      // nil: true; each is a word
	Unknown      string `json:"unk_token,omitempty"`                 // empty: [UNK]
	Prefix       string `json:"continuing_subword_prefix,omitempty"` // empty: ##
	MaxWord      int    `json:"max_input_chars_per_word,omitempty"`  // code points; 0: 100
}

// BERT's own choices.
const (
	defaultUnknown = "[UNK]"
	defaultPrefix  = "##"
	defaultMaxWord = 100
)

func (b BERT) reading() reading {
	or := func(given *bool, usual bool) bool {
		if given == nil {
			return usual
		}
		return *given
	}
	return reading{
		clean: or(b.CleanText, true), chinese: or(b.ChineseChars, true),
		strip: or(b.StripAccents, b.Lowercase), lower: b.Lowercase,
	}
}

// A WordPiece is BERT's tokenizer: clean, split CJK, strip accents, lower case
// (all as its BERT says), split at spaces and punctuation, then the longest
// pieces from the left.
type WordPiece struct {
	alphabet *alphabet
	start    map[string]int64 // pieces that begin a word
	inside   map[string]int64 // pieces that continue one, without their prefix
	longest  int              // of all pieces, in bytes
	maxWord  int              // code points past which a word is unknown as a whole
	size     int
	unknown  int64
	special  Special
}

// NewWordPiece makes a tokenizer of pieces, whose ids are their places; an
// empty piece is none.
func NewWordPiece(pieces []string, b BERT, names Names) (*WordPiece, error) {
	t := &WordPiece{
		alphabet: alphabetOf(b.reading()), start: make(map[string]int64, len(pieces)), inside: map[string]int64{},
		maxWord: b.MaxWord, size: len(pieces),
	}
	if t.maxWord == 0 {
		t.maxWord = defaultMaxWord
	}
	if t.maxWord < 0 || t.maxWord > maxPiece {
		return nil, fmt.Errorf("max_input_chars_per_word is %d; there may be at most %d", b.MaxWord, maxPiece)
	}
	prefix := b.Prefix
	if prefix == "" {
		prefix = defaultPrefix
	}
	for id, piece := range pieces {
		if len(piece) > maxPiece {
			return nil, fmt.Errorf("piece %d of the vocabulary has %d bytes; there may be at most %d", id, len(piece), maxPiece)
		}
		rest, continues := strings.CutPrefix(piece, prefix)
		switch {
		case continues && rest != "":
			t.inside[rest] = int64(id)
		case piece != "":
			t.start[piece] = int64(id)
		}
		t.longest = max(t.longest, len(piece))
	}
	unknown := b.Unknown
	if unknown == "" {
		unknown = defaultUnknown
	}
	var err error
	t.special, err = names.find(t.id)
	var ok bool
	if t.unknown, ok = t.id(unknown); !ok {
		err = lacks(err, unknown)
	}
	if err != nil {
		return nil, err
	}
	// No text may spell them: "[SEP]" is cut at its brackets, "<s>" too, but a
	// vocabulary may call them what it likes.
	for _, name := range []string{names.CLS, names.SEP, names.PAD} {
		delete(t.start, name)
	}
	return t, nil
}

var errManyPieces = errors.New("the vocabulary has too many pieces")

func (t *WordPiece) id(piece string) (int64, bool) {
	id, ok := t.start[piece]
	return id, ok
}

// Special is Tokenizer's.
func (t *WordPiece) Special() Special { return t.special }

// Size is Tokenizer's.
func (t *WordPiece) Size() int { return t.size }

// Append is Tokenizer's.
func (t *WordPiece) Append(ids []int64, text string, limit int) []int64 {
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
		g, size := t.alphabet.next(text[i:])
		i += size
		switch g.kind {
		case letter:
			if runes <= t.maxWord { // a longer word is unknown whatever follows
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

// pieces appends one word's ids: greedily the longest known piece from the
// left, or unknown as a whole when some rest has none.
func (t *WordPiece) pieces(ids []int64, word []byte, runes int) []int64 {
	if runes > t.maxWord {
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
