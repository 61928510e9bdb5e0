package middleware

import (
	"log/slog"
	"net/http"
	"strconv"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/prometheus/client_golang/prometheus"
)

// recorder notes what a handler answers. Unwrap keeps http.ResponseController
// working through it.
type recorder struct {
	http.ResponseWriter
	status int
	bytes  int64
}

func (rec *recorder) WriteHeader(status int) {
	if rec.status == 0 && status >= http.StatusOK {
		rec.status = status
	}
	rec.ResponseWriter.WriteHeader(status)
}

func (rec *recorder) Write(b []byte) (int, error) {
	if rec.status == 0 {
		rec.status = http.StatusOK
	}
	n, err := rec.ResponseWriter.Write(b)
	rec.bytes += int64(n)
	return n, err
}

func (rec *recorder) Unwrap() http.ResponseWriter { return rec.ResponseWriter }

// Flush passes on what is written so far; live pages need it.
func (rec *recorder) Flush() {
	if f, ok := rec.ResponseWriter.(http.Flusher); ok {
		f.Flush()
	}
}

// observe writes one line per request and counts it. Both name the route's
// pattern, never the query: addresses can hold what nobody else shall read.
func observe(next http.Handler, o Options) http.Handler {
	took := prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name:    "globalbrain_http_request_seconds",
		Help:    "Time to answer a request, by method, route and status.",
		Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 10},
	}, []string{"method", "route", "status"})
	running := prometheus.NewGauge(prometheus.GaugeOpts{
		Name: "globalbrain_http_requests_running",
		Help: "Requests that are being answered now.",
	})
	if o.Metrics != nil {
		o.Metrics.MustRegister(took, running)
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := time.Now()
		running.Inc()
		defer running.Dec()
		// Handlers below fill this context in, so the route is known afterwards.
		routed := chi.NewRouteContext()
		r = r.WithContext(contextWithRoute(r.Context(), routed))
		rec := &recorder{ResponseWriter: w}
		next.ServeHTTP(rec, r)
		if rec.status == 0 {
			rec.status = http.StatusOK
		}
		route := routed.RoutePattern()
		if route == "" {
			route = "none"
		}
		lasted := time.Since(start)
		took.WithLabelValues(method(r.Method), route, strconv.Itoa(rec.status)).Observe(lasted.Seconds())
		level := slog.LevelInfo
		if rec.status >= http.StatusInternalServerError {
			level = slog.LevelError
		}
		o.Log.LogAttrs(r.Context(), level, "request",
			slog.String("method", method(r.Method)), slog.String("route", route), slog.Int("status", rec.status),
			slog.Int64("bytes", rec.bytes), slog.Duration("took", lasted), slog.String("request", RequestID(r.Context())))
	})
}

// method folds invented methods into one, so that clients cannot make up labels.
func method(m string) string {
	switch m {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions:
		return m
	}
	return "OTHER"
}
