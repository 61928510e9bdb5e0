// Package similar finds what lies near: ideas that say the same, by exact search
// over int8 embeddings, and texts that were copied, by MinHash with exact
// figures after it. It does not know what an idea is, where texts and embeddings
// come from, who may see them, or how near is too near.
package similar

import (
	"cmp"
	"slices"
)

// Hit is one thing that was found.
type Hit[K comparable] struct {
	Key  K
	Near float64 // the cosine of two embeddings, or the Jaccard similarity of two texts
}

// best keeps the k nearest hits, the nearest first; of two that are equally
// near, the one that came first. A new hit moves past few others, so k should be
// small, at most some dozens.
type best[K comparable] struct {
	k    int
	hits []Hit[K]
}

// least is what a hit must exceed to be kept.
func (b *best[K]) least() float64 {
	if len(b.hits) < b.k {
		return -2 // below any cosine
	}
	return b.hits[b.k-1].Near
}

// add keeps a hit that is nearer than least.
func (b *best[K]) add(h Hit[K]) {
	at, _ := slices.BinarySearchFunc(b.hits, h.Near, func(x Hit[K], near float64) int {
		if c := cmp.Compare(near, x.Near); c != 0 {
			return c
		}
		return -1 // after those that are as near
	})
	if len(b.hits) == b.k {
		b.hits = b.hits[:b.k-1]
	}
	b.hits = slices.Insert(b.hits, at, h)
}
