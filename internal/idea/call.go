package idea

import (
	"regexp"
	"time"

	"github.com/google/uuid"

	"globalbrain/internal/errs"
)

// Call is a tenant's invitation to post ideas on one subject.
type Call struct {
	ID        uuid.UUID
	Slug      string            // the part of its address
	Title     map[string]string // by language tag, "en" always present
	Brief     map[string]string // Markdown, likewise
	OpensAt   time.Time
	ClosesAt  time.Time // zero: it stays open
	CreatedAt time.Time
}

// TakesIdeas returns nil while ideas may be submitted to the call for the first
// time, else a Conflict that says why not.
func (c Call) TakesIdeas(now time.Time) error {
	if now.Before(c.OpensAt) {
		return errs.New(errs.Conflict, "idea.call_not_open", "This call has not opened yet.")
	}
	if !c.ClosesAt.IsZero() && !now.Before(c.ClosesAt) {
		return errs.New(errs.Conflict, "idea.call_closed", "This call is closed. It takes no more ideas.")
	}
	return nil
}

// slugRule is the shape of a call's address; the database holds the same.
var slugRule = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{1,60}$`)

// Check returns an Invalid error that names every field that breaks a rule.
func (c Call) Check() error {
	var f errs.Fields
	if !slugRule.MatchString(c.Slug) {
		f.Add("slug", "idea.call_slug", "The address takes 2 to 61 small letters, digits and hyphens.")
	}
	if c.Title["en"] == "" {
		f.Add("title", "idea.call_title", "Give the call an English title.")
	}
	if c.Brief["en"] == "" {
		f.Add("brief", "idea.call_brief", "Say in English what the call looks for.")
	}
	if !c.ClosesAt.IsZero() && !c.ClosesAt.After(c.OpensAt) {
		f.Add("closes_at", "idea.call_times", "The call closes after it opens.")
	}
	return f.Err()
}
