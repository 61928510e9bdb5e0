package ranking_test

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"globalbrain/internal/ranking"
)

func drawSignal(t *rapid.T, name string, mayAbstain bool) ranking.Signal {
	return ranking.Signal{
		Mean:     rapid.Float64Range(1, 5).Draw(t, name),
		Variance: rapid.Float64Range(0.01, 4).Draw(t, name+" variance"),
		Known:    !mayAbstain || rapid.Bool().Draw(t, name+" known"),
	}
}

func drawSignals(t *rapid.T) ranking.Signals {
	return ranking.Signals{
		Model: drawSignal(t, "model", true), Experts: drawSignal(t, "experts", true),
		Crowd: drawSignal(t, "crowd", true), Base: drawSignal(t, "base", false),
	}
}

func TestFusionIsTheTextbookPosterior(t *testing.T) {
	t.Parallel()
	p := ranking.Fuse(ranking.Signals{
		Model:   ranking.Signal{Mean: 3, Variance: 1, Known: true},
		Experts: ranking.Signal{Mean: 4, Variance: 0.25, Known: true},
		Crowd:   ranking.Signal{Mean: 5, Variance: 1, Known: true},
		Base:    ranking.Signal{Mean: 1, Variance: 1, Known: true},
	}, ranking.Fused)
	if math.Abs(p.Mean-4) > 1e-12 || math.Abs(p.Deviation-math.Sqrt(1.0/6)) > 1e-12 {
		t.Errorf("got %v ± %v, want 4 ± %v", p.Mean, p.Deviation, math.Sqrt(1.0/6))
	}
	if p.Shares.Base != 0 {
		t.Error("the base counts although the model spoke")
	}
}

func TestFusionNeverLeavesTheRangeOfItsSignals(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := drawSignals(t)
		p := ranking.Fuse(s, ranking.Fused)
		low, high := 5.0, 1.0
		for _, one := range []ranking.Signal{s.Model, s.Experts, s.Crowd} {
			if one.Known {
				low, high = min(low, one.Mean), max(high, one.Mean)
			}
		}
		if !s.Model.Known {
			low, high = min(low, s.Base.Mean), max(high, s.Base.Mean)
		}
		if p.Mean < low-1e-9 || p.Mean > high+1e-9 {
			t.Fatalf("%v is outside %v..%v", p.Mean, low, high)
		}
		if sum := p.Shares.Model + p.Shares.Experts + p.Shares.Crowd + p.Shares.Base; math.Abs(sum-1) > 1e-9 {
			t.Fatalf("shares add up to %v", sum)
		}
		g := p.Gifts(s)
		if math.Abs(s.Base.Mean+g.Model+g.Experts+g.Crowd-p.Mean) > 1e-9 {
			t.Fatalf("base and gifts %+v do not add up to %v", g, p.Mean)
		}
	})
}

func TestEveryPartIsMonotone(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := drawSignals(t)
		more := rapid.Float64Range(0, 2).Draw(t, "more")
		before := ranking.Fuse(s, ranking.Fused).Mean
		for _, part := range []*ranking.Signal{&s.Model, &s.Experts, &s.Crowd, &s.Base} {
			part.Mean += more
			if after := ranking.Fuse(s, ranking.Fused).Mean; after < before-1e-12 {
				t.Fatalf("a better part took the mean from %v to %v", before, after)
			}
			part.Mean -= more
		}
	})
}

func TestMoreEvidenceIsNeverLessSure(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := drawSignals(t)
		without := s
		without.Experts.Known = false
		s.Experts.Known = true
		if a, b := ranking.Fuse(without, ranking.Fused), ranking.Fuse(s, ranking.Fused); b.Deviation >= a.Deviation {
			t.Fatalf("reviews took the deviation from %v to %v", a.Deviation, b.Deviation)
		}
	})
}

func TestOnePartAloneIgnoresTheOthers(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := drawSignals(t)
		s.Experts.Known = true
		p := ranking.Fuse(s, ranking.ExpertsOnly)
		s.Model.Mean, s.Crowd.Mean = 9, 9
		if q := ranking.Fuse(s, ranking.ExpertsOnly); p != q {
			t.Fatalf("experts alone moved from %v to %v with the model and the crowd", p, q)
		}
	})
}
