package site_test

import (
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

var pageLink = regexp.MustCompile(`(?:href|action)="(/[^"]*)"`)

// TestNoLinkLeadsNowhere follows every link and every form's address from the
// front page on, as a visitor and as an owner of a tenant, in both languages.
func TestNoLinkLeadsNowhere(t *testing.T) {
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
	for _, lang := range []string{"en", "zh-CN"} {
		visitor := tw.browser()
		for who, b := range map[string]*browser{"a visitor": visitor, "an owner": owner} {
			b.lang = lang
			if n := b.crawl(who); n < 8 {
				t.Errorf("%s reached only %d pages", who, n)
			}
		}
	}
}

// crawl returns how many pages it reached.
func (b *browser) crawl(who string) int {
	seen := map[string]bool{}
	queue := []string{"/"}
	pages := 0
	for len(queue) > 0 && pages < 300 {
		path := queue[0]
		queue = queue[1:]
		a := b.send(http.MethodGet, path, nil)
		switch {
		case a.StatusCode == http.StatusOK:
			pages++
		case a.StatusCode == http.StatusSeeOther:
			a.body = `href="` + html.EscapeString(a.Header.Get("Location")) + `"`
		case a.StatusCode == http.StatusMethodNotAllowed: // the address of a form
		default:
			b.t.Errorf("%s: a link leads to %s: %d", who, path, a.StatusCode)
		}
		if key := missingKey.FindString(a.body); key != "" {
			b.t.Errorf("%s: %s shows %s", who, path, key)
		}
		for _, found := range pageLink.FindAllStringSubmatch(a.body, -1) {
			link := html.UnescapeString(found[1])
			u, err := url.Parse(link)
			if err != nil || u.Host != "" {
				b.t.Errorf("%s: %s holds the link %q", who, path, link)
				continue
			}
			if strings.HasPrefix(u.Path, "/sign") || strings.HasPrefix(u.Path, "/static/") {
				u.RawQuery = "" // the way back makes each of them another address
			}
			u.Fragment = ""
			if u.Path == "/verify" {
				continue // a link of a message that was followed is over
			}
			if !seen[u.String()] {
				seen[u.String()] = true
				queue = append(queue, u.String())
			}
		}
	}
	return pages
}
