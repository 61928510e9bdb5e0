package similar

import "sync"

// Sketches holds sketches under keys and finds the texts that share much with one
// text without looking at the others: it looks at those only that agree with it
// in all three values of one of 42 bands (locality-sensitive hashing, Indyk and
// Motwani 1998). A text with the Jaccard similarity J is among them with the
// probability 1 - (1 - J³)⁴²: 0.68 for J = 0.3, 0.94 for 0.4, 0.996 for 0.5 and all
// but one in ten million for 0.7. It is safe for concurrent use.
//
// A text takes 504 bytes of sketch, 168 of links and 168 to 336 of buckets, and
// with a UUID for a key about 70 more for the key and its place in the map.
type Sketches[K comparable] struct {
	mu       sync.RWMutex
	rows     map[K]int32
	keys     []K
	sketches []Sketch
	free     []int32 // rows that hold nothing now
	first    []int32 // by bucket, a power of two of them: the first entry, or none
	next     []int32 // by entry, which is row*bands + band: the next one in its bucket
}

// none ends the list of a bucket.
const none = -1

// NewSketches returns an empty set.
func NewSketches[K comparable]() *Sketches[K] {
	x := &Sketches[K]{rows: map[K]int32{}}
	x.grow(1 << 10)
	return x
}

// Len is how many sketches there are.
func (x *Sketches[K]) Len() int {
	x.mu.RLock()
	defer x.mu.RUnlock()
	return len(x.rows)
}

// Put adds a sketch, or replaces the one under its key.
func (x *Sketches[K]) Put(key K, s Sketch) {
	x.mu.Lock()
	defer x.mu.Unlock()
	row, known := x.rows[key]
	switch {
	case known:
		x.unlink(row)
	case len(x.free) > 0:
		row = x.free[len(x.free)-1]
		x.free = x.free[:len(x.free)-1]
	default:
		row = int32(len(x.keys)) //nolint:gosec // G115: memory ends before
		x.keys = append(x.keys, key)
		x.sketches = append(x.sketches, Sketch{})
		x.next = append(x.next, make([]int32, bands)...)
	}
	x.rows[key], x.keys[row], x.sketches[row] = row, key, s
	if len(x.next) > len(x.first) {
		x.grow(2 * len(x.first)) // links this row as well
		return
	}
	x.link(row)
}

// Remove takes a sketch out; an unknown key is no mistake.
func (x *Sketches[K]) Remove(key K) {
	x.mu.Lock()
	defer x.mu.Unlock()
	row, known := x.rows[key]
	if !known {
		return
	}
	x.unlink(row)
	delete(x.rows, key)
	var zero K
	x.keys[row] = zero
	x.free = append(x.free, row)
}

// Search returns the k texts whose estimated Jaccard similarity to s is the
// greatest and at least least, the most similar first.
func (x *Sketches[K]) Search(s *Sketch, k int, least float64) []Hit[K] {
	x.mu.RLock()
	defer x.mu.RUnlock()
	if k <= 0 {
		return nil
	}
	top, seen := best[K]{k: k}, map[int32]bool{}
	for band := range bands {
		for e := x.first[x.bucket(s, band)]; e != none; e = x.next[e] {
			row := e / bands
			if seen[row] {
				continue
			}
			seen[row] = true
			if near := s.Jaccard(&x.sketches[row]); near >= least && near > top.least() {
				top.add(Hit[K]{x.keys[row], near})
			}
		}
	}
	return top.hits
}

// bucket is where a band of a sketch is listed. Bands and texts that come to
// share a bucket by chance cost a look and nothing else.
func (x *Sketches[K]) bucket(s *Sketch, band int) uint64 {
	h := uint64(band) //nolint:gosec // G115: it is below bands
	for _, v := range s[band*depth : (band+1)*depth] {
		h = mix(h ^ uint64(v))
	}
	return h & uint64(len(x.first)-1) //nolint:gosec // G115: there is a bucket
}

func (x *Sketches[K]) link(row int32) {
	for band := range bands {
		e, b := row*bands+int32(band), x.bucket(&x.sketches[row], band)
		x.next[e], x.first[b] = x.first[b], e
	}
}

func (x *Sketches[K]) unlink(row int32) {
	for band := range bands {
		e := row*bands + int32(band)
		at := &x.first[x.bucket(&x.sketches[row], band)]
		for *at != e {
			at = &x.next[*at]
		}
		*at = x.next[e]
	}
}

// grow lists everything anew in n buckets.
func (x *Sketches[K]) grow(n int) {
	x.first = make([]int32, n)
	for i := range x.first {
		x.first[i] = none
	}
	for _, row := range x.rows {
		x.link(row)
	}
}
