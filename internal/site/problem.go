package site

import (
	"errors"
	"log/slog"
	"net/http"
	"strconv"

	"globalbrain/internal/errs"
	"globalbrain/internal/middleware"
	"globalbrain/internal/text"
)

// statuses is the one table from kinds of errors to HTTP.
var statuses = map[errs.Kind]int{
	errs.Internal:        http.StatusInternalServerError,
	errs.Invalid:         http.StatusUnprocessableEntity,
	errs.Unauthenticated: http.StatusUnauthorized,
	errs.Forbidden:       http.StatusForbidden,
	errs.NotFound:        http.StatusNotFound,
	errs.Conflict:        http.StatusConflict,
	errs.TooMany:         http.StatusTooManyRequests,
	errs.Unavailable:     http.StatusServiceUnavailable,
}

// statusByCode holds the few codes with a status of their own.
var statusByCode = map[string]int{
	"body_large": http.StatusRequestEntityTooLarge,
	"method":     http.StatusMethodNotAllowed,
}

func statusOf(err error) int {
	if status, special := statusByCode[errs.CodeOf(err)]; special {
		return status
	}
	return statuses[errs.KindOf(err)]
}

// sayError returns the sentence for a person about an error of ours.
func sayError(l *text.Locale, code, message string, args []any) string {
	if key := "error." + code; l.Has(key) {
		return l.T(key, args...)
	}
	return message
}

type problemPage struct {
	Base
	Status    int
	Kind      string
	Message   string
	RequestID string
}

// problem logs an error and shows what a person may know of it: what happened,
// what is safe, what to do, and the id under which we find it.
func (s *Server) problem(w http.ResponseWriter, r *http.Request, err error) {
	if h := s.mounted(r); h != nil {
		h.Refuse(w, r, err)
		return
	}
	if tooLarge, ok := errors.AsType[*http.MaxBytesError](err); ok {
		err = middleware.TooLarge(tooLarge.Limit)
	}
	status, kind := statusOf(err), errs.KindOf(err)
	id := middleware.RequestID(r.Context())
	level := slog.LevelDebug
	if kind == errs.Internal || kind == errs.Unavailable {
		level = slog.LevelError
	}
	s.Log.LogAttrs(r.Context(), level, "problem", slog.String("kind", kind.String()), slog.Any("error", err), slog.String("request", id))

	page := problemPage{Base: s.base(r), Status: status, Kind: kind.String(), RequestID: id}
	if e, ok := errors.AsType[*errs.Error](err); ok && kind != errs.Internal {
		page.Message = sayError(page.locale(), e.Code, e.Message, e.Args)
		if e.RetryAfter > 0 {
			w.Header().Set("Retry-After", strconv.Itoa(int(e.RetryAfter.Seconds())+1))
		}
	}
	w.Header().Set("Cache-Control", "no-store")
	if err := s.render(w, r, status, "problem", page); err != nil {
		s.Log.LogAttrs(r.Context(), slog.LevelError, "problem page failed", slog.Any("error", err), slog.String("request", id))
		http.Error(w, http.StatusText(status)+" "+id, status)
	}
}

func (s *Server) notFound(http.ResponseWriter, *http.Request) error {
	return errs.New(errs.NotFound, "not_found", "This was not found.")
}

func (s *Server) wrongMethod(http.ResponseWriter, *http.Request) error {
	return errs.New(errs.Invalid, "method", "This address does not take that kind of request.")
}
