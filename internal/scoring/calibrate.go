package scoring

import (
	"errors"
	"math"
)

// The criteria's scale.
const (
	lowestRating  = 1
	highestRating = 5
)

var errNotFinite = errors.New("the graph's answer is not a finite number")

// calibrate turns the graph's raw answer into what was observed on held-out
// ideas: Platt scaling for success, a line for each criterion, and
// split-conformal intervals around them. criteria is nil when the graph has none.
// certain is false when every interval spans nearly its whole scale; of an
// uncalibrated model that says nothing, and certain is true.
func (m *Manifest) calibrate(a answer) (success Chance, criteria *Criteria, certain bool, err error) {
	success, spread := m.chance(float64(a.logit))
	if math.IsNaN(success.Probability) {
		return success, nil, false, errNotFinite
	}
	widest := m.Abstain.MaxIntervalShare
	certain = spread < widest || !m.calibrated()
	if !m.gives(criteriaOutput) {
		return success, nil, certain, nil
	}
	criteria = new(Criteria)
	for i, c := range []struct {
		line  Line
		width Width
		to    *Rating
	}{
		{m.Calibration.Impact, m.Conformal.Impact, &criteria.Impact},
		{m.Calibration.Feasibility, m.Conformal.Feasibility, &criteria.Feasibility},
		{m.Calibration.Auditability, m.Conformal.Auditability, &criteria.Auditability},
	} {
		*c.to, spread = rating(float64(a.criteria[i]), c.line, c.width)
		certain = certain || spread < widest
		if math.IsNaN(c.to.Mean) {
			err = errNotFinite
		}
		if !m.calibrated() {
			c.to.Low, c.to.High = lowestRating, highestRating
		}
	}
	return success, criteria, certain, err
}

// chance also returns which share of 0..1 the interval spans.
func (m *Manifest) chance(logit float64) (Chance, float64) {
	z := logit/m.Calibration.Success.Temperature + m.Calibration.Success.Intercept
	radius := m.Conformal.Success.Radius
	c := Chance{Probability: sigmoid(z), Low: sigmoid(z - radius), High: sigmoid(z + radius)}
	if !m.calibrated() {
		c.Low, c.High = 0, 1
	}
	return c, c.High - c.Low
}

// rating also returns which share of 1..5 the interval spans.
func rating(raw float64, line Line, width Width) (Rating, float64) {
	clamp := func(x float64) float64 { return min(max(x, lowestRating), highestRating) }
	mean := clamp(line.Slope*raw + line.Intercept)
	r := Rating{Mean: mean, Low: clamp(mean - width.Radius), High: clamp(mean + width.Radius)}
	return r, (r.High - r.Low) / (highestRating - lowestRating)
}

func sigmoid(z float64) float64 { return 1 / (1 + math.Exp(-z)) }
