package middleware

import (
	"context"

	"github.com/go-chi/chi/v5"
)

// contextWithRoute plants the routing context that chi would otherwise make for
// itself further in, where nobody outside could read which route matched.
func contextWithRoute(ctx context.Context, routed *chi.Context) context.Context {
	return context.WithValue(ctx, chi.RouteCtxKey, routed)
}
