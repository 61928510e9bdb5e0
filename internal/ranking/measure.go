package ranking

import (
	"cmp"
	"math"
	"slices"
)

// AUC is the chance that a good item scores above a bad one, ties counting half
// (Mann-Whitney). ok is false when one kind is missing.
func AUC(scores []float64, good []bool) (auc float64, ok bool) {
	order := make([]int, len(scores))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(scores[a], scores[b]) })
	sum, hits := 0.0, 0.0
	for i := 0; i < len(order); {
		j := i
		for j < len(order) && scores[order[j]] == scores[order[i]] {
			j++
		}
		rank := float64(i+1+j) / 2 // the mean rank of the tied
		for _, at := range order[i:j] {
			if good[at] {
				sum += rank
				hits++
			}
		}
		i = j
	}
	misses := float64(len(scores)) - hits
	if hits == 0 || misses == 0 {
		return 0, false
	}
	return (sum - hits*(hits+1)/2) / (hits * misses), true
}

// NDCG is the normalised discounted cumulative gain of the first k by score
// (Järvelin and Kekäläinen 2002, gains not exponentiated). ok is false when no
// item has a gain.
func NDCG(scores, gains []float64, k int) (ndcg float64, ok bool) {
	order := make([]int, len(scores))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(scores[b], scores[a]) })
	best := slices.Clone(gains)
	slices.SortFunc(best, func(a, b float64) int { return cmp.Compare(b, a) })
	got, ideal := 0.0, 0.0
	for i := range min(k, len(order)) {
		discount := math.Log2(float64(i + 2))
		got += gains[order[i]] / discount
		ideal += best[i] / discount
	}
	if ideal <= 0 {
		return 0, false
	}
	return got / ideal, true
}
