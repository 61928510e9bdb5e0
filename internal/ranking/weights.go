package ranking

import "globalbrain/internal/review"

// Use says which signals make the order.
type Use string

// What an order may be made of. Fused is the rule; one part alone is used when
// the fusion was worse than that part on the last closed round.
const (
	Fused       Use = "fused"
	ModelOnly   Use = "model"
	ExpertsOnly Use = "experts"
	CrowdOnly   Use = "crowd"
)

// Weights are the numbers of the fusion. Variances are in squared rating
// points: a signal counts by the inverse of its variance.
type Weights struct {
	Use           Use              `json:"use"`
	ModelSlope    float64          `json:"model_slope"`    // points of quality per point of the model's score
	ModelVariance float64          `json:"model_variance"` // of an idea around what the model expects
	BlankVariance float64          `json:"blank_variance"` // of an idea around its call's average, when the model abstains
	AskSlope      float64          `json:"ask_slope"`      // points lost per e-fold that an idea asks above its call's median
	CrowdSlope    float64          `json:"crowd_slope"`    // points per unit of log support above the call's
	CrowdVariance float64          `json:"crowd_variance"` // of quality around what perfectly known support expects
	Panel         review.Variances `json:"panel"`          // of the experts' ratings
}

// DefaultWeights were chosen on a closed public round (Project Catalyst, fund 7,
// with a text model that had not seen the idea it scored) so that the fusion is
// at least as good as its best part with all reviews, with at most two per idea,
// and with none; the next round was kept for the check, see Measured. The crowd's
// numbers cannot be fitted there, since its vote is the outcome: they are set so
// that ten times the usual support moves an unreviewed idea by about half a point
// and an idea with three reviews by less than a quarter.
var DefaultWeights = Weights{
	Use:           Fused,
	ModelSlope:    0.75,
	ModelVariance: 0.9,
	BlankVariance: 1.1,
	AskSlope:      0.25,
	CrowdSlope:    0.5,
	CrowdVariance: 1.0,
	Panel:         review.DefaultVariances,
}
