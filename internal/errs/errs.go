// Package errs is the one vocabulary of errors. Every error that a person may
// see has a kind, a code that locales translate, and a safe English message.
// It does not know HTTP, SQL or languages: presentation maps kinds to statuses
// and codes to sentences, each in one table.
package errs

import (
	"errors"
	"fmt"
	"time"
)

// Kind says what went wrong in the caller's terms.
type Kind uint8

// The kinds. Internal is the zero value: an error that nobody classified is
// never shown in words.
const (
	Internal        Kind = iota
	Invalid              // the input breaks a rule; Fields may say which
	Unauthenticated      // nobody is signed in, or the credentials are wrong
	Forbidden            // signed in, but not allowed
	NotFound             // it does not exist, or not for this tenant
	Conflict             // the state of things no longer allows it
	TooMany              // a rate or size limit; RetryAfter may say when
	Unavailable          // a part is down or full; RetryAfter may say when
)

var kindNames = [...]string{"internal", "invalid", "unauthenticated", "forbidden", "not_found", "conflict", "too_many", "unavailable"}

func (k Kind) String() string {
	if int(k) < len(kindNames) {
		return kindNames[k]
	}
	return "internal"
}

// Field is one complaint about one field of the input.
type Field struct {
	Name    string // the form or JSON name of the field
	Code    string // the key under which locales translate the message
	Message string // safe English
	Args    []any  // what the message's verbs stand for
}

// Error is an error whose message may be shown to a person.
type Error struct {
	Kind       Kind
	Code       string
	Message    string
	Args       []any
	Fields     []Field
	RetryAfter time.Duration
	cause      error
}

func (e *Error) Error() string {
	text := e.Message
	for _, f := range e.Fields {
		text += "; " + f.Name + ": " + f.Message
	}
	if e.cause != nil {
		return text + ": " + e.cause.Error()
	}
	return text
}

// Unwrap returns the cause, which is for logs and never for people.
func (e *Error) Unwrap() error { return e.cause }

// New makes an error with a safe message. The code is the locale key without
// its "error." prefix; args fill the verbs of format, here and in every locale.
func New(kind Kind, code, format string, args ...any) *Error {
	return &Error{Kind: kind, Code: code, Message: fmt.Sprintf(format, args...), Args: args}
}

// Wrap is New with a cause that is logged and never shown.
func Wrap(cause error, kind Kind, code, format string, args ...any) *Error {
	e := New(kind, code, format, args...)
	e.cause = cause
	return e
}

// After sets how long the caller should wait before it tries again.
func (e *Error) After(d time.Duration) *Error {
	e.RetryAfter = d
	return e
}

// KindOf returns the kind of the first *Error in err's tree, Internal without one.
func KindOf(err error) Kind {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Kind
	}
	return Internal
}

// Is reports whether err is of the given kind.
func Is(err error, kind Kind) bool { return err != nil && KindOf(err) == kind }

// CodeOf returns the code of the first *Error in err's tree, or "".
func CodeOf(err error) string {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Code
	}
	return ""
}

// Fields collects complaints about an input; its zero value is ready.
type Fields []Field

// Add notes a complaint about the named field.
func (f *Fields) Add(name, code, format string, args ...any) {
	*f = append(*f, Field{Name: name, Code: code, Message: fmt.Sprintf(format, args...), Args: args})
}

// Err returns nil when nothing was noted, else one Invalid error with all of it.
func (f Fields) Err() error {
	if len(f) == 0 {
		return nil
	}
	return &Error{Kind: Invalid, Code: "fields", Message: "Please check the marked fields.", Fields: f}
}

// AddErr notes what err says about the named field.
func (f *Fields) AddErr(name string, err error) {
	if e, ok := errors.AsType[*Error](err); ok {
		*f = append(*f, Field{Name: name, Code: e.Code, Message: e.Message, Args: e.Args})
	}
}
