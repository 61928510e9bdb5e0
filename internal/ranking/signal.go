// Package ranking turns what is known of ideas into an order: it fuses the
// model, the experts and the crowd as a Gaussian posterior, ranks a call's
// ideas with an interval for each rank, and says why each stands where it
// stands. The same inputs give the same order, bit for bit. It does not know
// how signals are gathered or how ranks are stored and shown.
package ranking

import "context"

// Signal is one source's opinion of one idea, in rating points (1..5).
type Signal struct {
	Mean     float64 `json:"mean"`
	Variance float64 `json:"variance"` // how unsure it is, in squared points; above 0 when Known
	Known    bool    `json:"known"`    // false: the source abstains
}

// Text is what the model reads of an idea.
type Text struct {
	ID       string
	Title    string
	Problem  string
	Solution string
	Team     string
	Language string  // BCP 47, or empty to let the model find out
	Goal     float64 // what the idea asks for, in major units of Currency; 0 is unknown
	Currency string
}

// Opinion is what the model says of an idea.
type Opinion struct {
	Model       string  // name and version
	Points      float64 // mean of the three criteria, 1..5
	Probability float64 // of success, 0..1
	Abstained   bool
	Reason      string // why it abstained
}

// NoCriteria is the reason of an opinion that cannot enter a ranking: the model
// gave a chance of success, and a ranking is made of ratings.
const NoCriteria = "no_criteria"

// Scorer gives the model's opinion of each text, in order.
type Scorer interface {
	Score(ctx context.Context, texts []Text) ([]Opinion, error)
}
