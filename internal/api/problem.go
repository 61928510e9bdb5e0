package api

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"globalbrain/internal/errs"
)

// Problem is an RFC 9457 problem: what every refusal looks like.
type Problem struct {
	Type   string         `json:"type" example:"about:blank" doc:"Always about:blank: code says what it is"`
	Title  string         `json:"title" doc:"The status in words"`
	Status int            `json:"status" doc:"The HTTP status"`
	Code   string         `json:"code" doc:"A stable name of what went wrong"`
	Detail string         `json:"detail" doc:"What went wrong and how to mend it, in English"`
	Fields []ProblemField `json:"fields,omitempty" doc:"The fields that break a rule"`

	retryAfter int
}

// ProblemField is one field that breaks a rule.
type ProblemField struct {
	Name   string `json:"name" doc:"The field's name, or its place in the body"`
	Code   string `json:"code"`
	Detail string `json:"detail"`
}

func (p *Problem) Error() string { return p.Detail }

// GetStatus tells huma the status.
func (p *Problem) GetStatus() int { return p.Status }

// ContentType is that of RFC 9457.
func (p *Problem) ContentType(string) string { return "application/problem+json" }

// GetHeaders adds Retry-After where it is known.
func (p *Problem) GetHeaders() http.Header {
	h := http.Header{}
	if p.retryAfter > 0 {
		h.Set("Retry-After", strconv.Itoa(p.retryAfter))
	}
	return h
}

// statuses is the one table from kinds to statuses.
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

// problemOf turns any error into what a caller may see. What nobody classified
// is logged and shown as "Internal error" only.
func problemOf(ctx context.Context, log *slog.Logger, err error) *Problem {
	if p, ok := errors.AsType[*Problem](err); ok {
		return p
	}
	e, ok := errors.AsType[*errs.Error](err)
	if !ok || e.Kind == errs.Internal {
		log.LogAttrs(ctx, slog.LevelError, "request failed", slog.Any("error", err))
		return problem(http.StatusInternalServerError, "internal", "Internal error. Nothing that was confirmed before is lost. Please try again.")
	}
	p := problem(statuses[e.Kind], e.Code, e.Message)
	p.retryAfter = int(e.RetryAfter.Seconds())
	for _, f := range e.Fields {
		p.Fields = append(p.Fields, ProblemField{f.Name, f.Code, f.Message})
	}
	return p
}

func problem(status int, code, detail string) *Problem {
	return &Problem{Type: "about:blank", Title: http.StatusText(status), Status: status, Code: code, Detail: detail}
}

// newError is how huma itself makes errors: for bodies that do not fit the
// schema, unknown media types and the like.
func newError(status int, message string, details ...error) huma.StatusError {
	p := problem(status, "request", message)
	for _, d := range details {
		if detail, ok := errors.AsType[*huma.ErrorDetail](d); ok {
			p.Fields = append(p.Fields, ProblemField{detail.Location, "schema", detail.Message})
		}
	}
	if status >= http.StatusInternalServerError {
		p.Detail, p.Fields = "Internal error. Please try again.", nil
	}
	return p
}
