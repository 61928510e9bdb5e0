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
	DefaultQueue  = 1024
	DefaultBudget = 16384 // tokens of a run on CUDA
)

// lanesOfCUDA are enough to lay one run out while the other is on the device;
// more would only divide what waits into smaller runs.
const lanesOfCUDA = 2

// Options say which model to serve and how.
type Options struct {
	Models   string // folder of model folders; see FindModels
	Model    string // name of the folder in it; empty: DefaultModel
	Fallback string // the same, for languages that Model was not trained on; empty: DefaultFallback, if it is there
	Library  string // ONNX Runtime's shared library; see FindRuntime
	Device   Device // empty: CPU
	Threads  int    // runs side by side, each on one core; 0: as many as the process has cores, on CUDA two
	Queue    int    // rows that may wait before callers are refused; 0: DefaultQueue

	// RunTokens bounds the tokens of one run, padding included; an idea that is
	// longer runs alone. 0 is DefaultBudget on CUDA and 1 on CPU, so that there
	// each idea runs alone: larger runs fall out of the caches and cost a
	// processor more, and as int8 has one scale for a run, ideas that share one
	// would move each other's scores.
	RunTokens int

	Metrics prometheus.Registerer // nil: none
}

func (o *Options) complete() {
	if o.Model == "" {
		o.Model = DefaultModel
	}
	if o.Fallback == "" {
		o.Fallback = DefaultFallback
	}
	if o.Device == "" {
		o.Device = CPU
	}
	if o.Threads <= 0 {
		o.Threads = runtime.GOMAXPROCS(0)
		if o.Device == CUDA {
			o.Threads = min(o.Threads, lanesOfCUDA)
		}
	}
	if o.Queue <= 0 {
		o.Queue = DefaultQueue
	}
	if o.RunTokens <= 0 {
		o.RunTokens = 1
		if o.Device == CUDA {
			o.RunTokens = DefaultBudget
		}
	}
}

// A Scorer serves one model at a time. It is safe for concurrent use. Close it.
type Scorer struct {
	options Options
	queue   *queue
	metrics *metrics
	lanes   sync.WaitGroup

	mu      sync.RWMutex // guards current against being retired while it is taken
	current *version
	closed  bool

	fallback *fallback // of every version that is served; nil: none
}

// Open loads a model and starts to serve it. The errors say what is missing and
// how to get it.
func Open(o Options) (*Scorer, error) {
	s, err := load(o)
	if err != nil {
		return nil, err
	}
	s.start()
	return s, nil
}

// load does all of Open but to start the lanes.
func load(o Options) (*Scorer, error) {
	o.complete()
	if filepath.Base(o.Model) != o.Model {
		return nil, fmt.Errorf("load model %s: that is no folder's name", o.Model)
	}
	s := &Scorer{options: o, queue: newQueue(o.Queue)}
	var err error
	s.metrics, err = newMetrics(s.queue.length, o.Metrics)
	if err != nil {
		return nil, fmt.Errorf("register the model's metrics: %w", err)
	}
	if s.fallback, err = loadFallback(o); err != nil {
		return nil, err
	}
	if err := enterEnvironment(o.Library); err != nil {
		return nil, err
	}
	s.current, err = s.load(filepath.Join(o.Models, o.Model))
	if err != nil {
		return nil, errors.Join(fmt.Errorf("load model %s: %w", o.Model, err), leaveEnvironment())
	}
	trim()
	return s, nil
}

// load reads a model folder and puts the fallback beside it.
func (s *Scorer) load(folder string) (*version, error) {
	v, err := loadVersion(folder, s.options.Device)
	if err != nil {
		return nil, err
	}
	v.fallback = s.fallback
	return v, nil
}

func (s *Scorer) start() {
	for range s.options.Threads {
		s.lanes.Go(s.lane)
	}
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
	next, err := s.load(folder)
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
	defer trim()
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
	s.lanes.Wait()
	return errors.Join(s.current.retire(), leaveEnvironment())
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
	answers, err := s.ask(newRequest(ctx, v, [][]int64{p.ids}), true)
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

// ask hands a request over, as one run or row by row, and waits for its answers.
func (s *Scorer) ask(r *request, together bool) ([]answer, error) {
	r.version.uses.Add(1) // the caller holds one too, so it is not being retired
	err := s.queue.put(r, together)
	if err == nil {
		return r.wait()
	}
	r.version.uses.Done()
	s.metrics.refused.Inc()
	if errors.Is(err, errFull) {
		rows, _ := s.queue.length()
		wait := s.metrics.patience(rows, s.options.Threads)
		return nil, errs.New(errs.Unavailable, "scoring.busy", "The model is busy; please try again in a moment.").After(wait)
	}
	return nil, err
}

// Threads is how many runs go side by side.
func (s *Scorer) Threads() int { return s.options.Threads }
