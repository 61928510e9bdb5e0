// Package brain answers for each tenant with the model that the tenant chose.
// It joins the choice, which the database keeps, with the shelf of loaded
// models. It does not know HTTP, how scores are kept or what a model is made of.
package brain

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"globalbrain/internal/postgres"
	"globalbrain/internal/promotion"
	"globalbrain/internal/scoring"
	"globalbrain/internal/tenant"
)

// Kept is how long a tenant's choice is remembered, which is how late a running
// process may be to notice a promotion that another one made.
const Kept = 5 * time.Second

// logEvery is how often the log says that the same model cannot be served.
const logEvery = time.Minute

// Brain is safe for concurrent use.
type Brain struct {
	store   *postgres.Store
	shelf   *scoring.Shelf
	log     *slog.Logger
	instead prometheus.Counter

	mu      sync.Mutex
	known   map[tenant.ID]memory
	changed map[tenant.ID]time.Time   // when the choice last changed here
	told    map[scoring.Ref]time.Time // when the log last said that a model cannot be served
}

// memory is a choice and when it was read.
type memory struct {
	choice promotion.Choice
	at     time.Time
}

// New returns a brain over the models of a shelf, which outlives it. register
// may be nil.
func New(store *postgres.Store, shelf *scoring.Shelf, log *slog.Logger, register prometheus.Registerer) (*Brain, error) {
	b := &Brain{
		store: store, shelf: shelf, log: log, known: map[tenant.ID]memory{}, changed: map[tenant.ID]time.Time{}, told: map[scoring.Ref]time.Time{},
		instead: prometheus.NewCounter(prometheus.CounterOpts{
			Namespace: "globalbrain", Subsystem: "scoring", Name: "instead_total",
			Help: "Answers given by another model because the tenant's own could not be served.",
		}),
	}
	if register != nil {
		if err := register.Register(b.instead); err != nil {
			return nil, fmt.Errorf("register the brain's metrics: %w", err)
		}
	}
	return b, nil
}

// choice returns a tenant's choice as it was at most Kept ago. While the
// database cannot be asked, the last one known holds.
func (b *Brain) choice(ctx context.Context, id tenant.ID) (promotion.Choice, error) {
	b.mu.Lock()
	known, ok := b.known[id]
	b.mu.Unlock()
	if ok && time.Since(known.at) < Kept {
		return known.choice, nil
	}
	fresh, err := b.fresh(ctx, id)
	if err != nil && ok && ctx.Err() == nil {
		b.log.WarnContext(ctx, "the choice of a model cannot be read; the last one known holds", "tenant", id, "error", err)
		return known.choice, nil
	}
	return fresh, err
}

// fresh reads a tenant's choice anew.
func (b *Brain) fresh(ctx context.Context, id tenant.ID) (promotion.Choice, error) {
	began := time.Now()
	c, err := b.store.ModelChoice(ctx, id)
	if err != nil {
		return c, err
	}
	b.learn(id, memory{c, began})
	return c, nil
}

// learn remembers a choice, unless what is known is newer: of two that read at
// once, the one that began later knows more.
func (b *Brain) learn(id tenant.ID, m memory) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if m.at.After(b.known[id].at) && m.at.After(b.changed[id]) {
		b.known[id] = m
	}
}

// own is the model that this program was started with.
func (b *Brain) own() promotion.Model {
	folder, m := b.shelf.Own()
	return promotion.Model{Folder: folder, Title: m.Title(), Hash: m.Hash()}
}

// live is the model that shall answer by a choice.
func (b *Brain) live(c promotion.Choice) promotion.Model {
	if m := c.Live(); m.Chosen() {
		return m
	}
	return b.own()
}

func refOf(m promotion.Model) scoring.Ref { return scoring.Ref{Folder: m.Folder, Hash: m.Hash} }

// ask calls fn with the tenant's model. Where that cannot be served, it says so
// in the log and calls fn with the platform's, and then with the program's own.
func (b *Brain) ask(ctx context.Context, id tenant.ID, fn func(*scoring.Scorer) error) error {
	c, err := b.choice(ctx, id)
	if err != nil {
		return err
	}
	for _, m := range []promotion.Model{c.Own, c.Platform} {
		if !m.Chosen() {
			continue
		}
		err := b.shelf.Ask(ctx, refOf(m), fn)
		broken, ok := errors.AsType[*scoring.NotServedError](err)
		if !ok {
			return err
		}
		b.tell(ctx, id, broken)
		b.instead.Inc()
	}
	return b.shelf.Ask(ctx, scoring.Ref{}, fn)
}

// tell says in the log that a model cannot be served, not more often than is
// useful.
func (b *Brain) tell(ctx context.Context, id tenant.ID, broken *scoring.NotServedError) {
	b.mu.Lock()
	again := time.Since(b.told[broken.Ref]) >= logEvery
	if again {
		b.told[broken.Ref] = time.Now()
	}
	b.mu.Unlock()
	if again {
		b.log.ErrorContext(ctx, "another model answers instead of the chosen one", "tenant", id, "model", broken.Ref.Folder, "error", broken.Err)
	}
}

// Coach gives advice on a draft by the tenant's model. Its errors are those of
// scoring.Scorer.
func (b *Brain) Coach(ctx context.Context, id tenant.ID, t scoring.Text) (advice scoring.Advice, err error) {
	err = b.ask(ctx, id, func(s *scoring.Scorer) (err error) {
		advice, err = s.Coach(ctx, t)
		return err
	})
	return advice, err
}

// Chosen returns the model that shall score a tenant's ideas, read anew, and the
// choice that it comes from.
func (b *Brain) Chosen(ctx context.Context, id tenant.ID) (promotion.Choice, promotion.Model, error) {
	c, err := b.fresh(ctx, id)
	return c, b.live(c), err
}

// Score scores one idea by a model and no other: a score that is kept is one
// that was chosen. Its errors are those of scoring.Scorer and scoring.Shelf.
func (b *Brain) Score(ctx context.Context, m promotion.Model, t scoring.Text) (score scoring.Score, err error) {
	err = b.shelf.Ask(ctx, refOf(m), func(s *scoring.Scorer) (err error) {
		score, err = s.Score(ctx, t)
		return err
	})
	return score, err
}

// ScoreAll scores many ideas by a model and no other.
func (b *Brain) ScoreAll(ctx context.Context, m promotion.Model, texts []scoring.Text) (scores []scoring.Score, err error) {
	err = b.shelf.Ask(ctx, refOf(m), func(s *scoring.Scorer) (err error) {
		scores, err = s.ScoreAll(ctx, texts)
		return err
	})
	return scores, err
}
