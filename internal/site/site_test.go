package site_test

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus"

	"globalbrain/internal/account"
	"globalbrain/internal/database"
	"globalbrain/internal/payments"
	"globalbrain/internal/payments/sandbox"
	"globalbrain/internal/pgtest"
	"globalbrain/internal/postgres"
	"globalbrain/internal/site"
	"globalbrain/internal/tenant"
)

// town is a whole site over a database of its own, driven over HTTP.
type town struct {
	t      *testing.T
	db     *pgtest.DB
	store  *postgres.Store // as the application
	owner  *postgres.Store // as the schema's owner, who makes tenants
	site   *site.Server
	server *httptest.Server
	health *tenant.Tenant
}

const password = "a long enough password"

// hasher is shared: hashing is the slowest part of these tests.
var hasher = account.NewHasher(4)

func newTown(t *testing.T) *town {
	t.Helper()
	return newTownWith(t, func(*site.Deps) {})
}

// newTownWith is newTown with other settings.
func newTownWith(t *testing.T, set func(*site.Deps)) *town {
	t.Helper()
	db := pgtest.New(t)
	tw := &town{t: t, db: db, store: newStore(t, database.New(db.App)), owner: newStore(t, database.New(db.Owner))}
	tw.health = &tenant.Tenant{
		Slug: "health", Name: map[string]string{"en": "Health", "zh-CN": "健康"},
		Hue: 160, Currency: "EUR", Locales: []string{"en", "zh-CN"}, Policy: tenant.DefaultPolicy(),
	}
	id, err := tw.owner.CreateTenant(t.Context(), tw.health)
	if err != nil {
		t.Fatal(err)
	}
	tw.health.ID = id
	tw.server = httptest.NewUnstartedServer(nil)
	deps := site.Deps{
		Store: tw.store, Hasher: hasher, Mailbox: true, BaseURL: "http://" + tw.server.Listener.Addr().String(),
		Log: slog.New(slog.DiscardHandler), Metrics: prometheus.NewRegistry(),
	}
	deps.Gateway, deps.GatewayOrigin = newGateway(t)
	set(&deps)
	s, err := site.New(deps)
	if err != nil {
		t.Fatal(err)
	}
	tw.site = s
	tw.server.Config.Handler = s
	tw.server.Start()
	t.Cleanup(tw.server.Close)
	return tw
}

// newGateway starts the test provider beside the site, without webhooks.
func newGateway(t *testing.T) (payments.Gateway, string) {
	t.Helper()
	var provider *sandbox.Provider
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { provider.ServeHTTP(w, r) }))
	origin := "http://" + server.Listener.Addr().String()
	provider, err := sandbox.Open(sandbox.Options{Dir: t.TempDir(), Key: "test key", BaseURL: origin})
	if err != nil {
		t.Fatal(err)
	}
	server.Start()
	t.Cleanup(func() {
		server.Close()
		if err := provider.Close(); err != nil {
			t.Error(err)
		}
	})
	return payments.NewSandbox(payments.SandboxOptions{URL: origin, Key: "test key", WebhookSecret: "test secret", PerSecond: 10_000}), origin
}

func newStore(t *testing.T, db *database.DB) *postgres.Store {
	t.Helper()
	s, err := postgres.NewStore(db)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// browser is a client with cookies that does not follow redirects by itself.
type browser struct {
	*town
	client *http.Client
	lang   string
}

func (tw *town) browser() *browser {
	jar, err := cookiejar.New(nil)
	if err != nil {
		tw.t.Fatal(err)
	}
	return &browser{town: tw, lang: "en", client: &http.Client{
		Jar:           jar,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// answer is what came back, with its body read.
type answer struct {
	*http.Response
	body string
}

func (b *browser) send(method, path string, form url.Values, header ...string) answer {
	b.t.Helper()
	var body io.Reader
	if form != nil {
		body = strings.NewReader(form.Encode())
	}
	r, err := http.NewRequestWithContext(context.Background(), method, b.server.URL+path, body)
	if err != nil {
		b.t.Fatal(err)
	}
	r.Header.Set("Accept-Language", b.lang)
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	res, err := b.client.Do(r)
	if err != nil {
		b.t.Fatal(err)
	}
	defer res.Body.Close() //nolint:errcheck // read to the end below
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	return answer{res, string(raw)}
}

// get fetches a page that must have the status.
func (b *browser) get(path string, status int) string {
	b.t.Helper()
	a := b.send(http.MethodGet, path, nil)
	if a.StatusCode != status {
		b.t.Fatalf("GET %s: %d, want %d\n%s", path, a.StatusCode, status, a.body)
	}
	return a.body
}

// post sends a form that must be answered with the status, and returns the page
// or, after a redirect, where it leads.
func (b *browser) post(path string, status int, pairs ...string) string {
	b.t.Helper()
	form := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Add(pairs[i], pairs[i+1])
	}
	a := b.send(http.MethodPost, path, form, "Sec-Fetch-Site", "same-origin")
	if a.StatusCode != status {
		b.t.Fatalf("POST %s: %d, want %d\n%s", path, a.StatusCode, status, a.body)
	}
	if status == http.StatusSeeOther {
		return a.Header.Get("Location")
	}
	return a.body
}

var verifyLink = regexp.MustCompile(`href="(/(?:verify|reset/password)\?[^"]+)"`)

// link returns the first link in the mailbox of an address.
func (b *browser) link(address string) string {
	b.t.Helper()
	found := verifyLink.FindStringSubmatch(b.get("/mailbox?for="+url.QueryEscape(address), http.StatusOK))
	if found == nil {
		b.t.Fatalf("no link for %s in the mailbox", address)
	}
	return strings.ReplaceAll(found[1], "&amp;", "&")
}

// arrive signs a new person up, follows the link in the message, and returns
// their browser, signed in.
func (tw *town) arrive(name, address string) *browser {
	tw.t.Helper()
	b := tw.browser()
	b.post("/signup", http.StatusOK, "name", name, "email", address, "password", password, "next", "/t/health")
	link, err := url.Parse(b.link(address))
	if err != nil {
		tw.t.Fatal(err)
	}
	b.get(link.String(), http.StatusOK)
	q := link.Query()
	if to := b.post("/verify", http.StatusSeeOther, "t", q.Get("t"), "next", q.Get("next"), "password", password); to != "/t/health" {
		tw.t.Fatalf("verified, and led to %s", to)
	}
	return b
}

func mustContain(t *testing.T, page string, wants ...string) {
	t.Helper()
	for _, want := range wants {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not say %q\n%s", want, page)
		}
	}
}
