package middleware

import (
	"net/http"
	"strings"

	"globalbrain/internal/errs"
)

// Policy returns the content security policy: everything from ourselves, no
// inline script or style, no frames, and forms only to ourselves and the
// named origins. Browsers hold form-action against redirects too, which is how
// a pledge reaches the gateway's page.
func Policy(formAction []string) string {
	return strings.Join([]string{
		"default-src 'none'",
		"script-src 'self'",
		"style-src 'self'",
		"img-src 'self' data:",
		"font-src 'self'",
		"connect-src 'self'",
		"manifest-src 'self'",
		"form-action " + strings.Join(append([]string{"'self'"}, formAction...), " "),
		"base-uri 'none'",
		"frame-ancestors 'none'",
	}, "; ")
}

func secure(next http.Handler, o Options) http.Handler {
	policy := Policy(o.FormAction)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=()")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		if o.HTTPS {
			h.Set("Strict-Transport-Security", "max-age=63072000; includeSubDomains")
		}
		next.ServeHTTP(w, r)
	})
}

// refuseCrossOrigin turns away unsafe requests that another site made the
// browser send. Clients that are no browsers (gateways, API programs) pass.
func refuseCrossOrigin(next http.Handler, o Options) http.Handler {
	guard := http.NewCrossOriginProtection()
	guard.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		o.Problem(w, r, errs.New(errs.Forbidden, "cross_site", "This came from another site and was not carried out."))
	}))
	return guard.Handler(next)
}
