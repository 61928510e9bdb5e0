package ranking

import (
	"cmp"
	"math"
	"slices"
)

// Reason is one part of the sentence that says why an idea stands where it
// stands. Its code is a locale key below "ranking.why."; Points is what the
// part gave or took, in rating points, 0 where none applies.
type Reason struct {
	Code   string  `json:"code"`
	Points float64 `json:"points,omitempty"`
	Count  int     `json:"count,omitempty"`
}

// The codes of reasons.
const (
	ExpertsLift  = "experts_lift"
	ExpertsLower = "experts_lower"
	ExpertsFew   = "experts_few"  // some reviews, but fewer than three
	ExpertsNone  = "experts_none" // not reviewed yet
	ModelLifts   = "model_lifts"
	ModelLowers  = "model_lowers"
	ModelAbsent  = "model_absent"
	CrowdLifts   = "crowd_lifts"
	CrowdLowers  = "crowd_lowers"
	CrowdNone    = "crowd_none"
	Steady       = "steady" // nothing moves it far from the call's average
	Wide         = "wide"   // the rank could well be another
)

// ReasonCodes lists every code, so that a test can hold locales to them.
var ReasonCodes = []string{ExpertsLift, ExpertsLower, ExpertsFew, ExpertsNone, ModelLifts, ModelLowers, ModelAbsent, CrowdLifts, CrowdLowers, CrowdNone, Steady, Wide}

// worthSaying is the least gift, in points, that the sentence mentions.
const worthSaying = 0.05

// explain puts the strongest gifts first, then what is missing.
func explain(r Receipt, e Entry) []Reason {
	var gifts, list []Reason
	say := func(points float64, lift, lower string) {
		switch {
		case points >= worthSaying:
			gifts = append(gifts, Reason{Code: lift, Points: points})
		case points <= -worthSaying:
			gifts = append(gifts, Reason{Code: lower, Points: points})
		}
	}
	say(r.Gift.Experts, ExpertsLift, ExpertsLower)
	say(r.Gift.Model, ModelLifts, ModelLowers)
	say(r.Gift.Crowd, CrowdLifts, CrowdLowers)
	slices.SortStableFunc(gifts, func(a, b Reason) int { return cmp.Compare(math.Abs(b.Points), math.Abs(a.Points)) })
	if list = append(list, gifts...); len(list) == 0 {
		list = append(list, Reason{Code: Steady})
	}
	switch n := len(e.Ratings); {
	case n == 0:
		list = append(list, Reason{Code: ExpertsNone})
	case n < 3:
		list = append(list, Reason{Code: ExpertsFew, Count: n})
	}
	if e.Opinion == nil {
		list = append(list, Reason{Code: ModelAbsent})
	}
	if e.Support+e.Against == 0 {
		list = append(list, Reason{Code: CrowdNone})
	}
	if r.RankHigh-r.RankLow >= max(3, r.Ideas/2) {
		list = append(list, Reason{Code: Wide})
	}
	return list
}
