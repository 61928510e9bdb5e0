package middleware

import (
	"context"
	"net/http"

	"globalbrain/internal/errs"
)

// limit bounds a request's body and time. A body that says its size and is too
// large is refused at once; one that grows too large fails while it is read.
func limit(next http.Handler, o Options) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		most := o.MaxBody
		if o.BodyOf != nil {
			if special := o.BodyOf(r); special > 0 {
				most = special
			}
		}
		if r.ContentLength > most {
			o.Problem(w, r, TooLarge(most))
			return
		}
		if r.Body != nil {
			r.Body = http.MaxBytesReader(w, r.Body, most)
		}
		ctx, cancel := context.WithTimeout(r.Context(), o.Timeout)
		defer cancel()
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

// TooLarge is the error about a body of more than most bytes.
func TooLarge(most int64) error {
	return errs.New(errs.TooMany, "body_large", "This is too large: at most %d kB can be sent at once.", most>>10)
}
