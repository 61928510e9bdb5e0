package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"globalbrain/internal/scoring"
)

const benchUsage = `globalbrain bench score [-n N] [-rounds R] [-threads T]

Measures the model and prints one JSON line:

  ideas_per_second              cleaning, language, tokens, batches, graph and scores
  onnxruntime_ideas_per_second  bare ONNX Runtime on the same runs, laid out beforehand
  ratio                         of the two
  idle_ms                       one idea at a time, median
  p50_ms, p99_ms                one idea, arriving at random at 70 % of ideas_per_second
  coach_p95_ms                  the founder's advice on one draft
  rss_mb                        memory of the process

The two rates are taken in turns, in many short rounds, and the medians are
printed, so that what else the machine does falls on both alike.

`

// benchLine is what the command prints.
type benchLine struct {
	Model   string  `json:"model"`
	Ideas   int     `json:"ideas"`
	Tokens  float64 `json:"tokens_per_idea"`
	Threads int     `json:"threads"`
	Rate    float64 `json:"ideas_per_second"`
	Bare    float64 `json:"onnxruntime_ideas_per_second"`
	Ratio   float64 `json:"ratio"`
	Idle    float64 `json:"idle_ms"`
	P50     float64 `json:"p50_ms"`
	P99     float64 `json:"p99_ms"`
	Coach   float64 `json:"coach_p95_ms"`
	RSS     float64 `json:"rss_mb"`
}

// runBench measures: see "globalbrain bench score -h".
func runBench(ctx context.Context, args []string, _ io.Reader, stdout, stderr io.Writer) int {
	if len(args) == 0 || args[0] != "score" {
		_, _ = io.WriteString(stderr, benchUsage)
		return 2
	}
	var m modelFlags
	flags := flag.NewFlagSet("bench score", flag.ContinueOnError)
	flags.SetOutput(stderr)
	n := flags.Int("n", 32, "how many ideas")
	rounds := flags.Int("rounds", 41, "how many times both rates are taken")
	calls := flags.Int("calls", 200, "how many single calls")
	m.define(flags, os.Getenv)
	flags.Usage = func() {
		_, _ = io.WriteString(stderr, benchUsage)
		flags.PrintDefaults()
	}
	switch err := flags.Parse(args[1:]); {
	case errors.Is(err, flag.ErrHelp):
		return 0
	case err != nil:
		return 2
	case flags.NArg() > 0 || *n < 1 || *rounds < 1 || *calls < 1:
		flags.Usage()
		return 2
	}
	line, err := m.measure(ctx, *n, *rounds, *calls)
	if err == nil {
		err = json.NewEncoder(stdout).Encode(line)
	}
	if err != nil {
		_, _ = fmt.Fprintln(stderr, "globalbrain bench:", err)
		return 1
	}
	return 0
}

func (m *modelFlags) measure(ctx context.Context, n, rounds, calls int) (line benchLine, err error) {
	s, err := m.open()
	if err != nil {
		return line, err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	texts := benchTexts(n)
	line = benchLine{Model: s.Manifest().Title(), Ideas: n, Threads: s.Threads()}
	for _, step := range []func() error{
		func() error { return line.rates(ctx, s, texts, rounds) },
		func() error { return line.latency(ctx, s, texts, calls) },
		func() error { return line.coach(ctx, s, texts, min(calls, 50)) },
	} {
		if err := step(); err != nil {
			return line, err
		}
	}
	line.RSS, err = residentMegabytes()
	return line, err
}

// rates takes both rates in turns, each first every other time; the first round
// warms up.
func (b *benchLine) rates(ctx context.Context, s *scoring.Scorer, texts []scoring.Text, rounds int) error {
	ready, err := s.Ready(ctx, texts)
	if err != nil {
		return err
	}
	defer ready.Close()
	var mine, theirs float64 // seconds
	both := []func() error{
		func() error {
			began := time.Now()
			scores, err := s.ScoreAll(ctx, texts)
			mine = time.Since(began).Seconds()
			b.Tokens = tokensPerIdea(scores)
			return err
		},
		func() error {
			began := time.Now()
			err := ready.Run()
			theirs = time.Since(began).Seconds()
			return err
		},
	}
	var ours, bare, ratios []float64
	for round := range rounds + 1 {
		for i := range both {
			if err := both[(i+round)%2](); err != nil {
				return err
			}
		}
		if round > 0 {
			ours = append(ours, float64(len(texts))/mine)
			bare = append(bare, float64(len(texts))/theirs)
			ratios = append(ratios, theirs/mine)
		}
	}
	b.Rate, b.Bare, b.Ratio = quantile(ours, 0.5), quantile(bare, 0.5), quantile(ratios, 0.5)
	return nil
}

func tokensPerIdea(scores []scoring.Score) float64 {
	sum := 0
	for _, s := range scores {
		sum += s.Tokens
	}
	return float64(sum) / float64(len(scores))
}

// latency takes single calls: one after the other, then arriving at random
// (exponential gaps, seeded) at 70 % of the rate that ScoreAll gave.
func (b *benchLine) latency(ctx context.Context, s *scoring.Scorer, texts []scoring.Text, calls int) error {
	one := func(i int) (float64, error) {
		began := time.Now()
		_, err := s.Score(ctx, texts[i%len(texts)])
		return milliseconds(time.Since(began)), err
	}
	var idle []float64
	for i := range calls {
		took, err := one(i)
		if err != nil {
			return err
		}
		idle = append(idle, took)
	}
	gap := 1000 / (0.7 * b.Rate)
	random := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // G404: arrivals must repeat, not surprise
	loaded, failures := make([]float64, calls), make([]error, calls)
	var callers sync.WaitGroup
	next := time.Now()
	for i := range calls {
		next = next.Add(time.Duration(random.ExpFloat64() * gap * float64(time.Millisecond)))
		time.Sleep(time.Until(next))
		callers.Go(func() { loaded[i], failures[i] = one(i) })
	}
	callers.Wait()
	b.Idle, b.P50, b.P99 = quantile(idle, 0.5), quantile(loaded, 0.5), quantile(loaded, 0.99)
	return errors.Join(failures...)
}

func (b *benchLine) coach(ctx context.Context, s *scoring.Scorer, texts []scoring.Text, calls int) error {
	var took []float64
	for i := range calls {
		began := time.Now()
		if _, err := s.Coach(ctx, texts[i%len(texts)]); err != nil {
			return err
		}
		took = append(took, milliseconds(time.Since(began)))
	}
	b.Coach = quantile(took, 0.95)
	return nil
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

// quantile returns the value below which the share q of xs lies, rounded to
// three digits after the point.
func quantile(xs []float64, q float64) float64 {
	xs = slices.Sorted(slices.Values(xs))
	at := int(math.Ceil(q*float64(len(xs)))) - 1
	return math.Round(xs[max(at, 0)]*1000) / 1000
}

// residentMegabytes reads how much memory the process holds, the library's
// included.
func residentMegabytes() (float64, error) {
	file, err := os.Open("/proc/self/status")
	if err != nil {
		return 0, err
	}
	defer file.Close()
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		if rest, ok := strings.CutPrefix(lines.Text(), "VmRSS:"); ok {
			var kilobytes float64
			if _, err := fmt.Sscanf(rest, "%f kB", &kilobytes); err != nil {
				return 0, fmt.Errorf("read the memory in use: %w", err)
			}
			return math.Round(kilobytes/102.4) / 10, nil
		}
	}
	return 0, errors.Join(errors.New("the system does not say how much memory is in use"), lines.Err())
}
