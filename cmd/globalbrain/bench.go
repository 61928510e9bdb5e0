package main

import (
	"context"
	"errors"
	"flag"
	"io"
	"os"
	"slices"
)

const benchUsage = `globalbrain bench score    measure the model, one JSON line
globalbrain bench compare  the same beside ONNX Runtime, Python and Transformers, one table
globalbrain bench soak     score very many ideas and watch the memory, JSON Lines

Each explains itself with -h. All ideas are made up, the same ones every time.
`

// benchmark is one of the measurements; they share the flags of the model.
type benchmark struct {
	modelFlags
	usage string
	flags *flag.FlagSet
}

// newBenchmark defines the flags that every benchmark has.
func newBenchmark(name, usage string, stderr io.Writer) *benchmark {
	b := &benchmark{usage: usage, flags: flag.NewFlagSet("bench "+name, flag.ContinueOnError)}
	b.flags.SetOutput(stderr)
	b.define(b.flags, os.Getenv)
	b.flags.Usage = func() {
		_, _ = io.WriteString(stderr, usage)
		b.flags.PrintDefaults()
	}
	return b
}

// parse returns errUsage, having said why, unless every count is at least one.
func (b *benchmark) parse(args []string, counts ...*int) error {
	switch err := b.flags.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		return err
	case err != nil:
		return errUsage
	}
	wrong := b.flags.NArg() > 0
	for _, n := range counts {
		wrong = wrong || *n < 1
	}
	if wrong {
		b.flags.Usage()
		return errUsage
	}
	return nil
}

// runBench measures this machine: see "globalbrain bench".
func runBench(ctx context.Context, args []string, c console) error {
	benchmarks := map[string]func(context.Context, []string, console) error{
		"score": runBenchScore, "compare": runBenchCompare, "soak": runBenchSoak,
	}
	if len(args) > 0 && benchmarks[args[0]] != nil {
		return benchmarks[args[0]](ctx, args[1:], c)
	}
	_, _ = io.WriteString(c.stderr, benchUsage)
	if len(args) > 0 && slices.Contains([]string{"-h", "--help", "help"}, args[0]) {
		return flag.ErrHelp
	}
	return errUsage
}
