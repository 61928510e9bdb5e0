package middleware

import (
	"context"
	"net/http"

	"github.com/google/uuid"
)

type requestID struct{}

// RequestIDHeader carries the id in the answer, so that a person can quote it.
const RequestIDHeader = "X-Request-Id"

// identify gives every request an id of our own; what a client sends is not
// trusted, for it would end up in the log.
func identify(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := uuid.Must(uuid.NewV7()).String()
		w.Header().Set(RequestIDHeader, id)
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), requestID{}, id)))
	})
}

// RequestID returns the id of the request, or "" outside of the stack.
func RequestID(ctx context.Context) string {
	id, _ := ctx.Value(requestID{}).(string)
	return id
}
