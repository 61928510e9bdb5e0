package api_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"

	"globalbrain/internal/account"
	"globalbrain/internal/api"
	"globalbrain/internal/database"
	"globalbrain/internal/idea"
	"globalbrain/internal/pgtest"
	"globalbrain/internal/postgres"
	"globalbrain/internal/tenant"
)

// town is the API over a database of its own, driven over HTTP: two tenants,
// and people who have signed in.
type town struct {
	t      *testing.T
	db     *pgtest.DB
	store  *postgres.Store // as the application
	owner  *postgres.Store // as the schema's owner, who makes tenants
	api    *api.Server
	server *httptest.Server
	log    *lines
	health *tenant.Tenant
	other  *tenant.Tenant
	olga   uuid.UUID // owns both
}

const password = "a long enough password"

// hasher is shared: hashing is the slowest part of these tests.
var hasher = account.NewHasher(4)

// passwordHash is everybody's.
var passwordHash = sync.OnceValues(func() (string, error) { return hasher.Hash(context.Background(), password) })

// lines is what was logged.
type lines struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *lines) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(b)
}

func newTown(t *testing.T, set ...func(*api.Deps)) *town {
	t.Helper()
	db := pgtest.New(t)
	tw := &town{t: t, db: db, store: newStore(t, database.New(db.App)), owner: newStore(t, database.New(db.Owner)), log: &lines{}}
	deps := api.Deps{Store: tw.store, BaseURL: "http://example.test", Hasher: hasher, Log: slog.New(slog.NewTextHandler(tw.log, nil))}
	for _, change := range set {
		change(&deps)
	}
	tw.api = api.New(deps)
	tw.server = httptest.NewServer(tw.api)
	t.Cleanup(tw.server.Close)
	tw.health, tw.other = tw.community("health"), tw.community("other")
	tw.olga = tw.account("Olga Owner")
	for _, id := range []tenant.ID{tw.health.ID, tw.other.ID} {
		if err := tw.store.JoinTenant(t.Context(), id, tw.olga); err != nil {
			t.Fatal(err)
		}
		if err := tw.owner.AppointOwner(t.Context(), id, tw.olga); err != nil {
			t.Fatal(err)
		}
	}
	return tw
}

func newStore(t *testing.T, db *database.DB) *postgres.Store {
	t.Helper()
	s, err := postgres.NewStore(db)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func (tw *town) community(slug string) *tenant.Tenant {
	tw.t.Helper()
	made := &tenant.Tenant{Slug: slug, Name: map[string]string{"en": slug}, Tagline: map[string]string{}, Hue: 160, Currency: "EUR", Locales: []string{"en"}, Policy: tenant.DefaultPolicy()}
	var err error
	if made.ID, err = tw.owner.CreateTenant(tw.t.Context(), made); err != nil {
		tw.t.Fatal(err)
	}
	return made
}

func (tw *town) newCall(t *tenant.Tenant, slug string) uuid.UUID {
	tw.t.Helper()
	c, err := tw.store.CreateCall(tw.t.Context(), t.ID, tw.olga, idea.Call{Slug: slug, Title: map[string]string{"en": slug}, Brief: map[string]string{"en": "Shade."}})
	if err != nil {
		tw.t.Fatal(err)
	}
	return c.ID
}

func emailOf(name string) string {
	return strings.ToLower(strings.ReplaceAll(name, " ", ".")) + "@example.org"
}

// account makes a verified account.
func (tw *town) account(name string) uuid.UUID {
	tw.t.Helper()
	ctx := tw.t.Context()
	hash, err := passwordHash()
	if err != nil {
		tw.t.Fatal(err)
	}
	ticket := account.NewTicket(uuid.Must(uuid.NewV7()))
	letter := account.Letter{To: emailOf(name), Subject: "Welcome", Body: "Prove your address."}
	err = tw.store.SignUp(ctx, postgres.SignUp{Name: name, Email: emailOf(name), Locale: "en", PasswordHash: hash, Ticket: ticket, Verify: letter, Known: letter})
	if err != nil {
		tw.t.Fatal(err)
	}
	id, err := tw.store.VerifyEmail(ctx, ticket)
	if err != nil {
		tw.t.Fatal(err)
	}
	return id
}

// client is somebody who calls the API about one tenant; without a token,
// nobody in particular.
type client struct {
	*town
	where *tenant.Tenant
	id    uuid.UUID
	token string
}

func (tw *town) nobody() *client { return &client{town: tw, where: tw.health} }

// person makes an account with roles in the tenant health, and signs it in.
func (tw *town) person(name, organisation string, roles ...tenant.Role) *client {
	tw.t.Helper()
	return tw.personIn(tw.health, name, organisation, roles...)
}

func (tw *town) personIn(where *tenant.Tenant, name, organisation string, roles ...tenant.Role) *client {
	tw.t.Helper()
	c := tw.signIn(where, name, tw.account(name))
	c.appoint(where, organisation, roles...)
	return c
}

// appoint makes somebody a member of a tenant, with roles.
func (c *client) appoint(where *tenant.Tenant, organisation string, roles ...tenant.Role) {
	c.t.Helper()
	ctx := c.t.Context()
	if err := c.store.JoinTenant(ctx, where.ID, c.id); err != nil {
		c.t.Fatal(err)
	}
	for _, role := range roles {
		if err := c.store.GrantRole(ctx, where.ID, c.olga, c.id, role); err != nil {
			c.t.Fatal(err)
		}
	}
	if err := c.store.SetOrganisation(ctx, where.ID, c.olga, c.id, organisation); err != nil {
		c.t.Fatal(err)
	}
}

func (tw *town) signIn(where *tenant.Tenant, name string, id uuid.UUID) *client {
	tw.t.Helper()
	c := &client{town: tw, where: where, id: id}
	got := c.send(http.MethodPost, "/sessions", object{"email": emailOf(name), "password": password})
	got.want(http.StatusCreated)
	c.token = got.text("token")
	return c
}

// about is the same person calling about another tenant.
func (c *client) about(where *tenant.Tenant) *client {
	return &client{town: c.town, where: where, id: c.id, token: c.token}
}

// object is a JSON object.
type object = map[string]any

// answer is what came back.
type answer struct {
	t *testing.T
	*http.Response
	raw  []byte
	body object
	what string
}

// send calls the API with a new Idempotency-Key. A body that is a string is
// sent as it is.
func (c *client) send(method, path string, body any, header ...string) *answer {
	c.t.Helper()
	var content io.Reader
	switch b := body.(type) {
	case nil:
	case string:
		content = strings.NewReader(b)
	default:
		raw, err := json.Marshal(b)
		if err != nil {
			c.t.Fatal(err)
		}
		content = bytes.NewReader(raw)
	}
	r, err := http.NewRequestWithContext(context.Background(), method, c.server.URL+api.Prefix+path, content)
	if err != nil {
		c.t.Fatal(err)
	}
	if content != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	r.Header.Set("Idempotency-Key", uuid.NewString())
	if c.token != "" {
		r.Header.Set("Authorization", "Bearer "+c.token)
	}
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
		if header[i+1] == "" {
			r.Header.Del(header[i])
		}
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		c.t.Fatal(err)
	}
	defer res.Body.Close() //nolint:errcheck // read to the end below
	got := &answer{t: c.t, Response: res, what: method + " " + path}
	if got.raw, err = io.ReadAll(res.Body); err != nil {
		c.t.Fatal(err)
	}
	if bytes.HasPrefix(got.raw, []byte("{")) {
		if err := json.Unmarshal(got.raw, &got.body); err != nil {
			c.t.Fatalf("%s: %v in %s", got.what, err, got.raw)
		}
	}
	return got
}

// in calls the API in the client's tenant.
func (c *client) in(method, path string, body any, header ...string) *answer {
	c.t.Helper()
	return c.send(method, "/tenants/"+c.where.Slug+path, body, header...)
}

// do is in with an answer that must be good.
func (c *client) do(method, path string, body any, header ...string) *answer {
	c.t.Helper()
	got := c.in(method, path, body, header...)
	if got.StatusCode >= 300 {
		c.t.Fatalf("%s: %d %s\n%s", got.what, got.StatusCode, got.raw, c.log.String())
	}
	return got
}

// want stops the test when the answer has another status.
func (got *answer) want(status int) *answer {
	got.t.Helper()
	if got.StatusCode != status {
		got.t.Fatalf("%s: %d, want %d: %s", got.what, got.StatusCode, status, got.raw)
	}
	return got
}

// refused stops the test unless the answer is a problem with the status and code.
func (got *answer) refused(status int, code string) *answer {
	got.t.Helper()
	got.want(status)
	if got.Header.Get("Content-Type") != "application/problem+json" || got.text("code") != code || got.text("detail") == "" {
		got.t.Fatalf("%s: %s %s, want the code %s", got.what, got.Header.Get("Content-Type"), got.raw, code)
	}
	return got
}

// at walks the answer: names of members, indices of items.
func (got *answer) at(path ...any) any {
	got.t.Helper()
	var here any = got.body
	for _, step := range path {
		switch s := step.(type) {
		case string:
			o, _ := here.(object)
			here = o[s]
		case int:
			l, _ := here.([]any)
			if s >= len(l) {
				got.t.Fatalf("%s: no item %d at %v in %s", got.what, s, path, got.raw)
			}
			here = l[s]
		}
	}
	return here
}

func (got *answer) text(path ...any) string {
	got.t.Helper()
	s, _ := got.at(path...).(string)
	return s
}

func (got *answer) number(path ...any) int {
	got.t.Helper()
	n, _ := got.at(path...).(float64)
	return int(n)
}

func (got *answer) items() []any {
	got.t.Helper()
	l, isList := got.at("items").([]any)
	if !isList {
		got.t.Fatalf("%s: no items in %s", got.what, got.raw)
	}
	return l
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}
