package scoring

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"globalbrain/internal/errs"
)

// How a Shelf keeps models.
const (
	DefaultShelf = 4                // models open beside the program's own
	shelfIdle    = 10 * time.Minute // after which a model that nobody asks is closed
	shelfSweep   = time.Minute      // how often that is looked for
	shelfRetry   = 15 * time.Second // after which a model that did not open is tried again
)

// Ref names a model of the models folder.
type Ref struct {
	Folder string
	Hash   string // of the manifest that it must have; empty: whatever lies there
}

// A NotServedError says why a model of the shelf cannot be asked.
type NotServedError struct {
	Ref Ref
	Err error
}

func (e *NotServedError) Error() string {
	return fmt.Sprintf("serve model %s: %v", e.Ref.Folder, e.Err)
}

// Unwrap returns the cause.
func (e *NotServedError) Unwrap() error { return e.Err }

// A Shelf serves several models at once. Each is opened when it is first asked
// for and closed when nobody has asked it for a while; the program's own is
// always open. All share one queue and its lanes, so that many models ask no
// more of the processor than one. A Shelf is safe for concurrent use. Close it.
type Shelf struct {
	own    *Scorer // the program's own model, whose queue, lanes and metrics are everybody's
	limit  int
	opened prometheus.Counter
	closes prometheus.Counter
	failed *prometheus.CounterVec

	mu     sync.Mutex
	books  map[Ref]*book
	closed bool
	stop   chan struct{}
	work   sync.WaitGroup // the sweeper, and models that are being closed
}

// A book is one model of the shelf.
type book struct {
	ready  chan struct{} // closed when scorer or err is set
	scorer *Scorer
	err    error
	asks   int       // how many are asking it
	last   time.Time // when somebody asked last, or when it did not open
}

// OpenShelf opens the program's own model, which o names, and serves it and at
// most limit others; 0 is DefaultShelf. Its errors are Open's.
func OpenShelf(o Options, limit int) (*Shelf, error) {
	own, err := Open(o)
	if err != nil {
		return nil, err
	}
	if limit <= 0 {
		limit = DefaultShelf
	}
	opts := func(name, help string) prometheus.Opts {
		return prometheus.Opts{Namespace: "globalbrain", Subsystem: "scoring", Name: name, Help: help}
	}
	s := &Shelf{
		own: own, limit: limit, books: map[Ref]*book{}, stop: make(chan struct{}),
		opened: prometheus.NewCounter(prometheus.CounterOpts(opts("models_opened_total", "Models that were loaded."))),
		closes: prometheus.NewCounter(prometheus.CounterOpts(opts("models_closed_total", "Models that were closed; those that are open are the rest."))),
		failed: prometheus.NewCounterVec(prometheus.CounterOpts(opts("models_failed_total", "Attempts to load a model that failed, by its folder.")), []string{"model"}),
	}
	s.opened.Inc()
	if o.Metrics != nil {
		if err := errors.Join(o.Metrics.Register(s.opened), o.Metrics.Register(s.closes), o.Metrics.Register(s.failed)); err != nil {
			return nil, errors.Join(fmt.Errorf("register the models' metrics: %w", err), own.Close())
		}
	}
	s.work.Go(s.tidy)
	return s, nil
}

// Own describes the program's own model.
func (s *Shelf) Own() (folder string, m *Manifest) { return s.own.options.Model, s.own.Manifest() }

// Models is the folder of the models.
func (s *Shelf) Models() string { return s.own.options.Models }

// Ask calls fn with the scorer of a model, which stays open until fn returns.
// The zero Ref is the program's own. A model that cannot be served is a
// *NotServedError; when too many others are being asked it is an
// errs.Unavailable with RetryAfter.
func (s *Shelf) Ask(ctx context.Context, ref Ref, fn func(*Scorer) error) error {
	if s.isOwn(ref) {
		return fn(s.own)
	}
	b, err := s.take(ref, time.Now())
	if err != nil {
		return err
	}
	defer s.release(b)
	select {
	case <-b.ready:
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	if b.err != nil {
		return b.err
	}
	return fn(b.scorer)
}

func (s *Shelf) isOwn(ref Ref) bool {
	folder, m := s.Own()
	return ref == Ref{} || ref.Folder == folder && (ref.Hash == "" || ref.Hash == m.Hash())
}

// take returns the book of a model, which begins to open if it is not there, and
// counts one who asks.
func (s *Shelf) take(ref Ref, now time.Time) (*book, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil, errClosed()
	}
	b := s.books[ref]
	if b != nil && b.err != nil && now.Sub(b.last) >= shelfRetry {
		delete(s.books, ref)
		b = nil
	}
	if b == nil {
		if !s.makeRoom() {
			return nil, errs.New(errs.Unavailable, "scoring.busy", "The model is busy; please try again in a moment.").After(time.Second)
		}
		b = &book{ready: make(chan struct{})}
		s.books[ref] = b
		s.work.Go(func() { s.open(ref, b) })
	}
	b.asks++
	if b.err == nil {
		b.last = now
	}
	return b, nil
}

func (s *Shelf) release(b *book) {
	s.mu.Lock()
	defer s.mu.Unlock()
	b.asks--
}

// open loads a model. It runs beside the callers, so that one who leaves does
// not take the model from the others.
func (s *Shelf) open(ref Ref, b *book) {
	scorer, err := s.own.beside(ref)
	s.mu.Lock()
	defer s.mu.Unlock()
	defer close(b.ready)
	if err != nil {
		b.err, b.last = &NotServedError{ref, err}, time.Now()
		s.failed.WithLabelValues(ref.Folder).Inc()
		return
	}
	b.scorer = scorer
	s.opened.Inc()
}

// beside returns a scorer of another model that shares s's queue and lanes, and
// which s outlives. leave ends it.
func (s *Scorer) beside(ref Ref) (*Scorer, error) {
	if filepath.Base(ref.Folder) != ref.Folder || ref.Folder == ".." {
		return nil, errors.New("that is no folder's name")
	}
	v, err := s.load(filepath.Join(s.options.Models, ref.Folder))
	if err != nil {
		return nil, err
	}
	if got := v.manifest.Hash(); ref.Hash != "" && got != ref.Hash {
		return nil, errors.Join(fmt.Errorf("the folder was changed since it was promoted: the sha256 of its manifest is %s, and %s was promoted; promote it again if that is meant", got, ref.Hash), v.session.close())
	}
	trim()
	options := s.options
	options.Model = ref.Folder
	return &Scorer{options: options, queue: s.queue, metrics: s.metrics, current: v, fallback: s.fallback}, nil
}

// leave ends a scorer that beside made: it answers what it has begun and frees
// the model.
func (s *Scorer) leave() error {
	s.mu.Lock()
	s.closed = true
	s.mu.Unlock()
	defer trim()
	return s.current.retire()
}

// makeRoom reports whether one more model may be opened; of those that nobody
// asks now, the one that waited longest makes room for it.
func (s *Shelf) makeRoom() bool {
	open := 0
	var oldest Ref
	for ref, b := range s.books {
		if b.err != nil {
			continue
		}
		open++
		if b.idle() && (s.books[oldest] == nil || b.last.Before(s.books[oldest].last)) {
			oldest = ref
		}
	}
	if open < s.limit {
		return true
	}
	if s.books[oldest] == nil {
		return false
	}
	s.remove(oldest)
	return true
}

// idle reports whether a model is open and nobody asks it.
func (b *book) idle() bool { return b.scorer != nil && b.asks == 0 }

// remove takes a model off the shelf and closes it.
func (s *Shelf) remove(ref Ref) {
	b := s.books[ref]
	delete(s.books, ref)
	s.closes.Inc()
	s.work.Go(func() { _ = b.scorer.leave() }) // the memory is lost if ONNX Runtime cannot free it; nobody could do anything
}

// tidy closes models that nobody asks any more, until the shelf is closed.
func (s *Shelf) tidy() {
	ticker := time.NewTicker(shelfSweep)
	defer ticker.Stop()
	for {
		select {
		case <-s.stop:
			return
		case now := <-ticker.C:
			s.sweep(now)
		}
	}
}

func (s *Shelf) sweep(now time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for ref, b := range s.books {
		if b.idle() && now.Sub(b.last) >= shelfIdle {
			s.remove(ref)
		}
	}
}

// Close refuses new requests, answers those that wait and frees every model.
func (s *Shelf) Close() error {
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return nil
	}
	s.closed = true
	close(s.stop)
	books := s.books
	s.books = nil
	s.mu.Unlock()
	s.work.Wait()
	var all []error
	for _, b := range books {
		if b.scorer != nil {
			all = append(all, b.scorer.leave())
		}
	}
	return errors.Join(append(all, s.own.Close())...)
}
