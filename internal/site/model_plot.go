package site

import (
	"math"

	"globalbrain/internal/scoring"
)

// reliabilityPlot shows stated chances against what happened: on the diagonal
// the model means what it says. Lengths are in units of the plot's square, whose
// side is plotSide.
type reliabilityPlot struct {
	Side  float64
	Ticks []plotTick
	Bins  []plotBin
}

// plotTick is a line of the grid, at the same place on both axes.
type plotTick struct {
	At, Down float64 // from the left, and from the top
	Words    string
}

// plotBin is the ideas of like stated chance.
type plotBin struct {
	X, Y, Low, High float64 // from the left, and from the top
	Radius          float64
	Ideas           int
	Stated          string
	Observed        string
	Between         string // the interval of what happened
}

const plotSide = 200.0

// Largest dot of a bin; the others' areas are as their numbers of ideas.
const plotDot = 9.0

// plotOf draws the bins; nil when there are none.
func plotOf(b Base, bins []scoring.Bin) *reliabilityPlot {
	if len(bins) == 0 {
		return nil
	}
	most := 1
	for _, bin := range bins {
		most = max(most, bin.N)
	}
	right := func(share float64) float64 { return plotSide * min(max(share, 0), 1) }
	down := func(share float64) float64 { return plotSide - right(share) }
	plot := &reliabilityPlot{Side: plotSide}
	for _, share := range []float64{0, 0.25, 0.5, 0.75, 1} {
		plot.Ticks = append(plot.Ticks, plotTick{right(share), down(share), b.Percent(share)})
	}
	for _, bin := range bins {
		plot.Bins = append(plot.Bins, plotBin{
			X: right(bin.Stated), Y: down(bin.Observed), Low: down(bin.Low), High: down(bin.High),
			Radius: max(2, plotDot*math.Sqrt(float64(bin.N)/float64(most))), Ideas: bin.N,
			Stated: b.Percent(bin.Stated), Observed: b.Percent(bin.Observed), Between: b.T("model.between", b.Percent(bin.Low), b.Percent(bin.High)),
		})
	}
	return plot
}
