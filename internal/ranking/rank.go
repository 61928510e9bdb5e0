package ranking

import (
	"cmp"
	"math/rand/v2"
	"slices"

	"globalbrain/internal/review"
)

// Receipt says where one idea stands in its call and what put it there.
type Receipt struct {
	ID        string    `json:"id"`
	Rank      int       `json:"rank"`      // 1 is first
	RankLow   int       `json:"rank_low"`  // the better end of the rank's 80 % interval
	RankHigh  int       `json:"rank_high"` // the worse end
	Ideas     int       `json:"ideas"`     // how many are ranked
	Posterior Posterior `json:"posterior"`
	Signals   Signals   `json:"signals"`
	Gift      Gift      `json:"gift"`
	Ratings   int       `json:"ratings"`             // final reviews
	Support   float64   `json:"support"`             // votes for
	Abstained string    `json:"abstained,omitempty"` // why the model said nothing
	Reasons   []Reason  `json:"reasons"`
}

// Inputs are everything that an order depends on. A snapshot stores them.
type Inputs struct {
	Call    string  `json:"call"`
	Seed    uint64  `json:"seed"` // of the rank intervals
	Weights Weights `json:"weights"`
	Entries []Entry `json:"entries"`
}

// Build ranks the ideas of one call. It is a pure function of the inputs; the
// order of entries and ratings does not matter.
func Build(in Inputs) []Receipt {
	return Order(in, Panel(in.Entries, in.Weights.Panel))
}

// Order is Build with a panel that may have seen more than this call.
func Order(in Inputs, panel review.Panel) []Receipt {
	signals := Gather(in.Entries, panel, in.Weights)
	list := make([]Receipt, len(in.Entries))
	for i, e := range in.Entries {
		p := Fuse(signals[i], in.Weights.Use)
		list[i] = Receipt{ID: e.ID, Ideas: len(in.Entries), Posterior: p, Signals: signals[i], Gift: p.Gifts(signals[i])}
	}
	slices.SortFunc(list, func(a, b Receipt) int {
		return cmp.Or(
			cmp.Compare(b.Posterior.Mean, a.Posterior.Mean),
			cmp.Compare(a.Posterior.Deviation, b.Posterior.Deviation), // of equals, the surer first
			cmp.Compare(a.ID, b.ID),
		)
	})
	for i := range list {
		list[i].Rank = i + 1
	}
	intervals(list, in.Seed)
	entries := map[string]Entry{}
	for _, e := range in.Entries {
		entries[e.ID] = e
	}
	for i := range list {
		e := entries[list[i].ID]
		list[i].Ratings, list[i].Support, list[i].Abstained = len(e.Ratings), e.Support, e.Reason
		list[i].Reasons = explain(list[i], e)
	}
	return list
}

// draws is how many orders are drawn from the posteriors to find how far each
// rank could move: enough for an interval that holds to about one rank in
// fifty, and quick for a call of a thousand.
const draws = 400

// intervals gives each receipt the middle 80 % of the ranks that it takes when
// every idea's quality is drawn from its posterior. PCG with a seed draws the
// same numbers on every machine.
func intervals(list []Receipt, seed uint64) {
	random := rand.New(rand.NewPCG(seed, 0)) //nolint:gosec // G404: the draw must be repeatable, not secret
	type drawn struct {
		at      int
		quality float64
	}
	ranks := make([][]int, len(list))
	sample := make([]drawn, len(list))
	for range draws {
		for i, r := range list {
			sample[i] = drawn{i, r.Posterior.Mean + r.Posterior.Deviation*random.NormFloat64()}
		}
		slices.SortFunc(sample, func(a, b drawn) int {
			return cmp.Or(cmp.Compare(b.quality, a.quality), cmp.Compare(a.at, b.at))
		})
		for rank, d := range sample {
			ranks[d.at] = append(ranks[d.at], rank+1)
		}
	}
	for i := range list {
		slices.Sort(ranks[i])
		list[i].RankLow = min(ranks[i][draws/10], list[i].Rank)
		list[i].RankHigh = max(ranks[i][draws-1-draws/10], list[i].Rank)
	}
}
