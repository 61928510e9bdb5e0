package similar

import (
	"bytes"
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"
	"time"
)

// The bar of the design: 100,000 embeddings of 384 dimensions in 40 ms.
const (
	manyIdeas  = 100_000
	dimensions = 384
	bar        = 40e6 // nanoseconds
)

// direction draws an embedding.
func direction(r *rand.Rand, size int) []float32 {
	x, sum := make([]float32, size), 0.0
	for i := range x {
		x[i] = float32(r.NormFloat64())
		sum += float64(x[i]) * float64(x[i])
	}
	for i := range x {
		x[i] /= float32(math.Sqrt(sum))
	}
	return x
}

// BenchmarkSearch searches 100,000 embeddings on one core, and beside it reads
// as many bytes in the quickest way that Go has, which is what the memory allows.
func BenchmarkSearch(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 2))
	before := heap()
	x := NewIndex[[16]byte]()
	for n := range manyIdeas {
		if err := x.Put([16]byte{byte(n), byte(n >> 8), byte(n >> 16)}, direction(r, dimensions)); err != nil {
			b.Fatal(err)
		}
	}
	held := float64(heap()-before) / manyIdeas
	query := direction(r, dimensions)
	plain := make([]byte, manyIdeas*dimensions)
	fastest := dotRows
	for _, kernel := range []struct {
		name string
		dot  func(out []int32, codes []int8, query []int16, width int)
	}{{"this processor", fastest}, {"portable Go", dotRowsGo}} {
		b.Run(kernel.name, func(b *testing.B) {
			dotRows = kernel.dot
			defer func() { dotRows = fastest }()
			var read time.Duration
			b.SetBytes(manyIdeas * dimensions)
			for b.Loop() {
				b.StopTimer()
				start := time.Now()
				if bytes.IndexByte(plain, 1) >= 0 {
					b.Fatal("a one among zeros")
				}
				read += time.Since(start)
				b.StartTimer()
				if len(x.Search(query, 10)) != 10 {
					b.Fatal("not ten")
				}
			}
			each := float64(b.Elapsed().Nanoseconds()) / float64(b.N)
			b.ReportMetric(each/bar, "of_the_bar")
			b.ReportMetric(float64(b.Elapsed())/float64(read), "x_plain_read")
			b.ReportMetric(held, "B/idea")
		})
	}
}

// BenchmarkSketchOf reads a text of the usual length and one of the longest.
func BenchmarkSketchOf(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, n := range []int{100, 3000} {
		text := strings.Join(words(r, n), " ")
		b.Run(fmt.Sprint(n, " words"), func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				SketchOf(ShinglesOf(text))
			}
		})
	}
}

// BenchmarkSketches searches 100,000 texts for a copy.
func BenchmarkSketches(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 2))
	before := heap()
	x := NewSketches[[16]byte]()
	var s Sketch
	for n := range manyIdeas {
		for i := range s {
			s[i] = r.Uint32()
		}
		x.Put([16]byte{byte(n), byte(n >> 8), byte(n >> 16)}, s)
	}
	held := float64(heap()-before) / manyIdeas
	for b.Loop() {
		if len(x.Search(&s, 3, 0.5)) != 1 {
			b.Fatal("the last one is lost")
		}
	}
	b.ReportMetric(held, "B/idea")
}

func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
