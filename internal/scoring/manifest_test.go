package scoring

import (
	"bytes"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestTheShippedModelIsWhatItsManifestSays(t *testing.T) {
	t.Parallel()
	m, err := ReadManifest(shipped(t))
	if err != nil {
		t.Fatal(err)
	}
	if err := m.Verify(shipped(t)); err != nil {
		t.Error(err)
	}
	if n := m.Nearness; n.Related <= 0 || n.Close <= n.Related || n.Close >= 1 {
		t.Errorf("what its cosines mean has not been measured: %+v", n)
	}
}

func TestAManifestThatThisProgramCannotServeIsRefused(t *testing.T) {
	t.Parallel()
	good, err := os.ReadFile(filepath.Join(shipped(t), manifestName))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		edit func(*Manifest)
		says string
	}{
		{"another schema", func(m *Manifest) { m.Schema = 2 }, "schema 2"},
		{"another graph", func(m *Manifest) { m.Graph.Outputs = []string{"logits"} }, "graph outputs"},
		{"other fields", func(m *Manifest) { m.Fields = []string{"body"} }, "fields"},
		{"another tokenizer", func(m *Manifest) { m.Tokenizer.Type = "bpe" }, "wordpiece"},
		{"no room for content", func(m *Manifest) { m.Tokenizer.MaxTokens = 5 }, "max_tokens"},
		{"a temperature of zero", func(m *Manifest) { m.Calibration.Success.Temperature = 0 }, "temperature"},
		{"a graph without a sum", func(m *Manifest) { delete(m.Files, graphName) }, graphName},
		{"a file outside the folder", func(m *Manifest) { m.Files["../x"] = File{} }, "outside"},
		{"a nearness that is the wrong way round", func(m *Manifest) { m.Nearness = Nearness{Related: 0.9, Close: 0.5} }, "nearness"},
		{"no languages", func(m *Manifest) { m.Languages = nil }, "languages"},
	} {
		var m Manifest
		if err := json.Unmarshal(good, &m); err != nil {
			t.Fatal(err)
		}
		c.edit(&m)
		folder := t.TempDir()
		var content bytes.Buffer
		if err := json.NewEncoder(&content).Encode(m); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(folder, manifestName), content.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := ReadManifest(folder); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: got %v, want it to say %q", c.name, err, c.says)
		}
	}
}

func TestCalibration(t *testing.T) {
	t.Parallel()
	m := &Manifest{Graph: Graph{Outputs: graphOutputs}, Conformal: Conformal{Level: 0.8}}
	m.Calibration.Success.Temperature, m.Calibration.Success.Intercept = 2, 0.5
	m.Calibration.Impact = Line{Slope: 2, Intercept: 1}
	m.Calibration.Feasibility = Line{Slope: 1}
	m.Conformal.Success.Radius = 1
	m.Conformal.Impact.Radius, m.Conformal.Feasibility.Radius, m.Conformal.Auditability.Radius = 0.5, 1, 4
	m.Abstain.MaxIntervalShare = 0.95
	success, criteria, certain, err := m.calibrate(answer{logit: 3, criteria: [3]float32{1, 4.5, 3}})
	if err != nil || !certain {
		t.Errorf("certain %t, %v", certain, err)
	}
	if want := (Chance{sigmoid(2), sigmoid(1), sigmoid(3)}); success != want {
		t.Errorf("success %v, want %v", success, want)
	}
	if want := (Criteria{Rating{3, 2.5, 3.5}, Rating{4.5, 3.5, 5}, Rating{1, 1, 5}}); *criteria != want {
		t.Errorf("criteria %v, want %v", criteria, want)
	}
	m.Conformal.Success.Radius, m.Conformal.Impact.Radius, m.Conformal.Feasibility.Radius = 9, 4, 4
	if _, _, certain, _ := m.calibrate(answer{criteria: [3]float32{3, 3, 3}}); certain {
		t.Error("every interval spans its scale, and the model is certain")
	}
	if _, _, _, err := m.calibrate(answer{logit: float32(math.NaN())}); err == nil {
		t.Error("a graph that answers NaN was believed")
	}
}
