package idea

import (
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
