// Package promotion knows how the model that serves somebody changes: by steps
// that are only ever added, each promoting a model or taking the last promotion
// back. It does not know what a model is made of or where steps are kept.
package promotion

import (
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"globalbrain/internal/errs"
)

// Model names one version of a model. The zero Model is "none chosen": a tenant
// then follows the platform's, and the platform what each program was started with.
type Model struct {
	Folder string // in the folder of models
	Title  string // name and version, as people say it
	Hash   string // sha256 of its manifest, in hex
}

// Chosen reports whether m names a model.
func (m Model) Chosen() bool { return m.Folder != "" }

// Act is what a step does.
type Act string

// The acts.
const (
	Promote  Act = "promote"  // Model serves from now on
	Rollback Act = "rollback" // Model, which served before the promotion that is taken back, serves again
)

// By is who acts: an account, or an operator at the command line, who has a
// name and no account.
type By struct {
	Account  uuid.UUID
	Operator string
}

// Step is one entry of a history.
type Step struct {
	Seq    int // from 1, without gaps
	Act    Act
	Model  Model // that serves from then on
	By     By
	Name   string // of who acted
	Reason string
	At     time.Time
}

// History is every step so far, the first one first. Promotions lie on each
// other like a pile: a rollback takes the topmost away, the next rollback the
// one below it.
type History []Step

// pile returns the models from the one before all promotions, which is none, to
// the one that serves.
func (h History) pile() []Model {
	pile := []Model{{}}
	for _, s := range h {
		switch {
		case s.Act == Promote:
			pile = append(pile, s.Model)
		case len(pile) > 1:
			pile = pile[:len(pile)-1]
		}
	}
	return pile
}

// Live returns the model that was chosen last.
func (h History) Live() Model {
	pile := h.pile()
	return pile[len(pile)-1]
}

// Seq returns the number of the last step, 0 before the first.
func (h History) Seq() int {
	if len(h) == 0 {
		return 0
	}
	return h[len(h)-1].Seq
}

// Earlier returns the model that a rollback would bring back; false when there
// is no promotion to take back.
func (h History) Earlier() (Model, bool) {
	pile := h.pile()
	if len(pile) == 1 {
		return Model{}, false
	}
	return pile[len(pile)-2], true
}

// Longest reason, in characters.
const MaxReason = 500

// Promote returns the step that makes m serve. seen is the number of the last
// step that the person decided on; a negative one asks for no comparison.
func (h History) Promote(m Model, seen int, by By, reason string) (Step, error) {
	if h.Live() == m {
		return Step{}, errs.New(errs.Conflict, "model.live", "%s serves already.", m.Title)
	}
	return h.step(Promote, m, seen, by, reason)
}

// Rollback returns the step that takes the last promotion back.
func (h History) Rollback(seen int, by By, reason string) (Step, error) {
	m, ok := h.Earlier()
	if !ok {
		return Step{}, errs.New(errs.Conflict, "model.first", "There is no promotion to take back.")
	}
	return h.step(Rollback, m, seen, by, reason)
}

func (h History) step(act Act, m Model, seen int, by By, reason string) (Step, error) {
	if seen >= 0 && seen != h.Seq() {
		return Step{}, errs.New(errs.Conflict, "model.changed", "Somebody changed the model meanwhile. Look at what serves now, and decide again.")
	}
	reason = strings.TrimSpace(lineEnds.Replace(strings.ToValidUTF8(reason, "\uFFFD")))
	var f errs.Fields
	if n := utf8.RuneCountInString(reason); n == 0 || n > MaxReason {
		f.Add("reason", "model.reason", "Say why, in at most %d characters.", MaxReason)
	}
	if err := f.Err(); err != nil {
		return Step{}, err
	}
	return Step{Seq: h.Seq() + 1, Act: act, Model: m, By: by, Reason: reason}, nil
}

// lineEnds makes one character of every line end, as browsers count, and leaves out
// NUL, which no database keeps.
var lineEnds = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\x00", "")

// Choice is which models a tenant has to do with.
type Choice struct {
	Own      Model // the tenant's, if it chose one
	Platform Model // for tenants that chose none, if the platform chose one
	InForce  Model // whose scores pages and rankings show, by Title and Hash; none before the first score
}

// Live returns the model that shall answer; none: what the program was started with.
func (c Choice) Live() Model {
	if c.Own.Chosen() {
		return c.Own
	}
	return c.Platform
}
