package middleware

import (
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
)

// recoverPanics turns a panic into a problem page and a line in the log with
// the stack. An answer that has begun cannot be taken back: its connection is cut.
func recoverPanics(next http.Handler, o Options) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		begun := &recorder{ResponseWriter: w}
		defer func() {
			value := recover()
			if value == nil {
				return
			}
			if value == http.ErrAbortHandler { //nolint:errorlint,err113 // net/http compares it so too
				panic(value)
			}
			o.Log.LogAttrs(r.Context(), slog.LevelError, "handler panicked", slog.Any("panic", value),
				slog.String("request", RequestID(r.Context())), slog.String("stack", string(debug.Stack())))
			if begun.status != 0 {
				panic(http.ErrAbortHandler)
			}
			o.Problem(w, r, fmt.Errorf("panic: %v", value))
		}()
		next.ServeHTTP(begun, r)
	})
}
