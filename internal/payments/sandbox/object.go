package sandbox

import (
	"crypto/rand"
	"encoding/json"
	"time"

	"globalbrain/internal/payments"
)

// Everything that the provider remembers. Each object is written to the journal
// as a whole whenever it changes; the last one written is the one that holds.
type (
	setup struct {
		payments.SetupIntent
		Account string                  `json:"account"`
		Request payments.NewSetupIntent `json:"request"`
	}
	method struct {
		ID            string `json:"id"`
		Account       string `json:"account"`
		Card          string `json:"card"`
		Authenticated bool   `json:"authenticated"`
		Charges       int    `json:"charges"` // how often it was charged
		Busy          int    `json:"busy"`    // how often a charge was answered 429
	}
	charge struct {
		payments.PaymentIntent
		Account string    `json:"account"`
		ReadyAt time.Time `json:"ready_at,omitzero"` // of a slow one: when it will be through
	}
	refund struct {
		payments.RefundObject
		Account string `json:"account"`
	}
	// reply is the answer to an idempotency key, for ever.
	reply struct {
		Key    string          `json:"key"` // account and key
		Hash   string          `json:"hash"`
		Status int             `json:"status"`
		Body   json.RawMessage `json:"body"`
	}
	// event is a webhook on its way.
	event struct {
		ID    string          `json:"id"`
		Body  json.RawMessage `json:"body"`
		Due   time.Time       `json:"due"`
		Tries int             `json:"tries"`
		Done  bool            `json:"done"`
	}
)

// memory is all objects by their ids, and their references.
type memory struct {
	setups  map[string]*setup
	methods map[string]*method
	charges map[string]*charge
	refunds map[string]*refund
	replies map[string]*reply
	events  map[string]*event

	order      []string          // charges in the order they were made
	processing map[string]bool   // charges that are not through
	byRef      map[string]string // account, kind and reference -> id
}

func newMemory() *memory {
	return &memory{
		setups: map[string]*setup{}, methods: map[string]*method{}, charges: map[string]*charge{}, refunds: map[string]*refund{},
		replies: map[string]*reply{}, events: map[string]*event{}, byRef: map[string]string{}, processing: map[string]bool{},
	}
}

func refKey(account, kind, reference string) string { return account + "\n" + kind + "\n" + reference }

// put takes one object in, new or changed.
func (m *memory) put(object any) {
	switch o := object.(type) {
	case *setup:
		m.setups[o.ID] = o
		m.byRef[refKey(o.Account, "setup", o.Reference)] = o.ID
	case *method:
		m.methods[o.ID] = o
	case *charge:
		if m.charges[o.ID] == nil {
			m.order = append(m.order, o.ID)
		}
		m.charges[o.ID] = o
		delete(m.processing, o.ID)
		if !o.ReadyAt.IsZero() {
			m.processing[o.ID] = true
		}
		m.byRef[refKey(o.Account, "charge", o.Reference)] = o.ID
	case *refund:
		m.refunds[o.ID] = o
		m.byRef[refKey(o.Account, "refund", o.Reference)] = o.ID
	case *reply:
		m.replies[o.Key] = o
	case *event:
		if o.Done {
			delete(m.events, o.ID)
			return
		}
		m.events[o.ID] = o
	}
}

// all lists every object, for a fresh journal.
func (m *memory) all() []any {
	var list []any
	for _, o := range m.setups {
		list = append(list, o)
	}
	for _, o := range m.methods {
		list = append(list, o)
	}
	for _, id := range m.order {
		list = append(list, m.charges[id])
	}
	for _, o := range m.refunds {
		list = append(list, o)
	}
	for _, o := range m.replies {
		list = append(list, o)
	}
	for _, o := range m.events {
		list = append(list, o)
	}
	return list
}

// newID returns an id that nobody can guess: a setup's id opens its page.
func newID(prefix string) string { return prefix + "_" + rand.Text() }
