package scoring

import (
	"context"
	"errors"
	"sync"
	"time"

	"globalbrain/internal/errs"
)

// A request is rows of ids that one caller waits for. It holds a use of its
// version until it is answered or dropped.
type request struct {
	ctx     context.Context
	version *version
	rows    [][]int64
	arrived time.Time

	mu      sync.Mutex // lanes answer different rows at once
	answers []answer
	left    int // rows without an answer
	err     error
	done    chan struct{}
}

func newRequest(ctx context.Context, v *version, rows [][]int64) *request {
	return &request{ctx: ctx, version: v, rows: rows, arrived: time.Now(), answers: make([]answer, len(rows)), left: len(rows), done: make(chan struct{})}
}

// settle notes the answers of the rows from first on, or why there are none,
// and lets the caller go after the last.
func (r *request) settle(first, n int, answers []answer, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	copy(r.answers[first:], answers)
	if r.err == nil {
		r.err = err
	}
	if r.left -= n; r.left == 0 {
		r.version.uses.Done()
		close(r.done)
	}
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

// A unit is rows of one request that run together.
type unit struct {
	request *request
	first   int
	rows    [][]int64
}

// A queue holds the units that wait for a lane, bounded by rows.
type queue struct {
	mu     sync.Mutex
	more   sync.Cond // a unit came, or the queue was closed
	units  []unit
	rows   int
	limit  int
	closed bool
}

func newQueue(limit int) *queue {
	q := &queue{limit: limit}
	q.more.L = &q.mu
	return q
}

// errFull means that a caller who is not patient has to come back later.
var errFull = errors.New("the queue is full")

func errClosed() error {
	return errs.New(errs.Unavailable, "scoring.closed", "The model is shutting down.")
}

// put adds a request, as one unit or as one for each row, or refuses it; the
// caller keeps its use of the version then. A patient request always has room.
func (q *queue) put(r *request, together, patient bool) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed {
		return errClosed()
	}
	if !patient && q.rows+len(r.rows) > q.limit {
		return errFull
	}
	if together {
		q.units = append(q.units, unit{r, 0, r.rows})
	} else {
		for i := range r.rows {
			q.units = append(q.units, unit{r, i, r.rows[i : i+1]})
		}
	}
	q.rows += len(r.rows)
	q.more.Broadcast()
	return nil
}

// take waits for a unit and returns the oldest, with those of what else waits
// that fit the same run; nil when the queue is closed and empty.
func (q *queue) take(budget int) []unit {
	q.mu.Lock()
	defer q.mu.Unlock()
	for len(q.units) == 0 {
		if q.closed {
			return nil
		}
		q.more.Wait()
	}
	taken, rest := gather(q.units, budget)
	q.units = rest
	for _, u := range taken {
		q.rows -= len(u.rows)
	}
	return taken
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
	q.more.Broadcast()
}
