package middleware_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/go-chi/chi/v5"
	"github.com/prometheus/client_golang/prometheus"

	"globalbrain/internal/errs"
	"globalbrain/internal/middleware"
)

// stack wraps a router with one route per test behind the whole stack; what is
// refused shows as the error's code.
func stack(t *testing.T, o middleware.Options, route http.HandlerFunc) (http.Handler, *bytes.Buffer) {
	t.Helper()
	var log bytes.Buffer
	o.Log = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelInfo}))
	o.Problem = func(w http.ResponseWriter, _ *http.Request, err error) {
		status := http.StatusInternalServerError
		if errs.KindOf(err) != errs.Internal {
			status = http.StatusBadRequest
		}
		http.Error(w, "problem:"+errs.CodeOf(err), status)
	}
	r := chi.NewRouter()
	r.HandleFunc("/thing/{id}", route)
	return middleware.Stack(r, o), &log
}

func hello(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "hello") }

func ask(h http.Handler, method, path string, body io.Reader, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, body)
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func TestEveryAnswerCarriesSafeHeadersAndAnID(t *testing.T) {
	t.Parallel()
	h, _ := stack(t, middleware.Options{HTTPS: true, FormAction: []string{"https://pay.example"}}, hello)
	for _, path := range []string{"/thing/1", "/nothing"} {
		w := ask(h, http.MethodGet, path, nil, "X-Request-Id", "made-up")
		policy := w.Header().Get("Content-Security-Policy")
		if strings.Contains(policy, "unsafe") || !strings.Contains(policy, "form-action 'self' https://pay.example;") || !strings.Contains(policy, "frame-ancestors 'none'") {
			t.Errorf("%s: policy %q", path, policy)
		}
		for name, want := range map[string]string{
			"X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin", "Strict-Transport-Security": "max-age=63072000; includeSubDomains",
		} {
			if got := w.Header().Get(name); got != want {
				t.Errorf("%s: %s is %q, want %q", path, name, got, want)
			}
		}
		if id := w.Header().Get(middleware.RequestIDHeader); id == "" || id == "made-up" {
			t.Errorf("%s: request id %q", path, id)
		}
	}
	plain, _ := stack(t, middleware.Options{}, hello)
	if got := ask(plain, http.MethodGet, "/thing/1", nil).Header().Get("Strict-Transport-Security"); got != "" {
		t.Errorf("a plain http site insists on https: %q", got)
	}
}

func TestUnsafeCallsFromOtherSitesAreRefused(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		method string
		header []string
		want   int
	}{
		{"our own form", http.MethodPost, []string{"Sec-Fetch-Site", "same-origin"}, http.StatusOK},
		{"a program, not a browser", http.MethodPost, nil, http.StatusOK},
		{"another site's form", http.MethodPost, []string{"Sec-Fetch-Site", "cross-site"}, http.StatusBadRequest},
		{"a sister site's form", http.MethodDelete, []string{"Sec-Fetch-Site", "same-site"}, http.StatusBadRequest},
		{"an old browser, another origin", http.MethodPost, []string{"Origin", "https://evil.example"}, http.StatusBadRequest},
		{"another site's link", http.MethodGet, []string{"Sec-Fetch-Site", "cross-site"}, http.StatusOK},
	}
	h, _ := stack(t, middleware.Options{}, hello)
	for _, tt := range tests {
		w := ask(h, tt.method, "/thing/1", nil, tt.header...)
		if w.Code != tt.want {
			t.Errorf("%s: %d, want %d", tt.name, w.Code, tt.want)
		}
		if tt.want != http.StatusOK && !strings.Contains(w.Body.String(), "cross_site") {
			t.Errorf("%s: %s", tt.name, w.Body)
		}
	}
}

func TestABodyThatIsTooLargeIsRefused(t *testing.T) {
	t.Parallel()
	var readErr error
	h, _ := stack(t, middleware.Options{MaxBody: 10, BodyOf: func(r *http.Request) int64 {
		if strings.HasSuffix(r.URL.Path, "/large") {
			return 100
		}
		return 0
	}}, func(w http.ResponseWriter, r *http.Request) { _, readErr = io.ReadAll(r.Body) })
	long := strings.Repeat("x", 50)
	if w := ask(h, http.MethodPost, "/thing/1", strings.NewReader(long)); !strings.Contains(w.Body.String(), "body_large") {
		t.Errorf("a body that says its size: %s", w.Body)
	}
	ask(h, http.MethodPost, "/thing/1", struct{ io.Reader }{strings.NewReader(long)})
	if _, tooLarge := errors.AsType[*http.MaxBytesError](readErr); !tooLarge {
		t.Errorf("a body that hides its size: %v", readErr)
	}
	ask(h, http.MethodPost, "/thing/large", strings.NewReader(long))
	if readErr != nil {
		t.Errorf("a route that takes more: %v", readErr)
	}
}

func TestAPanicBecomesAProblemAndIsLogged(t *testing.T) {
	t.Parallel()
	h, log := stack(t, middleware.Options{}, func(http.ResponseWriter, *http.Request) { panic("boom") })
	w := ask(h, http.MethodGet, "/thing/1", nil)
	if w.Code != http.StatusInternalServerError || strings.Contains(w.Body.String(), "boom") {
		t.Errorf("got %d %q", w.Code, w.Body)
	}
	if !strings.Contains(log.String(), "boom") || !strings.Contains(log.String(), "status=500") {
		t.Errorf("the log says %q", log)
	}
}

func TestAPanicInTheMiddleOfAnAnswerCutsTheConnection(t *testing.T) {
	t.Parallel()
	h, _ := stack(t, middleware.Options{}, func(w http.ResponseWriter, _ *http.Request) {
		hello(w, nil)
		panic("boom")
	})
	server := httptest.NewServer(h)
	defer server.Close()
	server.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	res, err := server.Client().Get(server.URL + "/thing/1")
	if err == nil {
		defer res.Body.Close() //nolint:errcheck // only read
		if _, err = io.ReadAll(res.Body); err == nil {
			t.Error("half an answer passed for a whole one")
		}
	}
}

func TestTheLogNamesTheRouteAndNothingPrivate(t *testing.T) {
	t.Parallel()
	metrics := prometheus.NewRegistry()
	h, log := stack(t, middleware.Options{Metrics: metrics}, hello)
	ask(h, http.MethodGet, "/thing/42?t=secret", nil, "Cookie", "gb_session=secret")
	ask(h, "INVENTED", "/thing/43", nil)
	ask(h, http.MethodGet, "/nothing", nil)
	line, _, _ := strings.Cut(log.String(), "\n")
	for _, want := range []string{"method=GET", "route=/thing/{id}", "status=200", "bytes=5", "request=0"} {
		if !strings.Contains(line, want) {
			t.Errorf("the log lacks %q: %s", want, line)
		}
	}
	if strings.Contains(log.String(), "secret") || strings.Contains(log.String(), "INVENTED") {
		t.Errorf("the log tells too much: %s", log)
	}
	families, err := metrics.Gather()
	if err != nil {
		t.Fatal(err)
	}
	series := map[string]int{}
	for _, f := range families {
		series[f.GetName()] = len(f.GetMetric())
	}
	if n := series["globalbrain_http_request_seconds"]; n != 3 {
		t.Errorf("%d series of requests, want 3", n)
	}
}

func TestLongAnswersAreCompressed(t *testing.T) {
	t.Parallel()
	page := strings.Repeat("<p>idea</p>", 1000)
	h, _ := stack(t, middleware.Options{}, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = io.WriteString(w, page)
	})
	w := ask(h, http.MethodGet, "/thing/1", nil, "Accept-Encoding", "gzip")
	if w.Header().Get("Content-Encoding") != "gzip" || w.Body.Len() > len(page)/10 {
		t.Fatalf("%d bytes, encoded as %q", w.Body.Len(), w.Header().Get("Content-Encoding"))
	}
	zr, err := gzip.NewReader(w.Body)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(zr); err != nil || string(got) != page {
		t.Errorf("unpacked to %d bytes, %v", len(got), err)
	}
}
