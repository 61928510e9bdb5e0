package main

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"globalbrain/internal/scoring"
)

const benchScoreUsage = `globalbrain bench score [-n N] [-rounds R] [-calls C] [-swaps S]

Measures the model and prints one JSON line:

  ideas_per_second              cleaning, language, tokens, batches, graph and scores
  onnxruntime_ideas_per_second  bare ONNX Runtime on the same runs, laid out beforehand
  ratio, cpu_ratio              of the two, by the clock and by processor time
  prepare_share                 processor time of cleaning, language and tokens, over the graph's
  idle_ms, idle_p99_ms          one idea at a time
  p50_ms, p99_ms                one idea, arriving at random at 70 % of ideas_per_second
  lanes_p99_ms                  the p99 of lanes that serve those arrivals in order and cost
                                nothing themselves: no queue does better
  coach_p95_ms                  the founder's advice on one draft
  rss_mb                        memory of the process
  swaps, swaps_rss_ratio        what it holds after so many hot swaps, over before

The two rates are taken in turns, in many short rounds, and the medians are
printed, so that what else the machine does falls on both alike; processor time
knows nothing of what else it does.

`

// benchLine is what the command prints.
type benchLine struct {
	Model    string  `json:"model"`
	Device   string  `json:"device"`
	Ideas    int     `json:"ideas"`
	Tokens   float64 `json:"tokens_per_idea"`
	Threads  int     `json:"threads"`
	Rate     float64 `json:"ideas_per_second"`
	Bare     float64 `json:"onnxruntime_ideas_per_second"`
	Ratio    float64 `json:"ratio"`
	CPURatio float64 `json:"cpu_ratio"`
	Prepare  float64 `json:"prepare_share"`
	Idle     float64 `json:"idle_ms"`
	IdleP99  float64 `json:"idle_p99_ms"`
	P50      float64 `json:"p50_ms"`
	P99      float64 `json:"p99_ms"`
	LanesP99 float64 `json:"lanes_p99_ms"`
	Coach    float64 `json:"coach_p95_ms"`
	RSS      float64 `json:"rss_mb"`
	Swaps    int     `json:"swaps"`
	SwapsRSS float64 `json:"swaps_rss_ratio"`
}

// benchSize is how much is measured.
type benchSize struct{ ideas, rounds, calls, swaps int }

func (b *benchmark) sizes(usual benchSize) *benchSize {
	s := new(benchSize)
	b.flags.IntVar(&s.ideas, "n", usual.ideas, "how many ideas")
	b.flags.IntVar(&s.rounds, "rounds", usual.rounds, "how many times each rate is taken")
	b.flags.IntVar(&s.calls, "calls", usual.calls, "how many single calls")
	b.flags.IntVar(&s.swaps, "swaps", usual.swaps, "how many hot swaps")
	return s
}

func runBenchScore(ctx context.Context, args []string, c console) error {
	b := newBenchmark("score", benchScoreUsage, c.stderr)
	size := b.sizes(benchSize{ideas: 32, rounds: 41, calls: 200, swaps: 50})
	if err := b.parse(args, &size.ideas, &size.rounds, &size.calls, &size.swaps); err != nil {
		return err
	}
	line, err := b.measure(ctx, *size)
	if err != nil {
		return err
	}
	return json.NewEncoder(c.stdout).Encode(line)
}

func (b *benchmark) measure(ctx context.Context, size benchSize) (line benchLine, err error) {
	s, err := b.open()
	if err != nil {
		return line, err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	texts := benchTexts(size.ideas)
	line = benchLine{Model: s.Manifest().Title(), Device: b.device, Ideas: size.ideas, Threads: s.Threads(), Swaps: size.swaps}
	for _, step := range []func() error{
		func() error { return line.rates(ctx, s, texts, size.rounds) },
		func() error { return line.prepare(ctx, s, texts) },
		func() error { return line.latency(ctx, s, texts, size.calls) },
		func() error { return line.coach(ctx, s, texts, min(size.calls, 50)) },
		func() error { return line.memory(ctx, s, b.folder(), texts[0], size.swaps) },
	} {
		if err := step(); err != nil {
			return line, err
		}
	}
	return line, nil
}

// rates takes both rates in turns, each first every other time; the first round
// warms up.
func (b *benchLine) rates(ctx context.Context, s *scoring.Scorer, texts []scoring.Text, rounds int) error {
	ready, err := s.Ready(ctx, texts)
	if err != nil {
		return err
	}
	defer ready.Close()
	score := func() error {
		scores, err := s.ScoreAll(ctx, texts)
		b.Tokens = tokensPerIdea(scores)
		return err
	}
	both := []func() error{score, ready.Run}
	var wall, cpu [2][]float64 // seconds
	for round := range rounds + 1 {
		for i := range both {
			i = (i + round) % 2
			began, used := time.Now(), processorSeconds()
			if err := both[i](); err != nil {
				return err
			}
			if round > 0 {
				wall[i] = append(wall[i], time.Since(began).Seconds())
				cpu[i] = append(cpu[i], processorSeconds()-used)
			}
		}
	}
	n := float64(len(texts))
	b.Rate, b.Bare = threeDigits(n/quantile(wall[0], 0.5)), threeDigits(n/quantile(wall[1], 0.5))
	b.Ratio, b.CPURatio = medianRatio(wall[1], wall[0]), medianRatio(cpu[1], cpu[0])
	b.Prepare = quantile(cpu[1], 0.5) // for prepare to divide by
	return nil
}

// prepare measures what comes before the graph; it follows rates.
func (b *benchLine) prepare(ctx context.Context, s *scoring.Scorer, texts []scoring.Text) error {
	const times = 50 // the processor's clock is too coarse for one
	used := processorSeconds()
	for range times {
		if _, err := s.Prepare(ctx, texts); err != nil {
			return err
		}
	}
	b.Prepare = threeDigits((processorSeconds() - used) / times / b.Prepare)
	return nil
}

func tokensPerIdea(scores []scoring.Score) float64 {
	sum := 0
	for _, s := range scores {
		sum += s.Tokens
	}
	return float64(sum) / float64(len(scores))
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
	b.Coach = threeDigits(quantile(took, 0.95))
	return nil
}

// memory swaps the model for itself, with a score between two swaps. The first
// swap is not counted: two sessions at once want memory that is then kept.
func (b *benchLine) memory(ctx context.Context, s *scoring.Scorer, folder string, text scoring.Text, swaps int) error {
	for i := range swaps + 1 {
		if err := s.Swap(folder); err != nil {
			return err
		}
		if _, err := s.Score(ctx, text); err != nil {
			return err
		}
		now, err := residentMegabytes()
		if err != nil {
			return err
		}
		if i == 0 {
			b.RSS = now
		}
		b.SwapsRSS = threeDigits(now / b.RSS)
	}
	return nil
}
