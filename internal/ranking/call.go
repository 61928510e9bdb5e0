package ranking

import (
	"cmp"
	"math"
	"slices"

	"globalbrain/internal/review"
)

// Entry is everything that one idea brings to the ranking of its call. It is
// stored with a snapshot, so that the order can be rebuilt from it.
type Entry struct {
	ID       string   `json:"id"`
	Run      string   `json:"run,omitempty"`     // the scoring run that Opinion comes from
	Version  int      `json:"version,omitempty"` // the version of the idea that was scored
	Opinion  *Points  `json:"model,omitempty"`   // nil when the model abstained or never ran
	Reason   string   `json:"reason,omitempty"`  // why the model abstained
	Goal     float64  `json:"goal,omitempty"`    // what is asked, in a unit that the whole call shares; 0 is unknown
	Ratings  []Rating `json:"ratings,omitempty"`
	Support  float64  `json:"support,omitempty"` // votes for
	Against  float64  `json:"against,omitempty"` // votes against, where people may vote against
	Decision string   `json:"decision,omitempty"`
}

// Points is the model's score, in rating points.
type Points struct {
	Mean float64 `json:"mean"`
}

// Rating is one final review of the idea.
type Rating struct {
	Reviewer   string  `json:"reviewer"` // opaque
	Points     float64 `json:"points"`   // 1..5
	Confidence float64 `json:"confidence,omitempty"`
}

// Usual centre of the model's score, and how many ideas it is worth when a
// call's own average is estimated.
const (
	usualPoints = 3.5
	usualWeight = 5
)

// Panel aggregates the ratings of all entries.
func Panel(entries []Entry, v review.Variances) review.Panel {
	var all []review.Rating
	for _, e := range entries {
		for _, r := range e.Ratings {
			all = append(all, review.Rating{Idea: e.ID, Reviewer: r.Reviewer, Points: r.Points, Confidence: r.Confidence})
		}
	}
	return review.Aggregate(all, v)
}

// Gather turns the entries of one call into signals on one scale, in the order
// of the entries. The panel may have seen other calls too. The experts' scale
// is the common one: the model is moved to it by the mean distance of the two
// where both spoke.
func Gather(entries []Entry, panel review.Panel, w Weights) []Signals {
	entries, restore := sorted(entries)
	list := make([]Signals, len(entries))
	centre := modelCentre(entries)
	asked := medianAsk(entries)
	for i, e := range entries {
		if est, ok := panel.Estimates[e.ID]; ok {
			list[i].Experts = Signal{Mean: est.EvidenceMean, Variance: est.EvidenceVariance, Known: true}
		}
		if e.Opinion != nil {
			mean := centre + w.ModelSlope*(e.Opinion.Mean-centre)
			if e.Goal > 0 && asked > 0 {
				mean -= w.AskSlope * bounded(math.Log(e.Goal/asked), 3)
			}
			list[i].Model = Signal{Mean: mean, Variance: w.ModelVariance, Known: true}
		}
	}
	level := toExperts(list, centre)
	crowd := crowdSignals(entries, level, w)
	for i := range list {
		list[i].Base = Signal{Mean: level, Variance: w.BlankVariance, Known: true}
		list[i].Crowd = crowd[i]
	}
	return restore(list)
}

// toExperts moves the model's signals to the experts' scale and returns the
// call's level on it. The distance is believed by n/(n+10).
func toExperts(list []Signals, centre float64) float64 {
	distance, n := 0.0, 0.0
	for _, s := range list {
		if s.Experts.Known {
			from := centre
			if s.Model.Known {
				from = s.Model.Mean
			}
			distance += s.Experts.Mean - from
			n++
		}
	}
	if n == 0 {
		return centre
	}
	move := distance / n * n / (n + 10)
	for i := range list {
		if list[i].Model.Known {
			list[i].Model.Mean += move
		}
	}
	return centre + move
}

func modelCentre(entries []Entry) float64 {
	sum, n := usualPoints*usualWeight, float64(usualWeight)
	for _, e := range entries {
		if e.Opinion != nil {
			sum += e.Opinion.Mean
			n++
		}
	}
	return sum / n
}

func medianAsk(entries []Entry) float64 {
	var goals []float64
	for _, e := range entries {
		if e.Goal > 0 {
			goals = append(goals, e.Goal)
		}
	}
	if len(goals) < 3 {
		return 0 // too few to say what is usual
	}
	slices.Sort(goals)
	return goals[len(goals)/2]
}

// crowdSignals compare each idea's support with its call's. With votes against,
// the measure is the log odds of support; without, the log of the count. Both
// are pulled to the call's average as if half a typical idea's votes, at most
// 20, had been cast at the average. Without any vote in the call nobody spoke.
func crowdSignals(entries []Entry, level float64, w Weights) []Signal {
	list := make([]Signal, len(entries))
	yes, no := 0.0, 0.0
	for _, e := range entries {
		yes += e.Support
		no += e.Against
	}
	if yes+no == 0 || len(entries) < 2 {
		return list
	}
	typical := (yes + no) / float64(len(entries))
	prior := min(max(typical/2, 1), 20)
	for i, e := range entries {
		var logged, variance float64
		if no > 0 {
			share := min(max(yes/(yes+no), 0.01), 0.99)
			p := (e.Support + prior*share) / (e.Support + e.Against + prior)
			logged = math.Log(p/(1-p)) - math.Log(share/(1-share))
			variance = 1 / ((e.Support + e.Against + prior) * p * (1 - p))
		} else {
			logged = math.Log((e.Support + prior) / (typical + prior))
			variance = 1 / (e.Support + prior)
		}
		list[i] = Signal{
			Mean:     level + w.CrowdSlope*bounded(logged, 4),
			Variance: w.CrowdVariance + w.CrowdSlope*w.CrowdSlope*variance,
			Known:    true,
		}
	}
	return list
}

func bounded(x, limit float64) float64 { return max(-limit, min(limit, x)) }

// sorted returns the entries by id, so that sums come out the same whatever the
// order they came in, and a function that puts results back into that order.
func sorted(entries []Entry) ([]Entry, func([]Signals) []Signals) {
	order := make([]int, len(entries))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(entries[a].ID, entries[b].ID) })
	list := make([]Entry, len(entries))
	for to, from := range order {
		list[to] = entries[from]
	}
	return list, func(in []Signals) []Signals {
		out := make([]Signals, len(in))
		for to, from := range order {
			out[from] = in[to]
		}
		return out
	}
}
