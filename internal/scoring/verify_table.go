package scoring

import (
	"fmt"
	"path/filepath"
)

// tableTolerance is how far an output of a table may be from the recorded one:
// the lab and the program add in another order.
const tableTolerance = 1e-5

// verifyTable checks what Verify checks of a graph.
func verifyTable(folder string, note func(name, detail string, err error) bool) {
	f, err := readFallback(folder)
	if !note("table", "can be read", err) {
		return
	}
	n, err := eachLine(filepath.Join(folder, goldenScores), f.checkScore)
	note(goldenScores, fmt.Sprintf("%d lines come out as recorded", n), err)
}

func (f *fallback) checkScore(l scoreLine) error {
	t := Text{Title: l.Idea.Title, Problem: l.Idea.Problem, Solution: l.Idea.Solution, Team: l.Idea.Team}
	a := f.table.Answer(t.cleaned()...)
	if a.Units != l.Units {
		return fmt.Errorf("idea %s is %d words and characters long, recorded is %d", l.Idea.ID, a.Units, l.Units)
	}
	return l.compare(map[string]float64{
		successOutput: a.Outputs[0], "impact": a.Outputs[1], "feasibility": a.Outputs[2], "auditability": a.Outputs[3],
	}, tableTolerance)
}
