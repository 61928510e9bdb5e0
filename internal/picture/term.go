package picture

import (
	"errors"
	"fmt"
	"slices"
)

// A Term is what pictures add to a logit: a line over the mean of an idea's
// features, learned by models/lab/ideaslab/launch_pictures.py from data that has
// pictures. A model that was trained without has none, and pictures change
// nothing then.
type Term struct {
	Features []string                   `json:"features"` // FeatureNames, as the lab had them
	Mean     [len(FeatureNames)]float64 `json:"mean"`
	Scale    [len(FeatureNames)]float64 `json:"scale"`
	Weights  [len(FeatureNames)]float64 `json:"weights"` // of (feature - mean) / scale
	Shown    float64                    `json:"shown"`   // added where there is a picture at all
}

// Logit returns what pictures add; 0 where there are none, or no term.
func (t *Term) Logit(pictures []Measures) float64 {
	if t == nil || len(pictures) == 0 {
		return 0
	}
	sum := t.Shown
	for i, value := range MeanFeatures(pictures) {
		sum += t.Weights[i] * (value - t.Mean[i]) / t.Scale[i]
	}
	return sum
}

// Check returns what is wrong with a term; no term is good.
func (t *Term) Check() error {
	switch {
	case t == nil:
		return nil
	case !slices.Equal(t.Features, FeatureNames[:]):
		return fmt.Errorf("features of pictures %v; need %v", t.Features, FeatureNames)
	}
	for i, scale := range t.Scale {
		if scale <= 0 {
			return fmt.Errorf("features of pictures: scale %g of %s; need more than 0", scale, FeatureNames[i])
		}
	}
	return nil
}

// Check returns what is wrong with measures that somebody else states.
func (m Measures) Check() error {
	if m.Width <= 0 || m.Height <= 0 {
		return errors.New("width and height must be more than 0")
	}
	for _, v := range []struct {
		name      string
		got, most float64
	}{
		{"sharpness", m.Sharpness, 16 * 255 * 255}, {"brightness", m.Brightness, 1}, {"contrast", m.Contrast, 0.5}, {"colourfulness", m.Colourfulness, 600},
		{"saturation", m.Saturation, 1}, {"entropy", m.Entropy, 8}, {"flat", m.Flat, 1},
	} {
		if !(v.got >= 0 && v.got <= v.most+1e-9) { // false for what is no number too
			return fmt.Errorf("%s is %g; it lies between 0 and %g", v.name, v.got, v.most)
		}
	}
	return nil
}
