package scoring

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
)

// The files of a model folder that hold what it must give for made-up texts.
const (
	goldenIDs    = "golden.jsonl"        // {"text","ids"}
	goldenClean  = "golden_clean.jsonl"  // {"raw","clean"}
	goldenScores = "golden_scores.jsonl" // {"idea","input_ids","output"}
)

// goldenTolerance is how far an output may be from the recorded one: int8
// arithmetic differs a little between processors.
const goldenTolerance = 2e-2

// A Check is one thing that Verify looked at.
type Check struct {
	Name   string
	Detail string // what was found good
	Err    error  // nil: it is good
}

// Verify checks a model folder against itself: the manifest, the sums of all
// files, the graph's inputs and outputs by running it, and that texts are
// cleaned, cut into ids and scored as its golden files say. say is told of each
// check when it ends. The error holds every complaint; what a check stands on
// comes first, so that one broken file is complained of once.
func Verify(folder, library string, say func(Check)) (m *Manifest, err error) {
	var wrong []error
	note := func(name, detail string, err error) bool {
		if err != nil {
			wrong = append(wrong, err)
		}
		say(Check{name, detail, err})
		return err == nil
	}
	m, err = ReadManifest(folder)
	if err != nil {
		note("manifest", "", err)
		return nil, errors.Join(wrong...)
	}
	note("manifest", m.Title()+", sha256 "+m.Hash(), nil)
	if !note("files", fmt.Sprintf("%d files have the sums of the manifest", len(m.Files)), m.Verify(folder)) {
		return m, errors.Join(wrong...)
	}
	if m.Kind == kindNgram {
		verifyTable(folder, note)
		return m, errors.Join(wrong...)
	}
	if m.Kind == kindLaunch {
		closed := verifyLaunch(folder, library, note)
		return m, errors.Join(append(wrong, closed)...)
	}
	if err := enterEnvironment(library); err != nil {
		note("graph", "", err)
		return m, errors.Join(wrong...)
	}
	v, err := loadVersion(folder, CPU)
	if !note("graph", fmt.Sprintf("runs from %v to %v", m.Graph.Inputs, m.Graph.Outputs), err) {
		return m, errors.Join(append(wrong, leaveEnvironment())...)
	}
	for name, check := range v.goldens() {
		if _, listed := m.Files[name]; !listed {
			note(name, "not in this model", nil)
			continue
		}
		n, err := check(filepath.Join(folder, name))
		note(name, fmt.Sprintf("%d lines come out as recorded", n), err)
	}
	return m, errors.Join(append(wrong, v.session.close(), leaveEnvironment())...)
}

// goldens yields the golden files with what checks them, in order.
func (v *version) goldens() func(yield func(string, func(string) (int, error)) bool) {
	return func(yield func(string, func(string) (int, error)) bool) {
		_ = yield(goldenClean, func(path string) (int, error) { return eachLine(path, checkClean) }) &&
			yield(goldenIDs, func(path string) (int, error) { return eachLine(path, v.checkIDs) }) &&
			yield(goldenScores, func(path string) (int, error) { return eachLine(path, v.checkScore) })
	}
}

// eachLine reads a JSON Lines file and returns how many lines check found good,
// and what it says of the first one that is not.
func eachLine[T any](path string, check func(T) error) (n int, err error) {
	f, err := os.Open(path) //nolint:gosec // G304: the operator names the model's folder
	if err != nil {
		return 0, fmt.Errorf("read the golden lines: %w", err)
	}
	defer f.Close() // it was only read
	lines := json.NewDecoder(f)
	for {
		var line T
		err := lines.Decode(&line)
		if errors.Is(err, io.EOF) && n > 0 {
			return n, nil
		}
		if err == nil {
			err = check(line)
		}
		if err != nil {
			return n, fmt.Errorf("%s, line %d: %w", filepath.Base(path), n+1, err)
		}
		n++
	}
}

type cleanLine struct{ Raw, Clean string }

func checkClean(l cleanLine) error {
	if got := Clean(l.Raw); got != l.Clean {
		return fmt.Errorf("%.60q is cleaned to %.60q, the model was trained on %.60q", l.Raw, got, l.Clean)
	}
	return nil
}

type idLine struct {
	Text string
	IDs  []int64
}

func (v *version) checkIDs(l idLine) error {
	if got := v.tokenizer.Append(nil, l.Text, math.MaxInt); !slices.Equal(got, l.IDs) {
		return fmt.Errorf("%.60q becomes other ids than those that the model was trained on", l.Text)
	}
	return nil
}

type scoreLine struct {
	Idea struct{ ID, Title, Problem, Solution, Team string }
	IDs  []int64            `json:"input_ids"`
	Out  map[string]float64 `json:"output"`

	Units int // of a table of n-grams, which has no ids
}

// compare reports the first of the recorded outputs that given is far from.
func (l *scoreLine) compare(given map[string]float64, tolerance float64) error {
	for name, want := range l.Out {
		if got, known := given[name]; !known || !(math.Abs(got-want) <= tolerance) {
			return fmt.Errorf("idea %s: %s is %.6f, recorded is %.6f (they may differ by %g)", l.Idea.ID, name, got, want, tolerance)
		}
	}
	return nil
}

func (v *version) checkScore(l scoreLine) error {
	p := v.ids(Text{Title: l.Idea.Title, Problem: l.Idea.Problem, Solution: l.Idea.Solution, Team: l.Idea.Team})
	if !slices.Equal(p, l.IDs) {
		return fmt.Errorf("idea %s becomes other ids than those that the model was trained on", l.Idea.ID)
	}
	answers, err := v.session.once([][]int64{p})
	if err != nil {
		return err
	}
	a := answers[0]
	chance, _ := v.manifest.chance(float64(a.logit))
	return l.compare(map[string]float64{
		successOutput: float64(a.logit), "probability": chance.Probability,
		"impact": float64(a.criteria[0]), "feasibility": float64(a.criteria[1]), "auditability": float64(a.criteria[2]),
	}, goldenTolerance)
}

// ids are what the graph reads of an idea.
func (v *version) ids(t Text) []int64 {
	fields := make([]string, len(Fields))
	for i := range fields {
		fields[i] = Clean(t.field(i))
	}
	ids, _ := compose(v.tokenizer, fields, v.manifest.Tokenizer.MaxTokens)
	return ids
}
