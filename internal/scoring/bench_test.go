package scoring

import (
	"strings"
	"testing"
)

func BenchmarkTokenizer(b *testing.B) {
	tokenizer := shippedTokenizer(b)
	text := strings.Repeat(draft.Solution+" ", 3) // about 110 tokens
	ids := tokenizer.Append(nil, text, 1<<30)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		ids = tokenizer.Append(ids[:0], text, 1<<30)
	}
	b.ReportMetric(float64(len(ids)), "tokens/op")
}

func BenchmarkPrepare(b *testing.B) {
	s := scorer(b)
	v, err := s.use()
	if err != nil {
		b.Fatal(err)
	}
	defer v.uses.Done()
	b.ReportAllocs()
	for b.Loop() {
		v.prepare(draft)
	}
}

func BenchmarkScore(b *testing.B) {
	s := scorer(b)
	for b.Loop() {
		if _, err := s.Score(b.Context(), draft); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkCoach(b *testing.B) {
	s := scorer(b)
	for b.Loop() {
		if _, err := s.Coach(b.Context(), draft); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkScoreAll and BenchmarkReady do the same runs: their difference is
// what this package costs.
func BenchmarkScoreAll(b *testing.B) {
	s := scorer(b)
	texts := manyDrafts(64)
	for b.Loop() {
		if _, err := s.ScoreAll(b.Context(), texts); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N*len(texts))/b.Elapsed().Seconds(), "ideas/s")
}

func BenchmarkReady(b *testing.B) {
	texts := manyDrafts(64)
	ready, err := scorer(b).Ready(b.Context(), texts)
	if err != nil {
		b.Fatal(err)
	}
	defer ready.Close()
	for b.Loop() {
		if err := ready.Run(); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N*len(texts))/b.Elapsed().Seconds(), "ideas/s")
}

// manyDrafts are of four lengths.
func manyDrafts(n int) []Text {
	texts := make([]Text, n)
	for i := range texts {
		texts[i] = draft
		texts[i].Solution = strings.Repeat(draft.Solution+" ", 1+i%4)
	}
	return texts
}
