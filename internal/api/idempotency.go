package api

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"io"
	"net/http"
	"time"

	"globalbrain/internal/errs"
	"globalbrain/internal/postgres"
)

// maxBody bounds a JSON request: the longest idea is well below it.
const maxBody = 256 << 10

// replayed are the headers that are stored with an answer and sent again with it.
var replayed = []string{"Content-Type", "Location", "ETag", "Retry-After"}

// idempotent makes every unsafe call of a signed-in person carry an
// Idempotency-Key: the same key and request give the same answer and one effect.
func (a *api) idempotent(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		who := callerOf(r.Context())
		if r.Method == http.MethodGet || r.Method == http.MethodHead || who.tenant == nil || !who.person.Known() {
			next.ServeHTTP(w, r)
			return
		}
		key := r.Header.Get("Idempotency-Key")
		if key == "" || len(key) > 255 {
			a.refuse(w, r, errs.New(errs.Invalid, "idempotency.missing", "Send an Idempotency-Key header of 1 to 255 characters, a new one for each new request."))
			return
		}
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
		if err != nil {
			a.refuse(w, r, problem(http.StatusRequestEntityTooLarge, "too_large", "A request body has at most 256 KiB."))
			return
		}
		hash := sha256.Sum256(append([]byte(r.Method+" "+r.URL.RequestURI()+"\n"+r.Header.Get("If-Match")+"\n"), body...))
		answer, err := a.store.ReserveKey(r.Context(), who.tenant.ID, who.person.ID, key, hash[:])
		if err != nil {
			a.refuse(w, r, err)
			return
		}
		if answer == nil {
			r.Body = io.NopCloser(bytes.NewReader(body))
			answer = a.carryOut(r, next, who, key)
		}
		for name, value := range answer.Header {
			w.Header().Set(name, value)
		}
		w.WriteHeader(answer.Status)
		_, _ = w.Write(answer.Body)
	})
}

// carryOut runs the request and stores its answer. An answer that promises
// nothing (5xx, too many) frees the key, so that it can be sent again.
func (a *api) carryOut(r *http.Request, next http.Handler, who caller, key string) *postgres.Answer {
	held := &recorder{header: http.Header{}, status: http.StatusOK}
	// The caller may leave; the effect and its answer must not come apart.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), time.Minute)
	defer cancel()
	next.ServeHTTP(held, r.WithContext(ctx))
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
