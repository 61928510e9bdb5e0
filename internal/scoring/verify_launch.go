package scoring

import (
	"encoding/json"
	"fmt"
	"math"
	"path/filepath"
	"slices"

	"globalbrain/internal/scoring/launch"
)

// goldenLaunches holds made-up campaigns as the lab read them, and what its own
// ONNX Runtime said.
const goldenLaunches = "golden_launch.jsonl"

// launchTolerance is how far a feature, relative to its size, or a chance may be
// from the recorded one.
const launchTolerance = 1e-5

type launchLine struct {
	Title    string
	Blurb    string
	Launch   json.RawMessage
	TitleIDs []int64 `json:"title_ids"`
	BlurbIDs []int64 `json:"blurb_ids"`
	Features []*float64
	Category int64
	Main     int64
	Output   map[string]Chance
}

// verifyLaunch checks what Verify checks of a graph that reads ideas.
func verifyLaunch(folder, library string, note func(name, detail string, err error) bool) error {
	l, err := OpenLauncher(filepath.Dir(folder), filepath.Base(folder), library)
	if !note("graph", fmt.Sprintf("runs from %v to %v", launchInputs, launchOutputs), err) {
		return nil
	}
	n, err := eachLine(filepath.Join(folder, goldenLaunches), l.checkLine)
	note(goldenLaunches, fmt.Sprintf("%d lines come out as recorded", n), err)
	return l.Close()
}

func (l *Launcher) checkLine(want launchLine) error {
	plan, err := launch.Parse(want.Launch)
	if err != nil {
		return fmt.Errorf("%q: %w", want.Title, err)
	}
	got := l.row(Clean(endMarks.ReplaceAllString(want.Title, "")), Clean(want.Blurb), plan)
	if !slices.Equal(got.title, want.TitleIDs) || !slices.Equal(got.blurb, want.BlurbIDs) {
		return fmt.Errorf("%q becomes other ids than those that the model was trained on", want.Title)
	}
	if got.category != want.Category || got.main != want.Main || len(got.plan) != len(want.Features) {
		return fmt.Errorf("%q: categories %d and %d and %d features, recorded are %d and %d and %d",
			want.Title, got.category, got.main, len(got.plan), want.Category, want.Main, len(want.Features))
	}
	for i, recorded := range want.Features {
		x, y := float64(got.plan[i]), math.NaN()
		if recorded != nil {
			y = *recorded
		}
		if math.IsNaN(x) != math.IsNaN(y) || math.Abs(x-y) > launchTolerance*max(1, math.Abs(y)) {
			return fmt.Errorf("%q: %s is %g, recorded is %g", want.Title, launch.Features[i], x, y)
		}
	}
	logits, err := l.run(got)
	if err != nil {
		return err
	}
	for i, head := range launchHeads {
		chance, recorded := *l.chance(logits, i), want.Output[head]
		off := max(math.Abs(chance.Probability-recorded.Probability), math.Abs(chance.Low-recorded.Low), math.Abs(chance.High-recorded.High))
		if !(off <= launchTolerance) {
			return fmt.Errorf("%q: %s is %+v, recorded is %+v", want.Title, head, chance, recorded)
		}
	}
	return nil
}
