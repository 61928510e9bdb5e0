package sandbox

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"time"

	"globalbrain/internal/payments"
	"globalbrain/internal/pledge"
)

// maxTries is how often one webhook is sent before the provider gives up.
const maxTries = 12

// announce makes the webhooks for a change: one, or the same one twice, each
// with a delay of its own, so that they overtake each other.
func (p *Provider) announce(kind, account, id, reference string) []any {
	if p.o.WebhookURL == "" {
		return nil
	}
	now := time.Now()
	e := payments.WebhookEvent{ID: newID("evt"), Type: kind, Account: account, Created: now.Unix(), Object: payments.EventObject{ID: id, Reference: reference}}
	body, err := json.Marshal(e)
	if err != nil {
		return nil // a struct of strings always marshals
	}
	list := []any{&event{ID: e.ID, Body: body, Due: now.Add(delay(p.o.MaxDelay))}}
	if chance(p.o.TwiceOneIn) {
		list = append(list, &event{ID: e.ID + ".again", Body: body, Due: now.Add(delay(p.o.MaxDelay))})
	}
	return list
}

// alarm tells the delivery that something may be due sooner than it thinks.
func (p *Provider) alarm() {
	select {
	case p.wake <- struct{}{}:
	default:
	}
}

// deliver sends webhooks when they are due and finishes slow charges, until ctx
// is over.
func (p *Provider) deliver(ctx context.Context) {
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-p.wake:
		case <-timer.C:
		}
		for _, e := range p.due() {
			if ctx.Err() != nil {
				return
			}
			p.sendEvent(ctx, e)
		}
		timer.Reset(time.Until(p.nextDue()))
	}
}

// due finishes slow charges and returns the webhooks whose time has come.
func (p *Provider) due() []event {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := time.Now()
	for id := range p.m.processing {
		if c := *p.m.charges[id]; !c.ReadyAt.After(now) {
			c.Status, c.Fee, c.ReadyAt = string(pledge.ChargeSucceeded), fee(c.Amount), time.Time{}
			p.keep(append([]any{&c}, p.announce("payment_intent.succeeded", c.Account, c.ID, c.Reference)...)...)
		}
	}
	var list []event
	for _, e := range p.m.events {
		if !e.Due.After(now) {
			list = append(list, *e)
		}
	}
	return list
}

// nextDue is when the delivery has to look again.
func (p *Provider) nextDue() time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	next := time.Now().Add(time.Hour)
	for _, e := range p.m.events {
		if e.Due.Before(next) {
			next = e.Due
		}
	}
	for id := range p.m.processing {
		if at := p.m.charges[id].ReadyAt; at.Before(next) {
			next = at
		}
	}
	return next
}

// sendEvent tries once and notes what came of it.
func (p *Provider) sendEvent(ctx context.Context, e event) {
	err := p.post(ctx, e.Body)
	e.Due = time.Now().Add(p.o.Retry << e.Tries)
	e.Tries++
	e.Done = err == nil || e.Tries >= maxTries
	if err != nil && ctx.Err() == nil {
		p.o.Log.WarnContext(ctx, "webhook not delivered", "event", e.ID, "try", e.Tries, "error", err)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.keep(&e)
}

// keep is save for what nobody waits for; the caller holds p.mu.
func (p *Provider) keep(objects ...any) {
	if _, err := p.save(objects...); err != nil {
		p.o.Log.Error("write the journal", "error", err)
	}
}

func (p *Provider) post(ctx context.Context, body []byte) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, p.o.WebhookURL, bytes.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set(payments.SignatureHeader, payments.Sign(p.o.WebhookSecret, body, time.Now()))
	res, err := p.http.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close() //nolint:errcheck // it was only read
	_, _ = io.Copy(io.Discard, io.LimitReader(res.Body, 64<<10))
	if res.StatusCode/100 != 2 {
		return fmt.Errorf("status %d", res.StatusCode)
	}
	return nil
}
