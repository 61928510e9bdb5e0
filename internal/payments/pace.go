package payments

import (
	"context"
	"sync"
	"time"
)

// pace lets calls pass at an even rate, so that a campaign with ten thousand
// backers does not run into the gateway's rate limit.
type pace struct {
	mu   sync.Mutex
	gap  time.Duration
	next time.Time
}

// wait returns when it is the caller's turn, or with ctx's error.
func (p *pace) wait(ctx context.Context) error {
	p.mu.Lock()
	now := time.Now()
	if p.next.Before(now) {
		p.next = now
	}
	turn := p.next
	p.next = turn.Add(p.gap)
	p.mu.Unlock()
	if !turn.After(now) {
		return nil
	}
	timer := time.NewTimer(turn.Sub(now))
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
