package scoring

import (
	"context"
	"sync"
	"time"

	"globalbrain/internal/errs"
)

// A request is rows of ids that one caller waits for. It holds a use of its
// version until it is answered or dropped.
type request struct {
	ctx      context.Context
	version  *version
	rows     [][]int64
	together bool // all rows in one run, so that they can be compared closely
	arrived  time.Time

	answers []answer
	left    int // rows without an answer
	err     error
	done    chan struct{}
}

func newRequest(ctx context.Context, v *version, rows [][]int64) *request {
	return &request{ctx: ctx, version: v, rows: rows, arrived: time.Now(), answers: make([]answer, len(rows)), left: len(rows), done: make(chan struct{})}
}

// finish answers the caller, once.
func (r *request) finish(err error) {
	r.err = err
	r.version.uses.Done()
	close(r.done)
}

// wait returns the answers, or the context's error when the caller leaves first.
func (r *request) wait() ([]answer, error) {
	select {
	case <-r.done:
		return r.answers, r.err
	case <-r.ctx.Done():
		return nil, context.Cause(r.ctx)
	}
}

// A queue holds the requests that wait for the model, bounded by rows.
type queue struct {
	mu     sync.Mutex
	wake   chan struct{} // holds a token when the server may have something to do
	items  []*request
	rows   int
	limit  int
	closed bool
}

func newQueue(limit int) *queue {
	return &queue{wake: make(chan struct{}, 1), limit: limit}
}

// Why the queue refuses.
const (
	codeBusy   = "scoring_busy"
	codeClosed = "scoring_closed"
)

// put adds a request, or refuses it; the caller keeps its use of the version then.
func (q *queue) put(r *request, patient bool) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed {
		return errs.New(errs.Unavailable, codeClosed, "The model is shutting down.")
	}
	if !patient && q.rows+len(r.rows) > q.limit {
		return errs.New(errs.Unavailable, codeBusy, "The model is busy; please try again in a moment.")
	}
	q.items = append(q.items, r)
	q.rows += len(r.rows)
	q.signal()
	return nil
}

func (q *queue) signal() {
	select {
	case q.wake <- struct{}{}:
	default:
	}
}

// take waits for requests and returns the oldest ones, as many as fit into a
// budget of tokens and at least one; nil when the queue is closed and empty.
func (q *queue) take(budget int) []*request {
	for {
		q.mu.Lock()
		n := 0
		for tokens := 0; n < len(q.items); n++ {
			for _, row := range q.items[n].rows {
				tokens += len(row)
			}
			if n > 0 && tokens > budget {
				break
			}
			q.rows -= len(q.items[n].rows)
		}
		taken := q.items[:n:n]
		q.items = q.items[n:]
		closed := q.closed
		q.mu.Unlock()
		if n > 0 || closed {
			return taken
		}
		<-q.wake
	}
}

func (q *queue) length() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.rows
}

// close refuses what comes; what waits is still taken.
func (q *queue) close() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.closed = true
	q.signal()
}
