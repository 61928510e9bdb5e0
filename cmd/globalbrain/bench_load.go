package main

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"globalbrain/internal/scoring"
)

// benchLoad is the share of the rate at which single calls arrive.
const benchLoad = 0.7

// latency takes single calls: one after the other, then arriving at random
// (exponential gaps, seeded) at benchLoad of the rate that ScoreAll gave. A call
// counts from when it was to arrive, not from when the machine came to make it.
func (b *benchLine) latency(ctx context.Context, s *scoring.Scorer, texts []scoring.Text, calls int) error {
	idle := make([]float64, calls)
	for i := range idle {
		began := time.Now()
		if _, err := s.Score(ctx, texts[i%len(texts)]); err != nil {
			return err
		}
		idle[i] = milliseconds(time.Since(began))
	}
	arrivals := arrivalsOf(calls, 1000/(benchLoad*b.Rate))
	loaded, failures := make([]float64, calls), make([]error, calls)
	var callers sync.WaitGroup
	began := time.Now()
	for i, at := range arrivals {
		due := began.Add(time.Duration(at * float64(time.Millisecond)))
		time.Sleep(time.Until(due))
		callers.Go(func() {
			_, failures[i] = s.Score(ctx, texts[i%len(texts)])
			loaded[i] = milliseconds(time.Since(due))
		})
	}
	callers.Wait()
	b.Idle, b.IdleP99 = threeDigits(quantile(idle, 0.5)), threeDigits(quantile(idle, 0.99))
	b.P50, b.P99 = threeDigits(quantile(loaded, 0.5)), threeDigits(quantile(loaded, 0.99))
	b.LanesP99 = threeDigits(quantile(laneTimes(arrivals, idle, s.Threads()), 0.99))
	return errors.Join(failures...)
}

// arrivalsOf returns when n calls arrive, in the unit of the mean gap.
func arrivalsOf(n int, gap float64) []float64 {
	random := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // G404: arrivals must repeat, not surprise
	at := make([]float64, n)
	now := 0.0
	for i := range at {
		now += random.ExpFloat64() * gap
		at[i] = now
	}
	return at
}

// laneTimes returns how long each call takes from its arrival when lanes serve
// calls in the order of arrival, each on the first lane that is free, and
// nothing but the calls' own durations takes time.
func laneTimes(arrivals, durations []float64, lanes int) []float64 {
	free := make([]float64, lanes) // when each lane is
	took := make([]float64, len(arrivals))
	for i, at := range arrivals {
		lane := slices.Index(free, slices.Min(free))
		free[lane] = max(free[lane], at) + durations[i]
		took[i] = free[lane] - at
	}
	return took
}
