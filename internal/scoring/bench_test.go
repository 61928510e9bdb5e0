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

func BenchmarkScoreAll(b *testing.B) {
	s := scorer(b)
	texts := make([]Text, 64)
	for i := range texts {
		texts[i] = draft
		texts[i].Solution = strings.Repeat(draft.Solution+" ", 1+i%4)
	}
	for b.Loop() {
		if _, err := s.ScoreAll(b.Context(), texts); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N*len(texts))/b.Elapsed().Seconds(), "ideas/s")
}
