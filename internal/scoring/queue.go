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

	next int // of rows, when it is a bulk request; the queue's

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

// lost returns why nobody needs the answers any more: the caller left, or some
// of the rows failed already. It is nil while somebody does.
func (r *request) lost() error {
	if r.ctx.Err() != nil {
		return context.Cause(r.ctx)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.err
}

// A unit is rows of one request that run together.
type unit struct {
	request *request
	first   int
	rows    [][]int64
}

// A queue holds what waits for a lane: units that people wait for, bounded by
// rows, and beside them bulk requests, which limit themselves. When both wait
// they take turns, so who asks about one idea waits for one bulk run at most.
type queue struct {
	mu       sync.Mutex
	more     sync.Cond // something came, or the queue was closed
	units    []unit
	rows     int // of units
	limit    int // of rows
	bulk     []*request
	bulkRows int  // of bulk that are not taken yet
	bulkTurn bool // when both wait
	closed   bool
}

func newQueue(limit int) *queue {
	q := &queue{limit: limit}
	q.more.L = &q.mu
	return q
}

// errFull means that the caller has to come back later.
var errFull = errors.New("the queue is full")

func errClosed() error {
	return errs.New(errs.Unavailable, "scoring.closed", "The model is shutting down.")
}

// put adds a request, as one unit or as one for each row, or refuses it; the
// caller keeps its use of the version then.
func (q *queue) put(r *request, together bool) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed {
		return errClosed()
	}
	if q.rows+len(r.rows) > q.limit {
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

// putBulk adds a request whose rows lanes take run by run, as they come to it;
// the rows are sorted by length. It is not refused but when the queue is closed.
func (q *queue) putBulk(r *request) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed {
		return errClosed()
	}
	q.bulk = append(q.bulk, r)
	q.bulkRows += len(r.rows)
	q.more.Broadcast()
	return nil
}

// take waits for work and returns one run: the oldest unit, with those of what
// else waits that fit the same run, or rows of a bulk request. It is nil when
// the queue is closed and empty.
func (q *queue) take(budget int) []unit {
	q.mu.Lock()
	defer q.mu.Unlock()
	for len(q.units) == 0 && len(q.bulk) == 0 {
		if q.closed {
			return nil
		}
		q.more.Wait()
	}
	if len(q.bulk) > 0 && (q.bulkTurn || len(q.units) == 0) {
		q.bulkTurn = false
		return []unit{q.takeBulk(budget)}
	}
	q.bulkTurn = true
	taken, rest := gather(q.units, budget)
	q.units = rest
	for _, u := range taken {
		q.rows -= len(u.rows)
	}
	return taken
}

// takeBulk returns the next run of the bulk request whose turn it is; the turn
// goes to the next request.
func (q *queue) takeBulk(budget int) unit {
	r := q.bulk[0]
	rows := r.rows[r.next:]
	rows = rows[:fill(rows, budget)]
	u := unit{r, r.next, rows}
	r.next += len(rows)
	q.bulkRows -= len(rows)
	q.bulk = q.bulk[1:]
	if r.next < len(r.rows) {
		q.bulk = append(q.bulk, r)
	}
	return u
}

// length returns how many rows wait, of single and of bulk requests.
func (q *queue) length() (rows, bulk int) {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.rows, q.bulkRows
}

// close refuses what comes; what waits is still taken.
func (q *queue) close() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.closed = true
	q.more.Broadcast()
}
