package scoring

import (
	"encoding/json"
	"reflect"
	"testing"
)

func TestFiguresOfTheShippedModelAreRead(t *testing.T) {
	t.Parallel()
	m, err := ReadManifest(shipped(t))
	if err != nil {
		t.Fatal(err)
	}
	f := m.Figures()
	if len(f.Success) < 2 || len(f.Rating) < 2 || len(f.Slices) == 0 || len(f.Rows.Train) == 0 || len(f.Rows.Test) == 0 {
		t.Fatalf("%+v", f)
	}
	auc, ok := f.Success[0].Value["auc"]
	if !ok || !(0.5 < auc.Low && auc.Low <= auc.Value && auc.Value <= auc.High && auc.High < 1) {
		t.Errorf("the AUC of %q is %+v", f.Success[0].Key, auc)
	}
	if c := f.Calibration; c.Brier == nil || c.ECE == nil {
		t.Errorf("%+v", c)
	}
	for _, s := range f.Slices {
		if s.Value.Ideas == 0 || len(s.Value.SuccessAUC) == 0 {
			t.Errorf("slice %q: %+v", s.Key, s.Value)
		}
	}
}

func TestFiguresAreReadAsFarAsTheyAreThere(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, metrics string
		want          Figures
	}{
		{"none", ``, Figures{}},
		{"null", `null`, Figures{}},
		{"a text", `"good"`, Figures{}},
		{"another form", `{"success": [1, 2], "slices": {"short": 3}, "rows": {"train": {"F4": "many"}}}`, Figures{}},
		{"an estimate without an interval", `{"success": {"model": {"auc": [0.6]}}}`, Figures{}},
		{"one part good, one not", `{"success": 3, "rating": {"b": {"auc": [0.7, 0.6, 0.8]}, "a": {}}}`, Figures{
			Rating: Ordered[map[string]Estimate]{{"b", map[string]Estimate{"auc": {0.7, 0.6, 0.8}}}, {"a", map[string]Estimate{}}},
		}},
		{"bins", `{"calibration": {"brier": 0.25, "reliability": [{"n": 9, "mean_probability": 0.2, "observed": 0.3, "low": 0.1, "high": 0.5}]}}`, Figures{
			Calibration: CalibrationFigures{Brier: new(0.25), Reliability: []Bin{{9, 0.2, 0.3, 0.1, 0.5}}},
		}},
	} {
		if got := (&Manifest{Metrics: json.RawMessage(c.metrics)}).Figures(); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: %+v, want %+v", c.name, got, c.want)
		}
	}
}

func FuzzFigures(f *testing.F) {
	f.Add([]byte(`{"success": {"m": {"auc": [0.6, 0.5, 0.7]}}, "rows": {"train": {"F4": 3}}}`))
	f.Add([]byte(`{"slices": {"a": {"ideas": 3}}}`))
	f.Fuzz(func(_ *testing.T, raw []byte) {
		(&Manifest{Metrics: raw}).Figures()
	})
}
