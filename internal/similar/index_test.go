package similar

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"pgregory.net/rapid"
)

// exact is the search over the embeddings as they came.
func exact(all map[int][]float32, query []float32) []Hit[int] {
	var hits []Hit[int]
	for key, x := range all {
		sum := 0.0
		for i := range x {
			sum += float64(x[i]) * float64(query[i])
		}
		hits = append(hits, Hit[int]{key, sum})
	}
	slices.SortFunc(hits, func(a, b Hit[int]) int { return cmp.Compare(b.Near, a.Near) })
	return hits
}

// off is the bound that quantise states for two unit vectors.
func off(x, y []float32) float64 {
	half := func(v []float32) float64 {
		return float64(quantise(make([]int8, len(v)), v)) * math.Sqrt(float64(len(v))) / 2
	}
	return half(x) + half(y) + half(x)*half(y) + 1e-6 // and float32 is not exact itself
}

func drawUnit(t *rapid.T, size int, name string) []float32 {
	r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, name), 1))
	x := direction(r, size)
	if rapid.Bool().Draw(t, name+" along an axis") { // the worst to quantise: one large part, many small ones
		clear(x)
		x[r.IntN(size)] = 1
	}
	return x
}

func TestASearchFindsWhatTheExactSearchFindsUpToTheStatedError(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		size, n, k := rapid.IntRange(1, 400).Draw(t, "dimensions"), rapid.IntRange(0, 40).Draw(t, "embeddings"), rapid.IntRange(1, 12).Draw(t, "k")
		all, x := map[int][]float32{}, NewIndex[int]()
		for key := range n {
			all[key] = drawUnit(t, size, "embedding")
			if err := x.Put(key, all[key]); err != nil {
				t.Fatal(err)
			}
		}
		query := drawUnit(t, size, "query")
		hits := x.Search(query, k)
		want := exact(all, query)
		if len(hits) != min(k, n) {
			t.Fatalf("%d hits of %d, want %d", len(hits), n, k)
		}
		found := map[int]bool{}
		for i, h := range hits {
			found[h.Key] = true
			at := slices.IndexFunc(want, func(w Hit[int]) bool { return w.Key == h.Key })
			if worst := off(all[h.Key], query); math.Abs(h.Near-want[at].Near) > worst {
				t.Errorf("the cosine of %d is %g instead of %g: more than %g off", h.Key, h.Near, want[at].Near, worst)
			}
			if i > 0 && h.Near > hits[i-1].Near {
				t.Error("the nearest is not first")
			}
		}
		for _, w := range want {
			if last := len(hits) - 1; !found[w.Key] && w.Near-off(all[w.Key], query) > hits[last].Near {
				t.Errorf("%d at %g was passed over for one at %g", w.Key, w.Near, hits[last].Near)
			}
		}
	})
}

func TestTheUsualErrorIsFarBelowTheBound(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(3, 4))
	x, query := NewIndex[int](), direction(r, dimensions)
	all := map[int][]float32{}
	for key := range 500 {
		all[key] = direction(r, dimensions)
		if err := x.Put(key, all[key]); err != nil {
			t.Fatal(err)
		}
	}
	hits := x.Search(query, 500)
	sum := 0.0
	for _, w := range exact(all, query) {
		at := slices.IndexFunc(hits, func(h Hit[int]) bool { return h.Key == w.Key })
		miss := hits[at].Near - w.Near
		sum += miss * miss
	}
	if usual := math.Sqrt(sum / 500); usual > 0.001 {
		t.Errorf("a cosine is usually %g off", usual)
	}
}

// The index is compared with a plain map after every change.
func TestAnIndexHoldsWhatWasPutAndNotRemoved(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		x, all := NewIndex[int](), map[int][]float32{}
		t.Repeat(map[string]func(*rapid.T){
			"put": func(t *rapid.T) {
				key := rapid.IntRange(0, 9).Draw(t, "key")
				all[key] = drawUnit(t, 7, "embedding")
				if err := x.Put(key, all[key]); err != nil {
					t.Fatal(err)
				}
			},
			"remove": func(t *rapid.T) {
				key := rapid.IntRange(0, 9).Draw(t, "key")
				delete(all, key)
				x.Remove(key)
			},
			"": func(t *rapid.T) {
				if x.Len() != len(all) {
					t.Fatalf("%d embeddings, want %d", x.Len(), len(all))
				}
				for key, e := range all {
					hits := x.Search(e, len(all))
					at := slices.IndexFunc(hits, func(h Hit[int]) bool { return h.Key == key })
					if at < 0 || math.Abs(hits[at].Near-1) > off(e, e) {
						t.Fatalf("%d does not find itself: %v", key, hits)
					}
				}
			},
		})
	})
}

func TestAnEmbeddingThatDoesNotBelongIsRefused(t *testing.T) {
	t.Parallel()
	x := NewIndex[string]()
	for name, c := range map[string][]float32{
		"none":          nil,
		"too many":      make([]float32, maxWidth+1),
		"not a number":  {1, float32(math.NaN())},
		"infinite":      {float32(math.Inf(-1)), 0},
		"another model": {1, 0, 0},
	} {
		if name == "another model" {
			if err := x.Put("first", []float32{0, 1}); err != nil {
				t.Fatal(err)
			}
		}
		if err := x.Put(name, c); err == nil {
			t.Errorf("%s: it is taken", name)
		}
		if hits := x.Search(c, 3); hits != nil {
			t.Errorf("%s: it finds %v", name, hits)
		}
	}
	if x.Len() != 1 {
		t.Errorf("%d embeddings are kept", x.Len())
	}
	if err := x.Put("nothing", []float32{0, 0}); err != nil {
		t.Error(err)
	}
}

// Readers see each embedding whole, as it was before a change or after it.
func TestSearchesAndChangesGoOnAtOnce(t *testing.T) {
	t.Parallel()
	x := NewIndex[int]()
	at := func(key int, along float32) []float32 { return []float32{along, float32(key) / 1000, 0} }
	for key := range 300 {
		if err := x.Put(key, at(key, 0.5)); err != nil {
			t.Fatal(err)
		}
	}
	var work sync.WaitGroup
	for w := range 3 {
		work.Go(func() {
			for n := range 300 {
				key := (n*7 + w*100) % 300
				if n%3 == w {
					x.Remove(key)
				}
				if err := x.Put(key, at(key, []float32{0.5, -0.5}[n%2])); err != nil {
					t.Error(err)
				}
			}
		})
		work.Go(func() {
			for range 200 {
				hits := x.Search([]float32{1, 0, 0}, 5)
				for _, h := range hits {
					if math.Abs(math.Abs(h.Near)-0.5) > 0.01 {
						t.Errorf("half an embedding: %v", h)
					}
				}
			}
		})
	}
	work.Wait()
	if x.Len() != 300 {
		t.Errorf("%d embeddings are left", x.Len())
	}
}
