package ranking

// Enough decided ideas, and enough of each kind, for a comparison to mean
// something.
const (
	enoughDecided = 40
	enoughOfEach  = 10
)

// Comparison is how well each way of ranking foretold a closed round's
// decisions, as AUC; a part that abstained everywhere is absent.
type Comparison struct {
	Decided int             `json:"decided"`
	AUC     map[Use]float64 `json:"auc"`
}

// Guard returns the weights to use after a closed round, whose entries carry
// the decision: the same weights, or those of the best part alone when the
// fusion foretold the decisions worse than that part. With too few decisions
// nothing changes.
func Guard(closed Inputs) (Weights, Comparison) {
	w := closed.Weights
	var good []bool
	for _, e := range closed.Entries {
		if e.Decision != "" {
			good = append(good, e.Decision == Chosen)
		}
	}
	chosen := 0
	for _, g := range good {
		if g {
			chosen++
		}
	}
	c := Comparison{Decided: len(good), AUC: map[Use]float64{}}
	if len(good) < enoughDecided || chosen < enoughOfEach || len(good)-chosen < enoughOfEach {
		return w, c
	}
	for _, use := range []Use{Fused, ExpertsOnly, ModelOnly, CrowdOnly} {
		if auc, ok := c.measure(closed, use, good); ok {
			c.AUC[use] = auc
		}
	}
	best := Fused
	for _, use := range []Use{ExpertsOnly, ModelOnly, CrowdOnly} {
		if auc, ok := c.AUC[use]; ok && auc > c.AUC[best] {
			best = use
		}
	}
	w.Use = best
	return w, c
}

// Chosen is the decision that counts as success.
const Chosen = "shortlisted"

func (c Comparison) measure(closed Inputs, use Use, good []bool) (float64, bool) {
	signals := Gather(closed.Entries, Panel(closed.Entries, closed.Weights.Panel), closed.Weights)
	var scores []float64
	spoke := false
	for i, e := range closed.Entries {
		if e.Decision == "" {
			continue
		}
		p := Fuse(signals[i], use)
		spoke = spoke || p.Shares.Base < 1
		scores = append(scores, p.Mean)
	}
	if !spoke {
		return 0, false
	}
	return AUC(scores, good)
}
