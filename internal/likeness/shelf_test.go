package likeness

import (
	"sync"
	"testing"
	"time"
)

// What is wrong here shows with the race detector at the latest.
func TestAShelfIsAskedForBySeveralAtOnce(t *testing.T) {
	t.Parallel()
	var held shelves
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			s := held.of(here, Options{Idle: time.Minute, now: time.Now})
			s.space("model", time.Now())
		})
	}
	all.Wait()
	if len(held.held) != 1 || len(held.held[here].spaces) != 1 {
		t.Errorf("%d tenants and %d spaces are held", len(held.held), len(held.held[here].spaces))
	}
}
