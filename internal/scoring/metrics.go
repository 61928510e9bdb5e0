package scoring

import (
	"math"
	"strings"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// metrics are what an operator sees of the model.
type metrics struct {
	batch     prometheus.Histogram
	run       prometheus.Histogram
	wait      prometheus.Histogram
	tokens    prometheus.Counter
	ideas     prometheus.Counter
	answered  *prometheus.CounterVec
	abstained *prometheus.CounterVec
	refused   prometheus.Counter
	left      prometheus.Counter

	speed atomic.Uint64 // tokens a second of one lane of late, as math.Float64bits
}

func newMetrics(waiting func() (rows, bulk int), register prometheus.Registerer) (*metrics, error) {
	name := func(n, help string) prometheus.Opts {
		return prometheus.Opts{Namespace: "globalbrain", Subsystem: "scoring", Name: n, Help: help}
	}
	histogram := func(n, help string, buckets []float64) prometheus.Histogram {
		o := name(n, help)
		return prometheus.NewHistogram(prometheus.HistogramOpts{Namespace: o.Namespace, Subsystem: o.Subsystem, Name: o.Name, Help: o.Help, Buckets: buckets})
	}
	counter := func(n, help string) prometheus.Counter {
		return prometheus.NewCounter(prometheus.CounterOpts(name(n, help)))
	}
	m := &metrics{
		batch:     histogram("batch_rows", "Rows of one run of the graph.", prometheus.ExponentialBuckets(1, 2, 9)),
		run:       histogram("run_seconds", "How long one run of the graph took.", prometheus.ExponentialBuckets(0.001, 2, 13)),
		wait:      histogram("wait_seconds", "How long a request waited for the model.", prometheus.ExponentialBuckets(0.0001, 4, 9)),
		tokens:    counter("tokens_total", "Tokens that the graph read, without padding."),
		ideas:     counter("ideas_total", "Ideas that were scored or abstained from."),
		answered:  prometheus.NewCounterVec(prometheus.CounterOpts(name("answered_total", "Ideas with a score, by the model that gave it.")), []string{"model"}),
		abstained: prometheus.NewCounterVec(prometheus.CounterOpts(name("abstained_total", "Ideas without a score, by reason.")), []string{"reason"}),
		refused:   counter("refused_total", "Requests refused because the queue was full."),
		left:      counter("left_total", "Requests dropped because their caller had left."),
	}
	if register == nil {
		return m, nil
	}
	length := prometheus.NewGaugeFunc(prometheus.GaugeOpts(name("queue_rows", "Rows that people wait for; the queue's bound holds for them.")),
		func() float64 { rows, _ := waiting(); return float64(rows) })
	bulk := prometheus.NewGaugeFunc(prometheus.GaugeOpts(name("bulk_rows", "Rows of bulk requests that wait for the model.")),
		func() float64 { _, bulk := waiting(); return float64(bulk) })
	for _, c := range []prometheus.Collector{length, bulk, m.batch, m.run, m.wait, m.tokens, m.ideas, m.answered, m.abstained, m.refused, m.left} {
		if err := register.Register(c); err != nil {
			return nil, err
		}
	}
	return m, nil
}

// ran notes one run of the graph.
func (m *metrics) ran(rows, tokens int, took time.Duration) {
	m.batch.Observe(float64(rows))
	m.run.Observe(took.Seconds())
	m.tokens.Add(float64(tokens))
	now := float64(tokens) / max(took.Seconds(), 1e-6)
	if before := math.Float64frombits(m.speed.Load()); before > 0 {
		now = 0.8*before + 0.2*now
	}
	m.speed.Store(math.Float64bits(now))
}

// scored notes one answer.
func (m *metrics) scored(score Score) {
	m.ideas.Inc()
	if !score.Abstained {
		m.answered.WithLabelValues(score.Model).Inc()
		return
	}
	reason, _, _ := strings.Cut(score.Reason, ":")
	m.abstained.WithLabelValues(reason).Inc()
}

// patience returns how long so many lanes need for so many waiting rows, in
// whole seconds and at least one.
func (m *metrics) patience(rows, lanes int) time.Duration {
	speed := math.Float64frombits(m.speed.Load()) * float64(lanes)
	if speed == 0 {
		return time.Second
	}
	const usual = 150 // tokens of an idea
	seconds := math.Ceil(float64(rows*usual) / speed)
	return time.Duration(min(max(seconds, 1), 60)) * time.Second
}
