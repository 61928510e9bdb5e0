package picture_test

import (
	"math"
	"strings"
	"testing"

	"globalbrain/internal/picture"
)

// simpleTerm counts brightness and nothing else.
func simpleTerm() *picture.Term {
	t := &picture.Term{Features: picture.FeatureNames[:], Shown: 0.25}
	for i, name := range picture.FeatureNames {
		t.Scale[i] = 1
		if name == "brightness" {
			t.Mean[i], t.Scale[i], t.Weights[i] = 0.5, 0.1, 2
		}
	}
	return t
}

func TestPicturesAddToALogitWhatTheTermSays(t *testing.T) {
	t.Parallel()
	bright, dark := picture.Measures{Width: 4, Height: 3, Brightness: 0.7}, picture.Measures{Width: 4, Height: 3, Brightness: 0.4}
	var none *picture.Term
	for name, c := range map[string]struct {
		term     *picture.Term
		pictures []picture.Measures
		want     float64
	}{
		"no term":     {none, []picture.Measures{bright}, 0},
		"no picture":  {simpleTerm(), nil, 0},
		"one":         {simpleTerm(), []picture.Measures{bright}, 0.25 + 2*2},
		"two on mean": {simpleTerm(), []picture.Measures{bright, dark}, 0.25 + 2*0.5},
	} {
		if got := c.term.Logit(c.pictures); math.Abs(got-c.want) > 1e-9 {
			t.Errorf("%s: %g, want %g", name, got, c.want)
		}
	}
}

func TestATermOfOtherFeaturesIsRefused(t *testing.T) {
	t.Parallel()
	other, flat := simpleTerm(), simpleTerm()
	other.Features = []string{"brightness"}
	flat.Scale[3] = 0
	for says, term := range map[string]*picture.Term{"need [": other, "scale 0": flat} {
		if err := term.Check(); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%v", err)
		}
	}
	if err := simpleTerm().Check(); err != nil {
		t.Error(err)
	}
}

func TestMeasuresThatNoPictureHasAreRefused(t *testing.T) {
	t.Parallel()
	good := picture.Measures{Width: 4, Height: 3}
	if err := good.Check(); err != nil {
		t.Error(err)
	}
	for name, m := range map[string]picture.Measures{
		"no size":   {},
		"too light": {Width: 4, Height: 3, Brightness: 1.5},
		"below 0":   {Width: 4, Height: 3, Sharpness: -2},
		"no number": {Width: 4, Height: 3, Entropy: math.NaN()},
	} {
		if err := m.Check(); err == nil {
			t.Errorf("%s is taken", name)
		}
	}
}
