package brain

import (
	"context"
	"errors"
	"fmt"
	"time"

	"globalbrain/internal/errs"
	"globalbrain/internal/postgres"
	"globalbrain/internal/promotion"
	"globalbrain/internal/scoring"
	"globalbrain/internal/tenant"
)

// Room is everything that a tenant's model room knows.
type Room struct {
	Installed []scoring.Installed
	Choice    promotion.Choice
	History   promotion.History // the tenant's
	Live      promotion.Model   // that shall answer
	Broken    error             // why it does not; nil: it does
	Progress  postgres.Rescoring
	Earlier   promotion.Model // that a rollback brings back
	CanGoBack bool
}

// Settled reports whether the scores of the live model are those that pages and
// rankings show.
func (r *Room) Settled() bool { return r.Choice.InForce.Hash == r.Live.Hash }

// Room reads everything anew.
func (b *Brain) Room(ctx context.Context, id tenant.ID) (Room, error) {
	var r Room
	var err error
	if r.Choice, r.Live, err = b.Chosen(ctx, id); err != nil {
		return r, err
	}
	if r.Installed, err = scoring.ListInstalled(b.shelf.Models()); err != nil {
		return r, err
	}
	if r.History, err = b.store.ModelHistory(ctx, id); err != nil {
		return r, err
	}
	if r.Progress, err = b.store.Rescored(ctx, id, r.Live.Hash); err != nil {
		return r, err
	}
	if r.Earlier, r.CanGoBack = r.History.Earlier(); r.CanGoBack && !r.Earlier.Chosen() {
		r.Earlier = b.live(promotion.Choice{Platform: r.Choice.Platform})
	}
	if err := b.serves(ctx, r.Live); errs.KindOf(err) != errs.Unavailable { // a full shelf says nothing about the model
		r.Broken = err
	}
	return r, nil
}

// serves returns nil when a model can be asked.
func (b *Brain) serves(ctx context.Context, m promotion.Model) error {
	return b.shelf.Ask(ctx, refOf(m), func(*scoring.Scorer) error { return nil })
}

// Routes says who answers for a tenant in which languages, its model first; nil
// when nobody can be asked.
func (b *Brain) Routes(ctx context.Context, id tenant.ID) (routes []scoring.Route) {
	_ = b.ask(ctx, id, func(s *scoring.Scorer) error { // a page goes on without the card of a model
		routes = s.Routes()
		return nil
	})
	return routes
}

// Find returns one of the models that a Room lists; any other is NotFound.
func (b *Brain) Find(folder string) (scoring.Installed, error) {
	list, err := scoring.ListInstalled(b.shelf.Models())
	if err != nil {
		return scoring.Installed{}, err
	}
	for _, each := range list {
		if each.Folder == folder {
			return each, nil
		}
	}
	return scoring.Installed{}, errs.New(errs.NotFound, "model.unknown", "There is no model of this name.")
}

// Card returns the model card of an installed model, in Markdown.
func (b *Brain) Card(folder string) (string, error) { return scoring.Card(b.shelf.Models(), folder) }

// Promote makes an installed model answer for a tenant: here at once, in other
// processes within Kept. A model that cannot be served is refused.
func (b *Brain) Promote(ctx context.Context, id tenant.ID, folder string, d postgres.Decision) (promotion.Step, error) {
	m, err := b.able(ctx, folder)
	if err != nil {
		return promotion.Step{}, err
	}
	step, err := b.store.PromoteModel(ctx, id, m, d)
	b.forget(id)
	return step, err
}

// able returns an installed model that can be served.
func (b *Brain) able(ctx context.Context, folder string) (promotion.Model, error) {
	found, err := b.Find(folder)
	if err != nil {
		return promotion.Model{}, err
	}
	if found.Err != nil {
		return promotion.Model{}, broken(found.Err, folder)
	}
	m := promotion.Model{Folder: folder, Title: found.Manifest.Title(), Hash: found.Manifest.Hash()}
	return m, b.mustServe(ctx, m)
}

func (b *Brain) mustServe(ctx context.Context, m promotion.Model) error {
	err := b.serves(ctx, m)
	if _, ok := errors.AsType[*scoring.NotServedError](err); ok {
		return broken(err, m.Folder)
	}
	return err
}

func broken(err error, folder string) error {
	return errs.Wrap(err, errs.Conflict, "model.broken", "The model %s cannot be served. \"globalbrain model verify %[1]s\" says what is wrong with it.", folder)
}

// RollBack takes a tenant's last promotion back. The model before it must still
// be there; another one can be promoted instead.
func (b *Brain) RollBack(ctx context.Context, id tenant.ID, d postgres.Decision) (promotion.Step, error) {
	room, err := b.Room(ctx, id)
	if err != nil {
		return promotion.Step{}, err
	}
	if room.CanGoBack {
		if err := b.mustServe(ctx, room.Earlier); err != nil {
			return promotion.Step{}, fmt.Errorf("roll back: %w", err)
		}
	}
	step, err := b.store.RollBackModel(ctx, id, d)
	b.forget(id)
	return step, err
}

// forget makes the next question about a tenant's choice go to the database; what
// was asked of it before does not count any more.
func (b *Brain) forget(id tenant.ID) {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.known, id)
	b.changed[id] = time.Now()
}
