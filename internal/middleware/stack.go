// Package middleware is what every request passes before a handler sees it:
// an id, a line in the log, limits, safe headers, the check against cross-site
// calls, compression and counting. It does not know pages, people or tenants.
package middleware

import (
	"log/slog"
	"net/http"
	"net/netip"
	"time"

	"github.com/klauspost/compress/gzhttp"
	"github.com/prometheus/client_golang/prometheus"
)

// Options say how the stack behaves.
type Options struct {
	HTTPS      bool     // the people's address is https: browsers shall insist on it
	FormAction []string // origins beside our own to which forms may lead, such as the payment gateway's
	MaxBody    int64    // bytes of a request's body; 0: 1 MiB
	BodyOf     func(*http.Request) int64
	Timeout    time.Duration  // until a request's context ends; 0: 30 s
	Proxies    []netip.Prefix // of which X-Forwarded-For is believed; none: nobody's
	Log        *slog.Logger
	Metrics    prometheus.Registerer // nil: nothing is counted

	// Problem answers a request that the stack refuses or that panicked.
	Problem func(w http.ResponseWriter, r *http.Request, err error)
}

// Stack wraps next in everything, in the order that each part needs: the id
// first, because the log names it; the log before the recovery from panics, so
// that a panic is logged with its status; compression last, so that the counted
// bytes are those on the wire.
func Stack(next http.Handler, o Options) http.Handler {
	if o.MaxBody == 0 {
		o.MaxBody = 1 << 20
	}
	if o.Timeout == 0 {
		o.Timeout = 30 * time.Second
	}
	h := limit(next, o)
	h = refuseCrossOrigin(h, o)
	h = recoverPanics(h, o)
	h = gzhttp.GzipHandler(h)
	h = secure(h, o)
	h = observe(h, o)
	return forwarded(identify(h), o.Proxies)
}
