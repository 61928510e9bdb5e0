// Package site is the pages that people see: it reads what they sent, asks the
// domain, calls one method of the store, and renders a page or redirects. Each
// act has its own file, the table in routes.go lists them all, and every error
// ends in one place (problem.go). It does not know SQL, the model's inside or
// how jobs run.
package site

import (
	"fmt"
	"html/template"
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"globalbrain/internal/account"
	"globalbrain/internal/brain"
	"globalbrain/internal/likeness"
	"globalbrain/internal/middleware"
	"globalbrain/internal/payments"
	"globalbrain/internal/postgres"
	"globalbrain/internal/scoring"
	"globalbrain/internal/text"
	"globalbrain/web"
)

// Deps is what pages work with.
type Deps struct {
	Store         *postgres.Store
	Coach         Coach             // nil: no model is loaded, and writing goes on without advice
	Models        *brain.Brain      // nil: the same, and there is none to choose
	Launcher      *scoring.Launcher // nil: no launch model is installed, and planning goes on without its estimate
	Likeness      *likeness.Finder  // nil: one of the site's own
	Hasher        *account.Hasher   // nil: one that does four hashes at once
	BaseURL       string            // the address that people type, without a slash at the end
	Gateway       payments.Gateway  // nil: nobody can pledge
	GatewayOrigin string            // scheme and host of the gateway's hosted pages, where pledge forms lead
	Mailbox       bool              // show every message on /mailbox; for development only
	Proxies       []netip.Prefix    // of which X-Forwarded-For is believed; none: nobody's
	Log           *slog.Logger
	Metrics       *prometheus.Registry // nil: nothing is counted and /metrics is absent
	Now           func() time.Time     // nil: time.Now

	// Mount holds handlers of others that live under the same protections, by
	// the prefix of their paths, such as "/api"; they see the whole path.
	Mount map[string]http.Handler
}

// Server answers requests for pages. It is safe for concurrent use.
type Server struct {
	Deps
	texts   *text.Catalog
	pages   map[string]*template.Template
	static  *assets
	tenants *tenantCache
	limits  limits
	https   bool
	handler http.Handler
}

// New reads the embedded templates, sentences and static files and returns the
// whole site behind its protections.
func New(d Deps) (*Server, error) {
	base, err := url.Parse(d.BaseURL)
	if err != nil || base.Host == "" {
		return nil, fmt.Errorf("start the site: %q is not the address of a site", d.BaseURL)
	}
	d.BaseURL = strings.TrimSuffix(d.BaseURL, "/")
	if d.Hasher == nil {
		d.Hasher = account.NewHasher(4)
	}
	if d.Likeness == nil {
		d.Likeness = likeness.New(d.Store, likeness.Options{})
	}
	if d.Now == nil {
		d.Now = time.Now
	}
	s := &Server{Deps: d, https: base.Scheme == "https", tenants: &tenantCache{}}
	s.limits = newLimits(d.Now)
	if s.texts, err = text.Load(web.Locales()); err != nil {
		return nil, fmt.Errorf("start the site: %w", err)
	}
	if s.static, err = newAssets(web.Static()); err != nil {
		return nil, fmt.Errorf("start the site: %w", err)
	}
	if s.pages, err = parsePages(web.Templates()); err != nil {
		return nil, fmt.Errorf("start the site: %w", err)
	}
	options := middleware.Options{
		HTTPS:   s.https,
		BodyOf:  bodyLimit,
		Proxies: s.Proxies,
		Log:     d.Log,
		Problem: s.problem,
	}
	if d.GatewayOrigin != "" {
		options.FormAction = []string{d.GatewayOrigin}
	}
	if d.Metrics != nil {
		options.Metrics = d.Metrics
	}
	s.handler = middleware.Stack(s.router(), options)
	return s, nil
}

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.handler.ServeHTTP(w, r) }
