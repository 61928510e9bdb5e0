package site_test

import (
	"compress/gzip"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"globalbrain/internal/site"
)

var parameter = regexp.MustCompile(`\{[a-z]+\}`)

// known fills the parameters of a route in: the tenant's slug is real, every id
// is one that nobody has.
func known(path string) string {
	path = strings.ReplaceAll(path, "{tenant}", "health")
	return parameter.ReplaceAllString(path, "0198c0de-0000-7000-8000-000000000000")
}

func TestEveryUnsafeRouteRefusesACrossSiteCall(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	b := tw.arrive("Ada", "ada@example.org")
	unsafe := 0
	for _, r := range tw.site.Routes() {
		if r.Method == http.MethodGet {
			continue
		}
		unsafe++
		a := b.send(r.Method, known(r.Path), url.Values{"x": {"y"}}, "Sec-Fetch-Site", "cross-site")
		if a.StatusCode != http.StatusForbidden || !strings.Contains(a.body, "another site") {
			t.Errorf("%s %s: %d", r.Method, r.Path, a.StatusCode)
		}
	}
	if unsafe < 8 {
		t.Errorf("only %d unsafe routes were tried", unsafe)
	}
}

// Every route answers every kind of person, with ids that nobody has and an
// empty form: a page, a redirect or a clear refusal, and never a failure of ours.
func TestNoRouteFailsOnStrangers(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	owner := tw.arrive("Olga", "olga@example.org")
	olga, err := tw.store.AccountByEmail(t.Context(), "olga@example.org")
	if err != nil {
		t.Fatal(err)
	}
	if err := tw.owner.AppointOwner(t.Context(), tw.health.ID, olga.ID); err != nil {
		t.Fatal(err)
	}
	people := map[string]*browser{"a visitor": tw.browser(), "a member": tw.arrive("Max", "max@example.org"), "an owner": owner}
	for who, b := range people {
		for _, r := range tw.site.Routes() {
			if r.Path == "/signout" {
				continue
			}
			var form url.Values
			if r.Method != http.MethodGet {
				form = url.Values{}
			}
			a := b.send(r.Method, known(r.Path), form)
			if a.StatusCode >= http.StatusInternalServerError {
				t.Errorf("%s, %s %s: %d", who, r.Method, r.Path, a.StatusCode)
			}
			if who == "a visitor" && r.May != "" && a.StatusCode != http.StatusSeeOther && a.StatusCode != http.StatusUnauthorized {
				t.Errorf("a visitor gets past %q, %s %s: %d", r.May, r.Method, r.Path, a.StatusCode)
			}
			if strings.Contains(a.body, "[") && missingKey.MatchString(a.body) {
				t.Errorf("%s %s shows a key without a sentence: %s", r.Method, r.Path, missingKey.FindString(a.body))
			}
		}
	}
}

// missingKey is what text.Locale.T makes of a key that it does not know.
var missingKey = regexp.MustCompile(`\[[a-z_]+(\.[a-z0-9_-]+)+\]`)

func TestAnUnknownAddressHasAProblemPage(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	b := tw.browser()
	page := b.get("/t/nowhere", http.StatusNotFound)
	mustContain(t, page, "There is nothing here", "quote this id")
	b.get("/t/health/no/such/page", http.StatusNotFound)
	b.get("/static/css/base.css", http.StatusNotFound) // only under the name with its hash
	b.get("/?x=%00", http.StatusNotFound)
	b.get("/t/health/people/%ff", http.StatusNotFound)
	if a := b.send(http.MethodDelete, "/signin", nil); a.StatusCode != http.StatusMethodNotAllowed {
		t.Errorf("a method that is not there: %d", a.StatusCode)
	}
	if a := b.send(http.MethodPost, "/signin", url.Values{"email": {strings.Repeat("x", 2<<20)}}); a.StatusCode != http.StatusRequestEntityTooLarge {
		t.Errorf("two megabytes of address: %d", a.StatusCode)
	}
	if a := b.send(http.MethodPost, "/signin", url.Values{"email": {"\x00\xff"}, "password": {"\x00"}}); a.StatusCode != http.StatusUnauthorized {
		t.Errorf("bytes that are no text: %d", a.StatusCode)
	}
}

func TestStaticFilesAreKeptForEverAndCompressed(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	b := tw.browser()
	page := b.get("/", http.StatusOK)
	files := regexp.MustCompile(`(?:href|src)="(/static/[^"]+)"`).FindAllStringSubmatch(page, -1)
	if len(files) < 4 {
		t.Fatalf("the page loads %v", files)
	}
	wire := len(page) / 3
	for _, f := range files {
		a := b.send(http.MethodGet, f[1], nil, "Accept-Encoding", "gzip")
		if a.StatusCode != http.StatusOK || !strings.Contains(a.Header.Get("Cache-Control"), "immutable") || a.Header.Get("Content-Type") == "" {
			t.Errorf("%s: %d %v", f[1], a.StatusCode, a.Header)
		}
		wire += len(a.body)
		if a.Header.Get("Content-Encoding") == "gzip" {
			zr, err := gzip.NewReader(strings.NewReader(a.body))
			if err != nil {
				t.Fatal(err)
			}
			if _, err := io.ReadAll(zr); err != nil {
				t.Error(err)
			}
		}
	}
	if wire > 100_000 {
		t.Errorf("a page weighs %d bytes on the wire", wire)
	}
}

func TestHealthIsToldApartFromReadiness(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	b := tw.browser()
	mustContain(t, b.get("/healthz", http.StatusOK), "ok")
	mustContain(t, b.get("/readyz", http.StatusOK), "ready")
	mustContain(t, b.get("/metrics", http.StatusOK), "globalbrain_http_request_seconds")
}

func TestTheMailboxIsAbsentUnlessItIsAskedFor(t *testing.T) {
	t.Parallel()
	tw := newTownWith(t, func(d *site.Deps) { d.Mailbox = false })
	b := tw.browser()
	b.get("/mailbox", http.StatusNotFound)
	if page := b.get("/", http.StatusOK); strings.Contains(page, "/mailbox") {
		t.Error("a page leads to a mailbox that is not there")
	}
}

func TestCookiesOfAnHTTPSSiteAreItsOwn(t *testing.T) {
	t.Parallel()
	tw := newTownWith(t, func(d *site.Deps) { d.BaseURL = "https://ideas.example" })
	a := tw.browser().send(http.MethodPost, "/language", url.Values{"language": {"zh-CN"}})
	c := a.Cookies()
	if len(c) != 1 || !strings.HasPrefix(c[0].Name, "__Host-") || !c[0].Secure || !c[0].HttpOnly || c[0].SameSite != http.SameSiteLaxMode || c[0].Path != "/" {
		t.Errorf("got %v", c)
	}
	if a.Header.Get("Strict-Transport-Security") == "" {
		t.Error("the site does not insist on https")
	}
}
