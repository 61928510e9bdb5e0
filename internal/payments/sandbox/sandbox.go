// Package sandbox is a payment provider for tests and demos: a stateful HTTP
// server with a hosted page, an API with idempotency keys, test cards for every
// outcome, and signed webhooks that come late, twice and out of order. What it
// has answered survives a kill. It moves no money and takes no real card.
package sandbox

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"os"
	"strings"
	"sync"
	"time"

	"golang.org/x/text/language"
)

// Options say how the provider runs.
type Options struct {
	Dir           string        // where its journal lies; made if missing
	Key           string        // the API key of its one customer
	BaseURL       string        // its own address, as browsers reach it
	WebhookURL    string        // where webhooks go; empty: nowhere
	WebhookSecret string        // with which they are signed
	MaxDelay      time.Duration // webhooks come between at once and this late; 0: 2 s
	TwiceOneIn    int           // one webhook in so many comes twice; 0: 3
	Retry         time.Duration // pause before a webhook is sent again, doubled each time; 0: 2 s
	SlowFor       time.Duration // how long the slow card processes; 0: 5 s
	Log           *slog.Logger
}

// Provider is the running payment provider.
type Provider struct {
	o    Options
	mux  *http.ServeMux
	http *http.Client

	mu      sync.Mutex
	m       *memory
	journal *journal
	closed  bool

	wake chan struct{} // a webhook may be due sooner than thought
	stop context.CancelFunc
	done sync.WaitGroup
}

// Open reads the journal and starts to deliver webhooks. Close the provider
// after the HTTP server around it has stopped.
func Open(o Options) (*Provider, error) {
	if o.MaxDelay == 0 {
		o.MaxDelay = 2 * time.Second
	}
	if o.TwiceOneIn == 0 {
		o.TwiceOneIn = 3
	}
	if o.Retry == 0 {
		o.Retry = 2 * time.Second
	}
	if o.SlowFor == 0 {
		o.SlowFor = 5 * time.Second
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Key == "" {
		return nil, errors.New("open the sandbox gateway: an API key is needed")
	}
	if err := os.MkdirAll(o.Dir, 0o700); err != nil {
		return nil, fmt.Errorf("open the sandbox gateway: %w", err)
	}
	m := newMemory()
	j, err := openJournal(o.Dir, m)
	if err != nil {
		return nil, fmt.Errorf("open the sandbox gateway: %w", err)
	}
	ctx, stop := context.WithCancel(context.Background())
	p := &Provider{o: o, m: m, journal: j, stop: stop, wake: make(chan struct{}, 1), http: &http.Client{Timeout: 10 * time.Second}}
	p.mux = p.routes()
	p.done.Go(func() { p.deliver(ctx) })
	return p, nil
}

// Close stops the webhooks and closes the journal.
func (p *Provider) Close() error {
	p.stop()
	p.done.Wait()
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return nil
	}
	p.closed = true
	return p.journal.close()
}

// ServeHTTP implements http.Handler.
func (p *Provider) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, 64<<10)
	h := w.Header()
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; frame-ancestors 'none'; base-uri 'none'")
	p.mux.ServeHTTP(w, r)
}

func (p *Provider) routes() *http.ServeMux {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /v1/setup_intents", p.idempotent(p.newSetup))
	mux.HandleFunc("GET /v1/setup_intents", p.authorised(p.findSetup))
	mux.HandleFunc("POST /v1/payment_intents", p.idempotent(p.newCharge))
	mux.HandleFunc("GET /v1/payment_intents", p.authorised(p.listCharges))
	mux.HandleFunc("POST /v1/refunds", p.idempotent(p.newRefund))
	mux.HandleFunc("GET /v1/refunds", p.authorised(p.findRefund))
	mux.HandleFunc("GET /pay/{setup}", p.showPage)
	mux.HandleFunc("POST /pay/{setup}", p.confirm)
	mux.HandleFunc("GET /style.css", serveStyle)
	mux.HandleFunc("GET /{$}", p.welcome)
	return mux
}

// authorised lets requests with the API key pass.
func (p *Provider) authorised(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		key, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
		if subtle.ConstantTimeCompare([]byte(key), []byte(p.o.Key)) != 1 {
			refuse(w, http.StatusUnauthorized, "unauthorized", "The API key is missing or wrong.")
			return
		}
		next(w, r)
	}
}

// save writes changed objects to memory and journal; the caller holds p.mu. The
// objects must be new or copies: those in memory belong to their readers.
func (p *Provider) save(objects ...any) (int64, error) {
	if p.closed {
		return 0, os.ErrClosed
	}
	position, err := p.journal.write(objects...)
	if err != nil {
		return 0, err
	}
	for _, o := range objects {
		p.m.put(o)
	}
	return position, nil
}

func chance(oneIn int) bool { return rand.IntN(oneIn) == 0 } //nolint:gosec // G404: no secret hangs on it

func delay(longest time.Duration) time.Duration {
	return time.Duration(rand.Int64N(int64(longest) + 1)) //nolint:gosec // G404: no secret hangs on it
}

// matcher chooses the page's language.
var matcher = language.NewMatcher([]language.Tag{language.English, language.SimplifiedChinese})
