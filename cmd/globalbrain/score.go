package main

import (
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

  in   {"id","title","problem","solution","team","language"?}; goal, launch and
       other keys may be there and are not read
  out  {"id","model","language","success":{"probability","low","high"},
        "criteria":{"impact":{"mean","low","high"},"feasibility":{...},"auditability":{...}},
        "abstained","reason","embedding"?}, in the order of the input; where the
       model abstains, success and criteria are null and reason says why

A line that cannot be used, or is longer than 4 MiB, is answered by
{"id","line","error"}, with the line's number for an id where it has none; the
rest is scored and the exit status is 1.

`

// modelFlags choose the model of a command that runs it by itself.
type modelFlags struct {
	models, model, library, device string
	threads, runTokens             int
}

func (m *modelFlags) define(flags *flag.FlagSet, env func(string) string) {
	flags.StringVar(&m.models, "models", env("GLOBALBRAIN_MODELS"), "the folder of models; empty: beside the program")
	flags.StringVar(&m.model, "model", scoring.DefaultModel, "the model's folder in it")
	flags.StringVar(&m.library, "onnxruntime", env("GLOBALBRAIN_ONNXRUNTIME"), "ONNX Runtime's shared library; empty: beside the program, then the cache")
	flags.StringVar(&m.device, "device", string(scoring.CPU), "cpu, or cuda with a library that has it")
	flags.IntVar(&m.threads, "threads", 0, "runs side by side, each on one core; 0: as many as there are cores")
	flags.IntVar(&m.runTokens, "run-tokens", 0, "tokens of one run of the graph at most, padding included; 0: what suits the device")
}

// open finds and loads the model.
func (m *modelFlags) open() (*scoring.Scorer, error) {
	program, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("find this program: %w", err)
	}
	if real, err := filepath.EvalSymlinks(program); err == nil {
		program = real
	}
	models, err := scoring.FindModels(m.models, program)
	if err != nil {
		return nil, err
	}
	cache, _ := os.UserCacheDir() // without a home there is no cache to look into
	library, err := scoring.FindRuntime(m.library, program, cache)
	if err != nil {
		return nil, err
	}
	return scoring.Open(scoring.Options{Models: models, Model: m.model, Library: library, Device: scoring.Device(m.device), Threads: m.threads, RunTokens: m.runTokens})
}

type scoreOptions struct {
	modelFlags
	in, out   string
	embedding bool
}

// runScore scores ideas from JSON Lines: see "globalbrain score -h".
func runScore(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	var o scoreOptions
	flags := flag.NewFlagSet("score", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.StringVar(&o.in, "in", "-", "the ideas")
	flags.StringVar(&o.out, "out", "-", "where the scores go")
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
	out, err := create(o.out, stdout)
	if err != nil {
		return tally, err
	}
	s := scoreStream{scorer: scorer, embedding: o.embedding, tally: &tally}
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
