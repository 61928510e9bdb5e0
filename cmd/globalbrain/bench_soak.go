package main

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"runtime"
	"strings"
	"time"

	"globalbrain/internal/scoring"
)

const benchSoakUsage = `globalbrain bench soak [-ideas N] [-short]

Scores very many ideas through everything that a score goes through, and prints
a JSON line from time to time:

  ideas, asked       so far, and of how many the graph was asked
  ideas_per_second   since the line before
  rss_mb, heap_mb    memory of the process, and Go's part of it that is in use
  growth             rss_mb over the first line's

What leaks would grow from line to line, without end.

`

type soakLine struct {
	Ideas  int     `json:"ideas"`
	Asked  int     `json:"asked"`
	Rate   float64 `json:"ideas_per_second"`
	RSS    float64 `json:"rss_mb"`
	Heap   float64 `json:"heap_mb"`
	Growth float64 `json:"growth"`
}

func runBenchSoak(ctx context.Context, args []string, c console) (err error) {
	b := newBenchmark("soak", benchSoakUsage, c.stderr)
	ideas := b.flags.Int("ideas", 1_000_000, "how many ideas")
	short := b.flags.Bool("short", false, "ideas of one sentence: as many calls with less work for the graph")
	lines := b.flags.Int("lines", 20, "how many lines to print")
	if err := b.parse(args, ideas, lines); err != nil {
		return err
	}
	s, err := b.open()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	next := benchIdeas()
	if *short {
		long := next
		next = func() scoring.Text {
			t := long()
			t.Problem, t.Team = "", ""
			t.Solution, _, _ = strings.Cut(t.Solution, ". ")
			return t
		}
	}
	return soak(ctx, s, next, *ideas, *lines, json.NewEncoder(c.stdout))
}

// soak scores ideas in windows, as "score" does, so many lines apart.
func soak(ctx context.Context, s *scoring.Scorer, next func() scoring.Text, ideas, lines int, out *json.Encoder) error {
	texts := make([]scoring.Text, windowIdeas)
	var first float64
	began, before, asked := time.Now(), 0, 0
	for done, line := 0, 1; done < ideas; {
		window := texts[:min(len(texts), ideas-done)]
		for i := range window {
			window[i] = next()
		}
		scores, err := s.ScoreAll(ctx, window)
		if err != nil {
			return err
		}
		for _, score := range scores {
			if score.Tokens > 0 {
				asked++
			}
		}
		done += len(window)
		if done < ideas*line/lines {
			continue
		}
		line = done*lines/ideas + 1
		rss, err := residentMegabytes()
		if err != nil {
			return err
		}
		if first == 0 {
			first = rss
		}
		var memory runtime.MemStats
		runtime.ReadMemStats(&memory)
		rate := float64(done-before) / time.Since(began).Seconds()
		if err := out.Encode(soakLine{done, asked, math.Round(rate), rss, math.Round(float64(memory.HeapInuse)/(1<<20)*10) / 10, threeDigits(rss / first)}); err != nil {
			return err
		}
		began, before = time.Now(), done
	}
	return nil
}
