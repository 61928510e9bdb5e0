package scoring

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"sync"

	"github.com/prometheus/client_golang/prometheus"

	"globalbrain/internal/errs"
)

// Defaults of Options.
const (
	DefaultModel  = "ideas-minilm"
	DefaultBudget = 16384
	DefaultQueue  = 1024
)

// Options say which model to serve and how.
type Options struct {
	Models  string // folder of model folders; see FindModels
	Model   string // name of the folder in it; empty: DefaultModel
	Library string // ONNX Runtime's shared library; see FindRuntime
	Device  Device // empty: CPU
	Threads int    // of one run; 0: one for each core that the process may use
	Budget  int    // tokens of a batch, padding included; 0: DefaultBudget
	Queue   int    // rows that may wait before callers are refused; 0: DefaultQueue

	Metrics prometheus.Registerer // nil: none
}

// A Scorer serves one model at a time. It is safe for concurrent use. Close it.
type Scorer struct {
	options Options
	budget  int
	queue   *queue
	metrics *metrics
	stopped chan struct{} // closed when the batcher has ended

	mu      sync.RWMutex // guards current against being retired while it is taken
	current *version
	closed  bool
}

// Open loads a model and starts to serve it. The errors say what is missing and
// how to get it.
func Open(o Options) (*Scorer, error) {
	if o.Model == "" {
		o.Model = DefaultModel
	}
	if o.Threads <= 0 {
		o.Threads = runtime.GOMAXPROCS(0)
	}
	if o.Budget <= 0 {
		o.Budget = DefaultBudget
	}
	if o.Queue <= 0 {
		o.Queue = DefaultQueue
	}
	if filepath.Base(o.Model) != o.Model {
		return nil, fmt.Errorf("load model %s: that is no folder's name", o.Model)
	}
	s := &Scorer{options: o, budget: o.Budget, queue: newQueue(o.Queue), stopped: make(chan struct{})}
	var err error
	s.metrics, err = newMetrics(func() float64 { return float64(s.queue.length()) }, o.Metrics)
	if err != nil {
		return nil, fmt.Errorf("register the model's metrics: %w", err)
	}
	if err := enterEnvironment(o.Library); err != nil {
		return nil, err
	}
	s.current, err = loadVersion(filepath.Join(o.Models, o.Model), o.Device, o.Threads)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("load model %s: %w", o.Model, err), leaveEnvironment())
	}
	go s.serve()
	return s, nil
}

// Manifest describes the model that is served now.
func (s *Scorer) Manifest() *Manifest {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.current.manifest
}

// Swap serves the model in folder from now on. Requests that have begun are
// answered by the model they began with, which is destroyed after the last one;
// Swap returns then. On an error the old model stays.
func (s *Scorer) Swap(folder string) error {
	next, err := loadVersion(folder, s.options.Device, s.options.Threads)
	if err != nil {
		return fmt.Errorf("swap the model: %w", err)
	}
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return errors.Join(errClosed(), next.session.close())
	}
	old := s.current
	s.current = next
	s.mu.Unlock()
	return old.retire()
}

// Close refuses new requests, answers those that wait and frees the model.
func (s *Scorer) Close() error {
	s.mu.Lock()
	already := s.closed
	s.closed = true
	s.mu.Unlock()
	if already {
		return nil
	}
	s.queue.close()
	<-s.stopped
	return errors.Join(s.current.retire(), leaveEnvironment())
}

func errClosed() error {
	return errs.New(errs.Unavailable, codeClosed, "The model is shutting down.")
}

// use returns the current version; the caller calls uses.Done.
func (s *Scorer) use() (*version, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if s.closed {
		return nil, errClosed()
	}
	s.current.uses.Add(1)
	return s.current, nil
}

// Score scores one idea. It returns an errs.Unavailable with RetryAfter when
// too many ideas wait, and the context's error when the caller leaves.
func (s *Scorer) Score(ctx context.Context, t Text) (Score, error) {
	v, err := s.use()
	if err != nil {
		return Score{}, err
	}
	defer v.uses.Done()
	p := v.prepare(t)
	if p.ids == nil {
		s.metrics.scored(p.score)
		return p.score, nil
	}
	answers, err := s.ask(newRequest(ctx, v, [][]int64{p.ids}), false)
	if err != nil {
		return Score{}, fmt.Errorf("score an idea: %w", err)
	}
	score, err := p.finish(answers[0])
	if err != nil {
		return Score{}, fmt.Errorf("score an idea: %w", err)
	}
	s.metrics.scored(score)
	return score, nil
}

// ask queues a request and waits for its answers. A patient caller limits
// itself and is not refused.
func (s *Scorer) ask(r *request, patient bool) ([]answer, error) {
	if err := s.enqueue(r, patient); err != nil {
		return nil, err
	}
	return r.wait()
}

func (s *Scorer) enqueue(r *request, patient bool) error {
	r.version.uses.Add(1) // the caller holds one too, so it is not being retired
	err := s.queue.put(r, patient)
	if err == nil {
		return nil
	}
	r.version.uses.Done()
	s.metrics.refused.Inc()
	var refusal *errs.Error
	if errors.As(err, &refusal) && refusal.Code == codeBusy {
		return refusal.After(s.metrics.patience(s.queue.length()))
	}
	return err
}

// Threads is how many threads one run of the graph uses.
func (s *Scorer) Threads() int { return s.options.Threads }
