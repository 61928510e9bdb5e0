package api_test

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"globalbrain/internal/api"
	"globalbrain/internal/site"
)

func TestTheAPIWorksUnderTheSitesProtections(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	fay := tw.person("Fay Founder", "Firm")
	call := tw.newCall(tw.health, "streets")
	pages, err := site.New(site.Deps{
		Store: tw.store, Hasher: hasher, BaseURL: "http://example.test", Log: slog.New(slog.DiscardHandler),
		Mount: map[string]http.Handler{api.Prefix: tw.api},
	})
	if err != nil {
		t.Fatal(err)
	}
	tw.server = httptest.NewServer(pages)
	t.Cleanup(tw.server.Close)
	id := fay.submitted(call, "Trees on wheels")
	if got := fay.do(get, "/ideas/"+id, nil); got.text("title") != "Trees on wheels" || got.Header.Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("%v %s", got.Header, got.raw)
	}
	if got := fay.send(get, "/openapi.json", nil).want(http.StatusOK); got.text("info", "title") != "Global Brain" {
		t.Errorf("%s", got.raw)
	}
	fay.in(post, "/ideas", object{"call_id": call}, "Origin", "https://evil.example", "Sec-Fetch-Site", "cross-site").refused(http.StatusForbidden, "cross_site")
	fay.in(post, "/ideas", `"`+strings.Repeat("x", 2<<20)+`"`).refused(http.StatusRequestEntityTooLarge, "too_large")
	fay.send(get, "/nowhere", nil).refused(http.StatusNotFound, "not_found")
	fay.send(get, "", nil).refused(http.StatusNotFound, "not_found")
}
