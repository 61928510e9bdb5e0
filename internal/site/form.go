package site

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"globalbrain/internal/errs"
)

// form is what was typed into a page's form and what is wrong with it.
type form struct {
	posted  url.Values
	initial map[string]string
	refused []errs.Field
	problem string
}

// refusals are the kinds of errors after which the same form is shown again.
var refusals = []errs.Kind{errs.Invalid, errs.Conflict, errs.TooMany, errs.Unauthenticated}

func isRefusal(err error) bool { return slices.Contains(refusals, errs.KindOf(err)) }

// With returns the Base with values that fields show before anybody typed:
// name, value, name, value.
func (b Base) With(pairs ...string) Base {
	f := *b.form
	f.initial = map[string]string{}
	for i := 0; i+1 < len(pairs); i += 2 {
		f.initial[pairs[i]] = pairs[i+1]
	}
	b.form = &f
	return b
}

// Refused returns the Base with what err says about the form and its fields.
func (b Base) Refused(err error) Base {
	e, ok := errors.AsType[*errs.Error](err)
	if !ok || e.Kind == errs.Internal {
		return b
	}
	f := *b.form
	f.refused = e.Fields
	f.problem = sayError(b.locale(), e.Code, e.Message, e.Args)
	b.form = &f
	return b
}

// Problem returns what is wrong with the whole form, or "".
func (b Base) Problem() string { return b.form.problem }

// Err returns what is wrong with a field, or "".
func (b Base) Err(name string) string {
	for _, f := range b.form.refused {
		if f.Name == name {
			return sayError(b.locale(), f.Code, f.Message, f.Args)
		}
	}
	return ""
}

// Val returns what a field shows: what was typed, else its first value.
func (b Base) Val(name string) string {
	if b.form.posted != nil {
		return b.form.posted.Get(name)
	}
	return b.form.initial[name]
}

// Checked reports whether a box or radio button of a field is on.
func (b Base) Checked(name, value string) bool {
	if b.form.posted != nil {
		return slices.Contains(b.form.posted[name], value)
	}
	return b.form.initial[name] == value
}

// Field is one field of a form, ready for the partials field, textarea, choice
// and tick.
type Field struct {
	ID           string
	Name         string
	Label        string
	Hint         string
	Value        string
	Error        string
	Type         string
	Autocomplete string
	InputMode    string
	Currency     string // money fields: the code, shown before the amount
	Max          int    // characters; 0: not limited here
	Rows         int
	Required     bool
	Focus        bool // the first field with an error
	Checked      bool
	Options      []Option
}

// Option is one choice of a Field.
type Option struct {
	Value, Label string
	Chosen       bool
}

// Described names the elements that explain the field, for aria-describedby.
func (f Field) Described() string {
	var ids []string
	if f.Hint != "" {
		ids = append(ids, f.ID+"-hint")
	}
	if f.Error != "" {
		ids = append(ids, f.ID+"-error")
	}
	return strings.Join(ids, " ")
}

// Input describes a field: its name, the key of its label, and settings such as
// "type=email", "autocomplete=email", "hint=KEY", "max=120", "rows=6",
// "money=EUR", "required", "focus". An unknown setting is an error.
func (b Base) Input(name, label string, settings ...string) (Field, error) {
	f := Field{ID: "f-" + name, Name: name, Label: b.T(label), Value: b.Val(name), Error: b.Err(name), Type: "text", Rows: 5}
	f.Focus = len(b.form.refused) > 0 && b.form.refused[0].Name == name
	for _, setting := range settings {
		key, value, _ := strings.Cut(setting, "=")
		switch key {
		case "id":
			f.ID = value
		case "type":
			f.Type = value
		case "autocomplete":
			f.Autocomplete = value
		case "inputmode":
			f.InputMode = value
		case "hint":
			f.Hint = b.T(value)
		case "money":
			f.Currency, f.InputMode = value, "decimal"
		case "max", "rows":
			n, err := strconv.Atoi(value)
			if err != nil {
				return f, fmt.Errorf("field %s: %s is not a number", name, setting)
			}
			if key == "max" {
				f.Max = n
			} else {
				f.Rows = n
			}
		case "required":
			f.Required = true
		case "focus":
			f.Focus = f.Focus || len(b.form.refused) == 0
		default:
			return f, fmt.Errorf("field %s: unknown setting %q", name, setting)
		}
	}
	if f.Type == "password" {
		f.Value = "" // a password never travels back
	}
	return f, nil
}

// Choice describes a field with options; settings are those of Input.
func (b Base) Choice(name, label string, options []Option, settings ...string) (Field, error) {
	f, err := b.Input(name, label, settings...)
	f.Options = make([]Option, len(options))
	for i, o := range options {
		o.Chosen = o.Value == f.Value
		f.Options[i] = o
	}
	return f, err
}

// Tick describes a box to tick, whose value is "yes"; settings are those of Input.
func (b Base) Tick(name, label string, settings ...string) (Field, error) {
	f, err := b.Input(name, label, settings...)
	f.Value, f.Checked = "yes", b.Checked(name, "yes")
	return f, err
}
