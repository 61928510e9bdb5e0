package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"globalbrain/internal/scoring"
)

const scoreUsage = `globalbrain score -in F -out F

Scores ideas with the model. Files hold one JSON object a line; "-" is standard
input or output.

  in   {"id","title","problem","solution","team","language"?,"goal"?,"launch"?,"blurb"?};
       other keys may be there and are not read
  out  {"id","model","language","success":{"probability","low","high"},
        "criteria":{"impact":{"mean","low","high"},"feasibility":{...},"auditability":{...}},
        "abstained","reason","embedding"?}, in the order of the input; where the
       model abstains, success and criteria are null and reason says why

An idea with launch, even {}, is a campaign. Its success is the chance by its text
alone (title and blurb, or problem and solution), told by the launch model, and
"launch" shows three chances apart, each {"probability","low","high"} or null:
  "launch":{"model","text","metadata","both","reason","missing":[...],"ignored"?}
metadata is by the plan alone, both by text and plan; missing is what the plan does
not state, and the usual value stands in for it. Every key of launch is optional:
  {"goal":{"amount","currency"},"duration_days","category","main_category",
   "media":{"video","extra_videos","images"},"words","team":{"collaborators"},
   "rewards":{"count","lowest","median","highest"} or [amounts],
   "delivery_days","ships_worldwide","country","start"}
Goal may also be the idea's own; without a currency amounts are US dollars;
delivery_days count from the campaign's end; ships_worldwide is the share of rewards
that do. The columns of public tables of campaigns (mainCategory, numPerks,
totWordCount, startDate ...) are read too, and a line with blurb and without launch
is such a row itself. Numbers may be strings; absurd ones count as the largest that
is usual; a key of a wrong kind makes the line one that cannot be used.

A line that cannot be used, or is longer than 4 MiB, is answered by
{"id","line","error"}, with the line's number for an id where it has none; the
rest is scored and the exit status is 1.

`

// modelFlags choose the model of a command that runs it by itself.
type modelFlags struct {
	models, model, library, device string
	fallback                       string
	threads, runTokens             int
}

func (m *modelFlags) define(flags *flag.FlagSet, env func(string) string) {
	flags.StringVar(&m.models, "models", env("GLOBALBRAIN_MODELS"), "the folder of models; empty: beside the program")
	flags.StringVar(&m.model, "model", scoring.DefaultModel, "the model's folder in it")
	flags.StringVar(&m.fallback, "fallback", "", "the folder of the model for languages that the model does not know; empty: "+scoring.DefaultFallback+", if it is there; "+scoring.NoFallback+": none")
	flags.StringVar(&m.library, "onnxruntime", env("GLOBALBRAIN_ONNXRUNTIME"), "ONNX Runtime's shared library; empty: beside the program, then the cache")
	flags.StringVar(&m.device, "device", cmp.Or(env("GLOBALBRAIN_DEVICE"), string(scoring.CPU)), "cpu, or cuda with a library that has it")
	flags.IntVar(&m.threads, "threads", 0, "runs side by side, each on one core; 0: as many as there are cores")
	flags.IntVar(&m.runTokens, "run-tokens", 0, "tokens of one run of the graph at most, padding included; 0: what suits the device")
}

// folder is the model's, once open has found it.
func (m *modelFlags) folder() string { return filepath.Join(m.models, m.model) }

// open finds and loads the model.
func (m *modelFlags) open() (*scoring.Scorer, error) {
	program, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("find this program: %w", err)
	}
	if real, err := filepath.EvalSymlinks(program); err == nil {
		program = real
	}
	if m.models, err = scoring.FindModels(m.models, program); err != nil {
		return nil, err
	}
	cache, _ := os.UserCacheDir() // without a home there is no cache to look into
	if m.library, err = scoring.FindRuntime(m.library, program, cache); err != nil {
		return nil, err
	}
	return scoring.Open(scoring.Options{Models: m.models, Model: m.model, Fallback: m.fallback, Library: m.library, Device: scoring.Device(m.device), Threads: m.threads, RunTokens: m.runTokens})
}

type scoreOptions struct {
	modelFlags
	in, out   string
	launch    string
	embedding bool
}

// runScore scores ideas from JSON Lines: see "globalbrain score -h".
func runScore(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	var o scoreOptions
	flags := flag.NewFlagSet("score", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.StringVar(&o.in, "in", "-", "the ideas")
	flags.StringVar(&o.out, "out", "-", "where the scores go")
	flags.StringVar(&o.launch, "launch-model", scoring.DefaultLaunchModel, "the folder of the model for lines with a launch")
	flags.BoolVar(&o.embedding, "embedding", false, "write each idea's embedding too")
	o.define(flags, os.Getenv)
	flags.Usage = func() {
		_, _ = io.WriteString(stderr, scoreUsage)
		flags.PrintDefaults()
	}
	switch err := flags.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		return 0
	case err != nil:
		return 2
	case flags.NArg() > 0:
		_, _ = fmt.Fprintf(stderr, "globalbrain score: unexpected %q; \"globalbrain score -h\" explains\n", flags.Arg(0))
		return 2
	}
	tally, err := o.score(ctx, stdin, stdout, stderr)
	switch {
	case err != nil:
		_, _ = fmt.Fprintf(stderr, "globalbrain score: %v (%d ideas were answered)\n", err, tally.answered)
		return 1
	case tally.bad > 0:
		_, _ = fmt.Fprintf(stderr, "globalbrain score: %d of %d lines could not be used\n", tally.bad, tally.answered)
		return 1
	}
	return 0
}

// score opens what the options name and streams from one to the other.
func (o *scoreOptions) score(ctx context.Context, stdin io.Reader, stdout, stderr io.Writer) (tally scoreTally, err error) {
	in, err := openInput(o.in, stdin)
	if err != nil {
		return tally, err
	}
	defer func() { _ = in.Close() }() // it was only read
	if sameFile(o.in, o.out) {
		return tally, fmt.Errorf("%s is both in and out", o.in)
	}
	scorer, err := o.open()
	if err != nil {
		return tally, err
	}
	defer func() { err = errors.Join(err, scorer.Close()) }()
	launcher, err := openLauncher(o.models, o.launch, o.library)
	if err != nil {
		return tally, err
	}
	if launcher != nil {
		defer func() { err = errors.Join(err, launcher.Close()) }()
	}
	out, err := create(o.out, stdout)
	if err != nil {
		return tally, err
	}
	s := scoreStream{scorer: scorer, launcher: launcher, embedding: o.embedding, tally: &tally}
	s.progress, _ = terminal(stderr)
	err = s.run(ctx, in, out)
	if closed := out.Close(); err == nil && closed != nil {
		err = fmt.Errorf("write %s: %w", o.out, closed)
	}
	return tally, err
}

func sameFile(a, b string) bool {
	x, err := os.Stat(a)
	if err != nil {
		return false
	}
	y, err := os.Stat(b)
	return err == nil && x.Mode().IsRegular() && os.SameFile(x, y)
}

// terminal returns w if a person watches it.
func terminal(w io.Writer) (io.Writer, bool) {
	file, ok := w.(*os.File)
	if !ok {
		return nil, false
	}
	about, err := file.Stat()
	if err != nil || about.Mode()&os.ModeCharDevice == 0 {
		return nil, false
	}
	return file, true
}
