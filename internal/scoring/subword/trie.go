package subword

import (
	"bytes"
	"cmp"
	"slices"
)

// A trie finds the pieces that a text begins with. Nodes lie in breadth-first
// order, so that a node's children are neighbours: those of node i are at
// first[i] up to first[i+1], in the order of their labels.
type trie struct {
	first []int32
	label []byte
	id    []int32 // of the piece that ends here; -1: none does
}

type trieKey struct {
	piece string
	id    int32
}

// newTrie holds every key that is not empty; of equal pieces the greatest id counts.
func newTrie(keys []trieKey) *trie {
	slices.SortFunc(keys, func(a, b trieKey) int {
		return cmp.Or(cmp.Compare(a.piece, b.piece), cmp.Compare(a.id, b.id))
	})
	t := &trie{label: []byte{0}, id: []int32{-1}}
	// A level is the nodes of one depth, each with the keys that run through it.
	level := [][]trieKey{keys}
	for depth := 0; len(level) > 0; depth++ {
		var next [][]trieKey
		for _, through := range level {
			t.first = append(t.first, int32(len(t.label))) //nolint:gosec // G115: MaxPieces of maxPiece bytes fit
			for len(through) > 0 && len(through[0].piece) <= depth {
				through = through[1:] // ends here
			}
			for len(through) > 0 {
				c := through[0].piece[depth]
				end, id := 0, int32(-1)
				for end < len(through) && through[end].piece[depth] == c {
					if len(through[end].piece) == depth+1 {
						id = through[end].id
					}
					end++
				}
				t.label, t.id = append(t.label, c), append(t.id, id)
				next = append(next, through[:end])
				through = through[end:]
			}
		}
		level = next
	}
	t.first = append(t.first, int32(len(t.label))) //nolint:gosec // G115: as above
	return t
}

// child returns the node that c leads to from node at, and false when there is none.
func (t *trie) child(at int32, c byte) (int32, bool) {
	first := t.first[at]
	i := bytes.IndexByte(t.label[first:t.first[at+1]], c)
	return first + int32(i), i >= 0 //nolint:gosec // G115: there are at most 256 children
}
