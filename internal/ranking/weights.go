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

// DefaultWeights were chosen on a public round with known outcome and then
// checked, unchanged, on the next one; the page on how ranking works shows the
// figures. The crowd's numbers cannot be fitted there, since its vote is the
// outcome: they are set so that strong support moves an unreviewed idea by
// about half a point and an idea with three reviews by about a quarter.
var DefaultWeights = Weights{
	Use:           Fused,
	ModelSlope:    0.5,
	ModelVariance: 0.6,
	BlankVariance: 0.8,
	AskSlope:      0.25,
	CrowdSlope:    0.5,
	CrowdVariance: 1.0,
	Panel:         review.DefaultVariances,
}
