package subword

import (
	"fmt"
	"slices"
	"sync"
	"unicode/utf8"
)

// unknownPenalty is how much less likely an unknown character is than the least
// likely piece, in natural logarithms. It is SentencePiece's.
const unknownPenalty = 10

// A Piece is a piece of a Unigram vocabulary with its log probability.
type Piece struct {
	Text  string
	Score float64
}

// A Unigram is SentencePiece's tokenizer: normalise, put ▁ for spaces, and cut
// each word where the product of the pieces' probabilities is greatest (Kudo,
// "Subword Regularization", 2018), with the Viterbi algorithm. Characters that
// no piece covers are unknown; neighbours among them are one.
type Unigram struct {
	normalise normaliser
	words     words
	trie      *trie
	scores    []float64
	unknown   int32
	penalised float64     // score of an unknown character
	bytes     *[256]int32 // ids of the pieces <0x00> to <0xFF>, which spell what is unknown; nil: none
	special   Special
	lattices  sync.Pool // of *[]node
}

// A node of the lattice is the best way to cut a word up to one place.
type node struct {
	score float64
	start int32 // where its last piece starts; -1: no way leads here
	id    int32
}

// newUnigram makes a tokenizer of pieces, whose ids are their places. Pieces
// whose names are in hidden are for nobody's text.
func newUnigram(pieces []Piece, unknown int, hidden []string, names Names) (*Unigram, error) {
	if len(pieces) > MaxPieces {
		return nil, errManyPieces
	}
	if unknown < 0 || unknown >= len(pieces) {
		return nil, fmt.Errorf("the unknown piece is number %d of a vocabulary of %d", unknown, len(pieces))
	}
	u := &Unigram{scores: make([]float64, len(pieces)), unknown: int32(unknown)} //nolint:gosec // G115: below MaxPieces
	ids := make(map[string]int64, len(pieces))
	least := pieces[0].Score
	for id, p := range pieces {
		if len(p.Text) > maxPiece {
			return nil, fmt.Errorf("piece %d of the vocabulary has %d bytes; there may be at most %d", id, len(p.Text), maxPiece)
		}
		ids[p.Text] = int64(id)
		u.scores[id] = p.Score
		least = min(least, p.Score)
	}
	u.penalised = least - unknownPenalty
	var err error
	u.special, err = names.find(func(name string) (int64, bool) { id, ok := ids[name]; return id, ok })
	if err != nil {
		return nil, err
	}
	for _, name := range append(hidden, names.CLS, names.SEP, names.PAD, pieces[unknown].Text) {
		delete(ids, name)
	}
	keys := make([]trieKey, 0, len(ids))
	for text, id := range ids {
		if text != "" {
			keys = append(keys, trieKey{text, int32(id)}) //nolint:gosec // G115: below MaxPieces
		}
	}
	u.trie = newTrie(keys)
	return u, nil
}

// spellBytes lets unknown characters be spelled by byte pieces, if there is one
// for each byte.
func (u *Unigram) spellBytes(pieces []Piece) {
	ids := map[string]int32{}
	for id, p := range pieces {
		ids[p.Text] = int32(id)
	}
	u.bytes = new([256]int32)
	for b := range u.bytes {
		id, ok := ids[fmt.Sprintf("<0x%02X>", b)]
		if !ok {
			u.bytes = nil
			return
		}
		u.bytes[b] = id
	}
}

// Special is Tokenizer's.
func (u *Unigram) Special() Special { return u.special }

// Size is Tokenizer's.
func (u *Unigram) Size() int { return len(u.scores) }

// Append is Tokenizer's.
func (u *Unigram) Append(ids []int64, text string, limit int) []int64 {
	stop := len(ids) + limit
	if limit <= 0 {
		return ids
	}
	lattice, _ := u.lattices.Get().(*[]node)
	if lattice == nil {
		lattice = new([]node)
	}
	for word := range u.words.of(u.normalise.apply(text)) {
		ids = u.cut(ids, word, lattice)
		if len(ids) >= stop {
			break
		}
	}
	if cap(*lattice) <= keptNodes {
		u.lattices.Put(lattice)
	}
	return ids[:min(len(ids), stop)]
}

// keptNodes is the longest lattice that is kept for the next text: one very
// long word shall not cost memory for good.
const keptNodes = 1 << 14

// cut appends the ids of one word, which is valid UTF-8 and not empty.
func (u *Unigram) cut(ids []int64, word []byte, lattice *[]node) []int64 {
	best := *lattice
	if cap(best) < len(word)+1 {
		best = make([]node, max(len(word)+1, 256))
		*lattice = best
	}
	best = best[:len(word)+1]
	for i := range best {
		best[i] = node{start: -1}
	}
	offer := func(end int, n node) {
		if at := &best[end]; at.start < 0 || n.score > at.score {
			*at = n
		}
	}
	for start := 0; start < len(word); {
		_, size := utf8.DecodeRune(word[start:])
		before, covered := best[start].score, false
		for at, end := int32(0), start; end < len(word); {
			var ok bool
			if at, ok = u.trie.child(at, word[end]); !ok {
				break
			}
			end++
			if id := u.trie.id[at]; id >= 0 {
				offer(end, node{before + u.scores[id], int32(start), id})
				covered = covered || end == start+size
			}
		}
		if !covered {
			offer(start+size, node{before + u.penalised, int32(start), u.unknown})
		}
		start += size
	}
	return u.collect(ids, word, best)
}

// collect walks the best way from its end and appends its ids in order.
func (u *Unigram) collect(ids []int64, word []byte, best []node) []int64 {
	from := len(ids)
	for end := len(word); end > 0; {
		n := best[end]
		if n.id != u.unknown {
			ids = append(ids, int64(n.id))
			end = int(n.start)
			continue
		}
		start := int(n.start)
		for start > 0 && best[start].id == u.unknown {
			start = int(best[start].start)
		}
		if u.bytes == nil {
			ids = append(ids, int64(u.unknown))
		} else {
			for i := end - 1; i >= start; i-- {
				ids = append(ids, int64(u.bytes[word[i]]))
			}
		}
		end = start
	}
	slices.Reverse(ids[from:])
	return ids
}
