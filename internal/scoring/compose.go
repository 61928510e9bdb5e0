package scoring

import "globalbrain/internal/scoring/subword"

// compose returns what the graph reads for four cleaned fields and how many of
// the ids are content:
//
//	[CLS] title [SEP] problem [SEP] solution [SEP] team [SEP]
//
// at most maxTokens ids, with the vocabulary's own special tokens; an empty field
// is its [SEP] alone.
func compose(t subword.Tokenizer, fields []string, maxTokens int) (ids []int64, content int) {
	budget := maxTokens - 1 - len(fields)
	lengths := make([]int, len(fields))
	all := make([]int64, 0, maxTokens)
	for i, text := range fields {
		before := len(all)
		all = t.Append(all, text, budget)
		lengths[i] = len(all) - before
	}
	ids = append(make([]int64, 0, min(len(all)+1+len(fields), maxTokens)), t.Special().CLS)
	for i, share := range fairShares(lengths, budget) {
		ids = append(ids, all[:share]...)
		ids = append(ids, t.Special().SEP)
		all = all[lengths[i]:]
		content += share
	}
	return ids, content
}

// fairShares divides a budget max-min fairly: each gets min(length, level) with
// the level as high as the budget allows, so nobody is cut to make room for a
// longer field. What is left because the level is whole goes one each to the
// earliest that want more.
func fairShares(lengths []int, budget int) []int {
	shares := make([]int, len(lengths))
	for left := budget; left > 0; {
		wanting := 0
		for i, n := range lengths {
			if n > shares[i] {
				wanting++
			}
		}
		if wanting == 0 {
			break
		}
		each := max(1, left/wanting)
		for i, n := range lengths {
			more := min(n-shares[i], each, left)
			shares[i] += more
			left -= more
		}
	}
	return shares
}
