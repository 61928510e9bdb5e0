package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"text/tabwriter"
	"time"
)

const benchCompareUsage = `globalbrain bench compare [-python P] [-rounds R]

Prints one table: the model's rate beside other ways to run the same model on the
same ideas with as many threads, and the other bars of serving.

Rates are from text to scores. All ways are taken in turns, in rounds, and
medians are shown; each ratio is the median over the rounds too, so that what
else the machine does falls on all alike. The Python ways, which are in
models/lab/ideaslab/serving.py, try each setting that makes sense and keep their
fastest, which is named. Where the lab's Python is absent the table says so.

`

// A contender is one way to score the ideas: round does it once and returns how
// many seconds it took.
type contender struct {
	name  string
	note  string
	least float64 // of our rate over its rate; 0: no bar
	round func() (seconds float64, err error)
	took  []float64
}

// rivals are the ways that the lab has, with our bars. The last shows how much
// of the first is owed to the session's settings alone.
var rivals = []contender{
	{name: "onnxruntime", note: "Python, onnxruntime + tokenizers", least: 1.2},
	{name: "transformers", note: "Transformers on PyTorch, float32", least: 3},
	{name: "tuned", note: "Python as above, with our session settings"},
}

func runBenchCompare(ctx context.Context, args []string, c console) (err error) {
	b := newBenchmark("compare", benchCompareUsage, c.stderr)
	size := b.sizes(benchSize{ideas: 32, rounds: 15, calls: 400, swaps: 50})
	var l lab
	b.flags.StringVar(&l.python, "python", "", "the lab's Python; empty: only what needs no Python")
	b.flags.StringVar(&l.module, "lab", "models/lab", "the lab's folder")
	if err := b.parse(args, &size.ideas, &size.rounds, &size.calls, &size.swaps); err != nil {
		return err
	}
	line, err := b.measure(ctx, *size)
	if err != nil {
		return err
	}
	contenders, absent, err := b.race(ctx, l, *size)
	if err != nil {
		return err
	}
	return printComparison(c.stdout, line, contenders, absent)
}

// race takes all contenders in turns, us first; absent are the rivals that could
// not start, each with its reason.
func (b *benchmark) race(ctx context.Context, l lab, size benchSize) (all []*contender, absent []contender, err error) {
	s, err := b.open()
	if err != nil {
		return nil, nil, err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	texts := benchTexts(size.ideas)
	ready, err := s.Ready(ctx, texts)
	if err != nil {
		return nil, nil, err
	}
	defer ready.Close()
	all = []*contender{
		{note: "this program", round: timed(func() error { _, err := s.ScoreAll(ctx, texts); return err })},
		{note: "bare ONNX Runtime, tensors laid out beforehand", least: 0.95, round: timed(ready.Run)},
	}
	for _, way := range rivals {
		r, err := l.start(ctx, way.name, b.folder(), s.Threads(), texts)
		if err != nil {
			way.note += ": " + err.Error()
			absent = append(absent, way)
			continue
		}
		defer func() { err = errors.Join(err, r.stop()) }()
		way.note += " (" + r.setting + ")"
		way.round = r.round
		all = append(all, &way)
	}
	for round := range size.rounds + 1 {
		for i := range all {
			c := all[(i+round)%len(all)]
			if len(all) > 2 { // threads of the one before may still spin, waiting for more
				time.Sleep(rest)
			}
			seconds, err := c.round()
			if err != nil {
				return nil, nil, fmt.Errorf("%s: %w", c.note, err)
			}
			if round > 0 { // the first warms up
				c.took = append(c.took, seconds)
			}
		}
	}
	return all, absent, nil
}

// rest is longer than the threads of ONNX Runtime and of OpenMP spin.
const rest = 250 * time.Millisecond

func timed(do func() error) func() (float64, error) {
	return func() (float64, error) {
		began := time.Now()
		err := do()
		return time.Since(began).Seconds(), err
	}
}

func printComparison(w io.Writer, line benchLine, contenders []*contender, absent []contender) error {
	_, _ = fmt.Fprintf(w, "%s on %s, %d threads; %d ideas of %.0f tokens on average\n\n", line.Model, line.Device, line.Threads, line.Ideas, line.Tokens)
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintf(table, "ideas/s\tours is\tbar\t\tscored by\n")
	us := contenders[0]
	for _, c := range contenders {
		ratio := medianRatio(c.took, us.took)
		_, _ = fmt.Fprintf(table, "%.0f\t%.2fx\t%s\t%s\n", float64(line.Ideas)/quantile(c.took, 0.5), ratio, verdict(ratio, c.least, false), c.note)
	}
	for _, c := range absent {
		_, _ = fmt.Fprintf(table, "-\t-\t%s\t%s\n", "not measured\t", c.note)
	}
	if err := table.Flush(); err != nil {
		return err
	}
	_, _ = fmt.Fprintf(w, "\n")
	_, _ = fmt.Fprintf(table, "measured\tbar\t\twhat\n")
	for _, m := range line.bars() {
		_, _ = fmt.Fprintf(table, "%.3g%s\t%s\t%s\n", m.value, m.unit, verdict(m.value, m.bar, m.most), m.what)
	}
	return table.Flush()
}

// verdict is two cells: the bar, and whether it is met.
func verdict(value, bar float64, most bool) string {
	if bar == 0 {
		return "\t"
	}
	sign, met := ">=", value >= bar
	if most {
		sign, met = "<=", value <= bar
	}
	return fmt.Sprintf("%s %g\t%s", sign, bar, map[bool]string{true: "met", false: "MISSED"}[met])
}

// measured is a figure beside its bar; 0: no bar.
type measured struct {
	value float64
	unit  string
	bar   float64
	most  bool // the bar is an upper one
	what  string
}

func (b *benchLine) bars() []measured {
	return []measured{
		{b.CPURatio, "", 0.95, false, "processor time of bare ONNX Runtime over ours"},
		{b.Prepare, "", 0.05, true, "cleaning, language and tokens, over the graph, processor time"},
		{b.P99 / b.IdleP99, "", 3, true, fmt.Sprintf("p99 at %.0f %% load, %.1f ms, over the p99 of one idle call at a time, %.1f ms", 100*benchLoad, b.P99, b.IdleP99)},
		{b.P99 / b.Idle, "", 0, true, fmt.Sprintf("the same over the median idle call, %.1f ms; lanes that cost nothing would have %.3g", b.Idle, b.LanesP99/b.Idle)},
		{b.Coach, " ms", 150, true, "p95 of the coach's advice on one draft"},
		{b.SwapsRSS, "", 1.1, true, fmt.Sprintf("memory after %d hot swaps over before, %.0f MB", b.Swaps, b.RSS)},
	}
}
