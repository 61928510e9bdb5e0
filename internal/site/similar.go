package site

import (
	"cmp"
	"net/http"
	"slices"

	"globalbrain/internal/idea"
	"globalbrain/internal/postgres"
	"globalbrain/internal/scoring"
)

// Similar ideas are shown from this cosine on, at most this many. The founder
// judges the likeness; nothing is decided by it, so the line may be rough.
const (
	leastAlike  = 0.6
	mostSimilar = 3
)

// similar lists public ideas of the tenant that say nearly the same as a draft.
func (s *Server) similar(r *http.Request, draft idea.Idea, score scoring.Score) ([]similarLine, error) {
	if len(score.Embedding) == 0 {
		return nil, nil
	}
	known, err := s.Store.Embeddings(r.Context(), s.tenant(r).ID, score.ModelHash)
	if err != nil {
		return nil, err
	}
	type match struct {
		postgres.IdeaEmbedding
		cosine float64
	}
	var matches []match
	for _, k := range known {
		if c := dot(score.Embedding, k.Vector); k.Idea != draft.ID && c >= leastAlike {
			matches = append(matches, match{k, c})
		}
	}
	slices.SortStableFunc(matches, func(a, b match) int { return cmp.Compare(b.cosine, a.cosine) })
	b := s.base(r)
	var lines []similarLine
	for _, m := range matches[:min(len(matches), mostSimilar)] {
		lines = append(lines, similarLine{Title: m.Title, URL: b.URL("/ideas/" + m.Idea.String()), Closeness: b.T("coach.closeness", b.Percent(m.cosine))})
	}
	return lines, nil
}

// dot is the cosine of two vectors of unit length.
func dot(a, b []float32) float64 {
	sum := 0.0
	for i := range min(len(a), len(b)) {
		sum += float64(a[i]) * float64(b[i])
	}
	return sum
}
