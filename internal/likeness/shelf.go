package likeness

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/google/uuid"

	"globalbrain/internal/postgres"
	"globalbrain/internal/similar"
	"globalbrain/internal/tenant"
)

// shelves are what is known, by tenant: nothing of one tenant is ever beside
// something of another one's.
type shelves struct {
	mu   sync.Mutex
	held map[tenant.ID]*shelf
}

// shelf is what is known of one tenant. It takes about 1.1 kB for the words of an
// idea and 0.5 kB for its embedding, for each model.
type shelf struct {
	texts    follower
	sketches *similar.Sketches[uuid.UUID]
	asked    time.Time

	mu     sync.Mutex
	spaces map[string]*space // by the model's hash: embeddings of two models cannot be compared
}

// space is what one model made of a tenant's ideas.
type space struct {
	follower
	index *similar.Index[uuid.UUID]
	asked time.Time
}

// of returns a tenant's shelf, an empty one at first, and drops those that nobody
// has asked for.
func (s *shelves) of(id tenant.ID, o Options) *shelf {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := o.now()
	for other, held := range s.held {
		if now.Sub(held.asked) > o.Idle {
			delete(s.held, other)
		}
	}
	held := s.held[id]
	if held == nil {
		held = &shelf{sketches: similar.NewSketches[uuid.UUID](), spaces: map[string]*space{}}
		if s.held == nil {
			s.held = map[tenant.ID]*shelf{}
		}
		s.held[id] = held
	}
	held.asked = now
	held.drop(now.Add(-o.Idle))
	return held
}

// space returns what is known of one model, which is asked for now, and nothing at
// first.
func (s *shelf) space(model string, now time.Time) *space {
	s.mu.Lock()
	defer s.mu.Unlock()
	held := s.spaces[model]
	if held == nil {
		held = &space{index: similar.NewIndex[uuid.UUID]()}
		s.spaces[model] = held
	}
	held.asked = now
	return held
}

// drop forgets the models that nobody has asked about since a time.
func (s *shelf) drop(before time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for model, held := range s.spaces {
		if held.asked.Before(before) {
			delete(s.spaces, model)
		}
	}
}

func (s *shelf) learnText(t postgres.IdeaText) error {
	if !t.State.Standing() {
		s.sketches.Remove(t.ID)
		return nil
	}
	s.sketches.Put(t.ID, similar.SketchOf(similar.ShinglesOf(Plain(t.Draft))))
	return nil
}

func (s *space) learn(e postgres.IdeaEmbedding) error {
	if !e.State.Standing() || e.Vector == nil {
		s.index.Remove(e.Idea)
		return nil
	}
	if err := s.index.Put(e.Idea, e.Vector); err != nil {
		return fmt.Errorf("idea %s: %w", e.Idea, err)
	}
	return nil
}

// follower keeps something up with the database. The zero value has seen nothing.
type follower struct {
	mu      sync.Mutex
	since   time.Time     // what to ask from next
	looked  time.Time     // when the last look began
	looking chan struct{} // closed when the look that is under way has ended; nil without one
	failure error         // of the last look
}

// longestLook ends a look that hangs. Reading 100,000 ideas for the first time
// takes some ten seconds.
const longestLook = 2 * time.Minute

// follow looks at what has changed, unless that was done a moment ago. The look
// goes on when the caller leaves or loses patience, for others will need it; then
// what is known so far must do, which is no error.
func (f *follower) follow(ctx context.Context, o Options, look func(context.Context, time.Time) (time.Time, error)) error {
	f.mu.Lock()
	if f.looking == nil {
		if !f.looked.IsZero() && f.failure == nil && o.now().Sub(f.looked) < o.Staleness {
			f.mu.Unlock()
			return nil
		}
		f.looking, f.looked = make(chan struct{}), o.now()
		go f.look(context.WithoutCancel(ctx), look)
	}
	looking := f.looking
	f.mu.Unlock()
	patience := time.NewTimer(o.Patience)
	defer patience.Stop()
	select {
	case <-looking:
		f.mu.Lock()
		defer f.mu.Unlock()
		return f.failure
	case <-patience.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (f *follower) look(ctx context.Context, look func(context.Context, time.Time) (time.Time, error)) {
	ctx, cancel := context.WithTimeout(ctx, longestLook)
	defer cancel()
	next, err := look(ctx, f.since) // since is only touched by the look that is under way
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.failure = err; err == nil {
		f.since = next
	}
	close(f.looking)
	f.looking = nil
}
