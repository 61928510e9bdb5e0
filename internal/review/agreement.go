package review

// Agreement says how far reviewers agree: the intraclass correlation of a
// one-way random model (Shrout and Fleiss 1979, ICC(1)), with the mean group
// size for unequal groups.
type Agreement struct {
	Single  float64 `json:"single"`  // of one rating, at most 1; 0 is chance, below 0 is worse than chance
	Average float64 `json:"average"` // of an idea's mean of as many ratings as ideas have here
	Ideas   int     `json:"ideas"`   // ideas with at least one rating
	Ratings int     `json:"ratings"`
	Known   bool    `json:"known"` // false with fewer than two ideas or no idea with two ratings
}

// agreementOf takes ratings sorted by idea.
func agreementOf(ratings []Rating) Agreement {
	groups := byIdea(ratings)
	a := Agreement{Ideas: len(groups), Ratings: len(ratings)}
	n, ideas := float64(len(ratings)), float64(len(groups))
	if len(groups) < 2 || len(ratings) == len(groups) {
		return a
	}
	grand := meanOf(ratings)
	between, within, squares := 0.0, 0.0, 0.0
	for _, group := range groups {
		mean, size := meanOf(group), float64(len(group))
		between += size * (mean - grand) * (mean - grand)
		squares += size * size
		for _, r := range group {
			within += (r.Points - mean) * (r.Points - mean)
		}
	}
	size := (n - squares/n) / (ideas - 1)
	between /= ideas - 1
	within /= n - ideas
	if total := between + (size-1)*within; total > 0 {
		a.Single, a.Known = (between-within)/total, true
	}
	if between > 0 {
		a.Average = (between - within) / between
	}
	return a
}
