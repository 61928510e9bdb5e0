package scoring

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// bulkOf is a request that nobody waits for yet, of rows of these lengths.
func bulkOf(ctx context.Context, v *version, lengths ...int) *request {
	rows := make([][]int64, len(lengths))
	for i, n := range lengths {
		rows[i] = make([]int64, n)
	}
	v.uses.Add(1)
	return newRequest(ctx, v, rows)
}

func TestBulkAndSingleRequestsTakeTurns(t *testing.T) {
	t.Parallel()
	v := new(version)
	q := newQueue(10)
	for _, lengths := range [][]int{{30, 20, 10}, {31, 21}} {
		if err := q.putBulk(bulkOf(t.Context(), v, lengths...)); err != nil {
			t.Fatal(err)
		}
	}
	for _, n := range []int{1, 2} {
		if err := q.put(bulkOf(t.Context(), v, n), true); err != nil {
			t.Fatal(err)
		}
	}
	var got []int
	for {
		if rows, bulk := q.length(); rows+bulk == 0 {
			break
		}
		got = append(got, lengthsOf(q.take(1))...)
	}
	// Singles and bulk by turns, and the two bulk requests by turns among themselves.
	if want := []int{1, 30, 2, 31, 20, 21, 10}; !slices.Equal(got, want) {
		t.Errorf("took %v, want %v", got, want)
	}
}

func TestBulkRequestsLoseNoRow(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		q, v := newQueue(1), new(version)
		budget := rapid.IntRange(1, 2000).Draw(r, "budget")
		var requests []*request
		for range rapid.IntRange(1, 4).Draw(r, "requests") {
			lengths := rapid.SliceOfN(rapid.IntRange(1, 256), 1, 30).Draw(r, "lengths")
			slices.SortFunc(lengths, func(a, b int) int { return b - a })
			requests = append(requests, bulkOf(t.Context(), v, lengths...))
			if err := q.putBulk(requests[len(requests)-1]); err != nil {
				r.Fatal(err)
			}
		}
		q.close()
		for units := q.take(budget); units != nil; units = q.take(budget) {
			u := units[0]
			if padded := len(u.rows) * longest(u.rows); len(units) != 1 || len(u.rows) > 1 && padded > budget {
				r.Fatalf("a run of %d units and %d padded tokens, the budget is %d", len(units), padded, budget)
			}
			answers := make([]answer, len(u.rows))
			for i := range answers {
				answers[i].logit = float32(len(u.rows[i]))
			}
			u.request.settle(u.first, len(u.rows), answers, nil)
		}
		for _, one := range requests {
			answers, err := one.wait()
			if err != nil {
				r.Fatal(err)
			}
			for i, a := range answers {
				if int(a.logit) != len(one.rows[i]) {
					r.Fatalf("row %d of %d tokens got the answer of one of %g", i, len(one.rows[i]), a.logit)
				}
			}
		}
		v.uses.Wait()
	})
}

func TestABulkCallerWhoLeavesFreesTheLanes(t *testing.T) {
	t.Parallel()
	s := idle(t, options(t))
	ctx, leave := context.WithCancel(t.Context())
	gone := make(chan error, 1)
	go func() {
		_, err := s.ScoreAll(ctx, slices.Repeat([]Text{draft}, 5000)) // half a minute of work and more
		gone <- err
	}()
	for bulk := 0; bulk == 0; _, bulk = s.queue.length() {
		time.Sleep(time.Millisecond)
	}
	leave()
	if err := <-gone; !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want %v", err, context.Canceled)
	}
	s.start()
	if _, err := s.Score(t.Context(), draft); err != nil {
		t.Error(err)
	}
	// Close waits until the queue is empty: the rows of who left are not run.
}

func TestRowsOfARequestThatFailedAreNotRun(t *testing.T) {
	t.Parallel()
	s := idle(t, options(t))
	broken := errors.New("the device is gone")
	r := bulkOf(t.Context(), s.current, 5, 4, 3)
	if err := s.queue.putBulk(r); err != nil {
		t.Fatal(err)
	}
	r.settle(0, 1, nil, broken)
	s.queue.take(1)
	for range 2 {
		if left := s.present(s.queue.take(1)); len(left) != 0 {
			t.Errorf("%d rows would run", len(left[0].rows))
		}
	}
	if _, err := r.wait(); !errors.Is(err, broken) {
		t.Errorf("got %v, want %v", err, broken)
	}
}
