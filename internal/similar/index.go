package similar

import (
	"fmt"
	"sync"
)

// Index holds the embeddings of one model under keys and finds the nearest ones
// by looking at all of them. Each embedding is kept as one byte per dimension
// and a scale; quantise says how far off that makes a cosine. It is safe for
// concurrent use: searches run side by side, and a change waits for them.
//
// An embedding of 384 dimensions takes 384 bytes of codes and 4 of scale, and
// with a UUID for a key about 70 more for the key and its place in the map;
// growing slices may hold a quarter more than that.
type Index[K comparable] struct {
	mu     sync.RWMutex
	size   int // dimensions; 0 while the index is empty
	width  int // size, padded to a multiple of stride
	codes  []int8
	scales []float32
	keys   []K
	rows   map[K]int
}

// NewIndex returns an empty index. The first embedding says how many dimensions
// all of them have.
func NewIndex[K comparable]() *Index[K] { return &Index[K]{rows: map[K]int{}} }

// Len is how many embeddings there are.
func (x *Index[K]) Len() int {
	x.mu.RLock()
	defer x.mu.RUnlock()
	return len(x.keys)
}

// Put adds an embedding of unit length, or replaces the one under its key. One
// that has another number of dimensions than the first, none or more than
// 65,536, or a number that is not finite, is refused.
func (x *Index[K]) Put(key K, embedding []float32) error {
	if len(embedding) == 0 || len(embedding) > maxWidth {
		return fmt.Errorf("index an embedding: it has %d dimensions, want 1 to %d", len(embedding), maxWidth)
	}
	if !finite(embedding) {
		return fmt.Errorf("index an embedding: not all of its numbers are finite")
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.size == 0 {
		x.size = len(embedding)
		x.width = (x.size + stride - 1) / stride * stride
	}
	if len(embedding) != x.size {
		return fmt.Errorf("index an embedding: it has %d dimensions, the others have %d", len(embedding), x.size)
	}
	row, known := x.rows[key]
	if !known {
		row = len(x.keys)
		x.rows[key] = row
		x.keys = append(x.keys, key)
		x.scales = append(x.scales, 0)
		x.codes = append(x.codes, make([]int8, x.width)...)
	}
	x.scales[row] = quantise(x.codes[row*x.width:][:x.size], embedding)
	return nil
}

// Remove takes an embedding out; an unknown key is no mistake. The last row moves
// into the gap.
func (x *Index[K]) Remove(key K) {
	x.mu.Lock()
	defer x.mu.Unlock()
	row, known := x.rows[key]
	if !known {
		return
	}
	last := len(x.keys) - 1
	copy(x.codes[row*x.width:(row+1)*x.width], x.codes[last*x.width:])
	x.scales[row], x.keys[row] = x.scales[last], x.keys[last]
	x.rows[x.keys[row]] = row
	delete(x.rows, key)
	var none K
	x.keys[last] = none
	x.codes, x.scales, x.keys = x.codes[:last*x.width], x.scales[:last], x.keys[:last]
}

// block is how many rows are multiplied before their products are looked at: few
// enough to stay in the first cache, many enough to make a call cost nothing.
const block = 256

// Search returns the k embeddings nearest to one of unit length, the nearest
// first. One of another number of dimensions is of another model: nothing is near
// to it.
func (x *Index[K]) Search(embedding []float32, k int) []Hit[K] {
	x.mu.RLock()
	defer x.mu.RUnlock()
	if k <= 0 || len(x.keys) == 0 || len(embedding) != x.size || !finite(embedding) {
		return nil
	}
	codes, query := make([]int8, x.width), make([]int16, x.width)
	scale := float64(quantise(codes[:x.size], embedding))
	for i, c := range codes {
		query[i] = int16(c)
	}
	top := best[K]{k: k, hits: make([]Hit[K], 0, k+1)}
	var products [block]int32
	for from := 0; from < len(x.keys); from += block {
		out := products[:min(block, len(x.keys)-from)]
		dotRows(out, x.codes[from*x.width:], query, x.width)
		for i, product := range out {
			cosine := float64(product) * scale * float64(x.scales[from+i])
			if cosine > top.least() {
				top.add(Hit[K]{x.keys[from+i], cosine})
			}
		}
	}
	return top.hits
}
