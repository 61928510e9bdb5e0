package api

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"runtime/debug"
	"time"

	"globalbrain/internal/errs"
	"globalbrain/internal/postgres"
)

// maxBody bounds a JSON request: the longest idea is well below it.
const maxBody = 256 << 10

// replayed are the headers that are stored with an answer and sent again with it.
var replayed = []string{"Content-Type", "Location", "ETag", "Retry-After"}

// longestKey bounds an Idempotency-Key, in bytes.
const longestKey = 255

type keyKey struct{}

// keyOf is the Idempotency-Key of the request.
func keyOf(ctx context.Context) string {
	key, _ := ctx.Value(keyKey{}).(string)
	return key
}

// idempotent makes every unsafe call of a signed-in person in a tenant carry an
// Idempotency-Key: the same key and request give the same answer and one effect.
func (a *api) idempotent(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet || r.Method == http.MethodHead || r.Method == http.MethodOptions {
			next.ServeHTTP(w, r)
			return
		}
		body, err := readBody(w, r)
		if err != nil {
			a.refuse(w, r, err)
			return
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		who, key := callerOf(r.Context()), r.Header.Get("Idempotency-Key")
		if who.tenant == nil || !who.person.Known() {
			next.ServeHTTP(w, r)
			return
		}
		if key == "" || len(key) > longestKey || !storable(key) {
			a.refuse(w, r, errs.New(errs.Invalid, "idempotency.missing", "Send an Idempotency-Key header of 1 to %d characters, a new one for each new request.", longestKey))
			return
		}
		hash := sha256.Sum256(append([]byte(r.Method+" "+r.URL.RequestURI()+"\n"+r.Header.Get("If-Match")+"\n"), body...))
		answer, err := a.store.ReserveKey(r.Context(), who.tenant.ID, who.person.ID, key, hash[:])
		if err != nil {
			a.refuse(w, r, err)
			return
		}
		if answer == nil {
			answer = a.carryOut(r.WithContext(context.WithValue(r.Context(), keyKey{}, key)), next, who, key)
		}
		for name, value := range answer.Header {
			w.Header().Set(name, value)
		}
		w.WriteHeader(answer.Status)
		_, _ = w.Write(answer.Body) //nolint:gosec // G705: our own JSON answer, said again under its own type
	})
}

// readBody reads a request whole: it is small, and its key is about all of it.
func readBody(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if _, large := errors.AsType[*http.MaxBytesError](err); large {
		return nil, tooLarge()
	}
	if err != nil {
		return nil, problem(http.StatusBadRequest, "body", "The request's body could not be read.")
	}
	if holdsNUL(body) {
		return nil, errs.New(errs.Invalid, "nul", "A text of the body holds the character NUL, which cannot be kept.")
	}
	return body, nil
}

func tooLarge() error {
	return problem(http.StatusRequestEntityTooLarge, "too_large", "A request body has at most 256 KiB.")
}

// holdsNUL reports whether a text of a JSON body holds NUL, which JSON can
// spell and Postgres cannot keep.
func holdsNUL(body []byte) bool {
	if !bytes.Contains(body, []byte(`\u0000`)) {
		return false
	}
	for d := json.NewDecoder(bytes.NewReader(body)); ; {
		token, err := d.Token()
		if err != nil {
			return false // the end, or no JSON, which is refused later
		}
		if text, ok := token.(string); ok && !storable(text) {
			return true
		}
	}
}

// carryOut runs the request and stores its answer. An answer that promises
// nothing (5xx, too many) frees the key, so that it can be sent again.
func (a *api) carryOut(r *http.Request, next http.Handler, who caller, key string) *postgres.Answer {
	// The caller may leave; the effect and its answer must not come apart.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), time.Minute)
	defer cancel()
	held := a.run(next, r.WithContext(ctx))
	answer := &postgres.Answer{Status: held.status, Header: map[string]string{}, Body: held.body.Bytes()}
	for _, name := range replayed {
		if value := held.header.Get(name); value != "" {
			answer.Header[name] = value
		}
	}
	var err error
	if held.status >= 500 || held.status == http.StatusTooManyRequests {
		err = a.store.ReleaseKey(ctx, who.tenant.ID, who.person.ID, key)
	} else {
		err = a.store.FinishKey(ctx, who.tenant.ID, who.person.ID, key, *answer)
	}
	if err != nil {
		a.log.ErrorContext(ctx, "idempotency key not stored", "error", err)
	}
	return answer
}

// recorder holds an answer back until it is stored.
type recorder struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (r *recorder) Header() http.Header         { return r.header }
func (r *recorder) WriteHeader(status int)      { r.status = status }
func (r *recorder) Write(b []byte) (int, error) { return r.body.Write(b) }

// run holds the answer of a request. A panic is an internal error, so that the
// key is freed.
func (a *api) run(next http.Handler, r *http.Request) (held *recorder) {
	defer func() {
		if value := recover(); value != nil {
			held = &recorder{header: http.Header{}}
			a.refuse(held, r, fmt.Errorf("panic: %v\n%s", value, debug.Stack()))
		}
	}()
	held = &recorder{header: http.Header{}, status: http.StatusOK}
	next.ServeHTTP(held, r)
	return held
}

// refuse answers outside of huma, in the same form.
func (a *api) refuse(w http.ResponseWriter, r *http.Request, err error) {
	p := problemOf(r.Context(), a.log, err)
	for name, values := range p.GetHeaders() {
		w.Header()[name] = values
	}
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(p.Status)
	_ = json.NewEncoder(w).Encode(p)
}
