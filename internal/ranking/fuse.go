package ranking

import "math"

// Signals are the three opinions of one idea, and the average that stands in
// for the model where it abstains.
type Signals struct {
	Model   Signal `json:"model"`
	Experts Signal `json:"experts"`
	Crowd   Signal `json:"crowd"`
	Base    Signal `json:"base"` // always known; used only when the model abstains
}

// Shares say how much each signal gave to a posterior; they add up to 1.
type Shares struct {
	Model   float64 `json:"model"`
	Experts float64 `json:"experts"`
	Crowd   float64 `json:"crowd"`
	Base    float64 `json:"base"`
}

// Posterior is what is believed of an idea after all signals.
type Posterior struct {
	Mean      float64 `json:"mean"`      // rating points
	Deviation float64 `json:"deviation"` // rating points
	Shares    Shares  `json:"shares"`
}

// Fuse returns the posterior mean and standard deviation, in rating points, of
// an idea whose prior is the model's opinion (or the base, when the model
// abstains) and whose evidence is the experts' and the crowd's. All are
// Gaussian, so precisions add and the mean is the precision-weighted mean: it
// never leaves the range of the signals, and more evidence never makes it less
// sure.
func Fuse(s Signals, use Use) Posterior {
	prior := s.Base
	var model, base, experts, crowd float64
	if s.Model.Known && use != ExpertsOnly && use != CrowdOnly {
		prior, model = s.Model, 1/s.Model.Variance
	} else {
		base = 1 / s.Base.Variance
	}
	if s.Experts.Known && (use == Fused || use == ExpertsOnly) {
		experts = 1 / s.Experts.Variance
	}
	if s.Crowd.Known && (use == Fused || use == CrowdOnly) {
		crowd = 1 / s.Crowd.Variance
	}
	total := model + base + experts + crowd
	mean := ((model+base)*prior.Mean + experts*s.Experts.Mean + crowd*s.Crowd.Mean) / total
	return Posterior{
		Mean:      mean,
		Deviation: math.Sqrt(1 / total),
		Shares:    Shares{Model: model / total, Base: base / total, Experts: experts / total, Crowd: crowd / total},
	}
}

// Gift is what each signal gave to the posterior's distance from the base, in
// points: share times (signal - base). The gifts and the base add up to the mean.
type Gift struct {
	Model   float64 `json:"model"`
	Experts float64 `json:"experts"`
	Crowd   float64 `json:"crowd"`
}

// Gifts splits the posterior's mean into what each signal gave.
func (p Posterior) Gifts(s Signals) Gift {
	var g Gift
	if p.Shares.Model > 0 {
		g.Model = p.Shares.Model * (s.Model.Mean - s.Base.Mean)
	}
	if p.Shares.Experts > 0 {
		g.Experts = p.Shares.Experts * (s.Experts.Mean - s.Base.Mean)
	}
	if p.Shares.Crowd > 0 {
		g.Crowd = p.Shares.Crowd * (s.Crowd.Mean - s.Base.Mean)
	}
	return g
}
