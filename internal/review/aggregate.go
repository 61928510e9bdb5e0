package review

import (
	"cmp"
	"math"
	"slices"
)

// Rating is one reviewer's view of one idea, in rating points (1..5).
type Rating struct {
	Idea       string
	Reviewer   string
	Points     float64
	Confidence float64 // 1..5; 0 means not said and counts as 3
}

// Variances are the variance components of the rating model, in squared points.
type Variances struct {
	Item     float64 `json:"item"`     // between ideas
	Reviewer float64 `json:"reviewer"` // between reviewers: how lenient or strict they are
	Noise    float64 `json:"noise"`    // what remains of one rating at confidence 3
}

// DefaultVariances are what two closed public rounds with known outcome
// suggested: ideas and ratings differ much, reviewers' leniency little. A
// larger Reviewer variance corrects more and ranked worse in both rounds.
var DefaultVariances = Variances{Item: 1.0, Reviewer: 0.02, Noise: 0.8}

// What the mean of all ideas is thought to be before any rating, and how surely.
const (
	usualMean         = 3.5
	usualMeanVariance = 1.0
)

// noisePrior is how many observations the default noise is worth when the noise
// of the ratings at hand is estimated.
const noisePrior = 30

// Estimate is the panel's judgement of one idea.
type Estimate struct {
	Mean      float64 // posterior mean, in rating points
	Deviation float64 // posterior standard deviation
	Ratings   int     // how many there were

	// What the ratings alone say, with the pull to the average taken out again:
	// the evidence that fusion adds to another prior.
	EvidenceMean     float64
	EvidenceVariance float64
}

// Panel is the debiased result of many ratings.
type Panel struct {
	Estimates map[string]Estimate // by idea
	Offsets   map[string]float64  // by reviewer; positive is lenient. Never shown to reviewers.
	Mean      float64             // the average idea, in rating points
	Variances Variances           // with the noise as estimated
	Agreement Agreement
}

// Aggregate fits rating = idea + reviewer + noise, where ideas and reviewers
// are Gaussian around their means (ridge), so that an idea with few ratings is
// pulled to the average and a reviewer's offset is believed only when much
// supports it. It returns the exact posterior of every idea, given the estimated
// mean of all ideas: the mixed-model equations of Henderson (1950), with the
// ideas eliminated and the reviewers' Schur complement solved by Cholesky; the
// work grows with the cube of the number of reviewers. The order of the ratings does not matter, to the last bit.
func Aggregate(ratings []Rating, v Variances) Panel {
	ratings = slices.Clone(ratings)
	slices.SortFunc(ratings, func(a, b Rating) int {
		return cmp.Or(cmp.Compare(a.Idea, b.Idea), cmp.Compare(a.Reviewer, b.Reviewer), cmp.Compare(a.Points, b.Points), cmp.Compare(a.Confidence, b.Confidence))
	})
	p := Panel{Estimates: map[string]Estimate{}, Offsets: map[string]float64{}, Variances: v}
	if len(ratings) == 0 {
		return p
	}
	p.Variances.Noise = noise(ratings, v.Noise)
	p.Agreement = agreementOf(ratings)
	reviewers := map[string]int{}
	var names []string
	for _, r := range ratings {
		if _, known := reviewers[r.Reviewer]; !known {
			reviewers[r.Reviewer] = len(names)
			names = append(names, r.Reviewer)
		}
	}
	rows := eliminate(ratings, reviewers, p.Variances)
	s, rhs := schur(rows, len(names), p.Variances)
	chol := factor(s)
	x := chol.solve(rhs)
	grand := len(names) // the column of the mean of all ideas
	p.Mean = x[grand]
	inverse := chol.leading(grand).invert() // from here on the mean is taken as known
	for i, name := range names {
		p.Offsets[name] = x[i]
	}
	for _, row := range rows {
		p.Estimates[row.idea] = row.estimate(x, inverse, p.Mean, p.Variances.Item)
	}
	return p
}

// row is one idea's equation: diagonal d, right side b, and its couplings to
// reviewers and to the mean of all ideas.
type row struct {
	idea   string
	d, b   float64
	cols   []int
	coefs  []float64
	points []float64
	n      int
}

// precision of one rating: a rating at confidence 1 counts 0.6, at 5 counts 1.4.
func (r Rating) precision(noise float64) float64 {
	c := r.Confidence
	if c == 0 {
		c = 3
	}
	return (0.4 + 0.2*c) / noise
}

func eliminate(ratings []Rating, reviewers map[string]int, v Variances) []row {
	var rows []row
	for i, r := range ratings {
		if i == 0 || r.Idea != ratings[i-1].Idea {
			rows = append(rows, row{idea: r.Idea, d: 1 / v.Item, cols: []int{len(reviewers)}, coefs: []float64{-1 / v.Item}, points: []float64{0}})
		}
		at := &rows[len(rows)-1]
		w := r.precision(v.Noise)
		at.d += w
		at.b += w * r.Points
		at.n++
		at.cols = append(at.cols, reviewers[r.Reviewer])
		at.coefs = append(at.coefs, w)
		at.points = append(at.points, r.Points)
	}
	return rows
}

// schur eliminates the ideas from the equations; what is left are the reviewers
// and, last, the mean of all ideas.
func schur(rows []row, reviewers int, v Variances) (matrix, []float64) {
	s, rhs := newMatrix(reviewers+1), make([]float64, reviewers+1)
	for i := range reviewers {
		s.add(i, i, 1/v.Reviewer)
	}
	s.add(reviewers, reviewers, 1/usualMeanVariance)
	rhs[reviewers] = usualMean / usualMeanVariance
	for _, row := range rows {
		s.add(reviewers, reviewers, 1/v.Item)
		for k, col := range row.cols {
			if k > 0 { // a reviewer's own precision and right side
				s.add(col, col, row.coefs[k])
				rhs[col] += row.coefs[k] * row.points[k]
			}
			rhs[col] -= row.coefs[k] * row.b / row.d
			for l, other := range row.cols {
				s.add(col, other, -row.coefs[k]*row.coefs[l]/row.d)
			}
		}
	}
	return s, rhs
}

func (r row) estimate(x []float64, inverse matrix, mean, item float64) Estimate {
	sum, spread := r.b, 0.0
	for k, col := range r.cols {
		sum -= r.coefs[k] * x[col]
	}
	reviewers, coefs := r.cols[1:], r.coefs[1:] // without the mean of all ideas
	for k, col := range reviewers {
		for l, other := range reviewers {
			spread += coefs[k] * coefs[l] * inverse.at(col, other)
		}
	}
	e := Estimate{Mean: sum / r.d, Ratings: r.n}
	variance := 1/r.d + spread/(r.d*r.d)
	e.Deviation = math.Sqrt(variance)
	// The posterior is prior times evidence; dividing the prior out leaves the evidence.
	precision := 1/variance - 1/item
	e.EvidenceVariance = 1 / precision
	e.EvidenceMean = (e.Mean/variance - mean/item) / precision
	return e
}

// noise estimates the variance of one rating around its idea's mean, pulled to
// the default where there is little to go by.
func noise(ratings []Rating, usual float64) float64 {
	squares, free := noisePrior*usual, float64(noisePrior)
	for _, group := range byIdea(ratings) {
		mean := meanOf(group)
		for _, r := range group {
			squares += (r.Points - mean) * (r.Points - mean)
		}
		free += float64(len(group) - 1)
	}
	return squares / free
}

// byIdea cuts sorted ratings into one slice per idea.
func byIdea(ratings []Rating) [][]Rating {
	var groups [][]Rating
	start := 0
	for i := 1; i <= len(ratings); i++ {
		if i == len(ratings) || ratings[i].Idea != ratings[start].Idea {
			groups = append(groups, ratings[start:i])
			start = i
		}
	}
	return groups
}

func meanOf(group []Rating) float64 {
	sum := 0.0
	for _, r := range group {
		sum += r.Points
	}
	return sum / float64(len(group))
}
