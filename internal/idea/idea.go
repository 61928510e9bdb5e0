// Package idea knows what an idea is: what a founder writes, when it may be
// submitted, which way it goes from there, who may see and change it, and what a
// call for ideas is. It does not know how ideas are stored, scored or reviewed.
package idea

import (
	"time"

	"github.com/google/uuid"

	"globalbrain/internal/errs"
)

// Idea is one founder's answer to a call. Its Draft is what the founder is
// writing now; what others read is the newest Version.
type Idea struct {
	ID      uuid.UUID
	Call    uuid.UUID
	Founder uuid.UUID
	State   State
	Draft
	Version      int   // the newest submitted version; 0 before the first
	Edit         int64 // grows with every save; two tabs notice each other by it
	ChangeCycles int   // how often changes have been requested
	CreatedAt    time.Time
	UpdatedAt    time.Time
	SubmittedAt  time.Time // of the newest version; zero before the first
}

// MaySee reports whether a person may see the idea: everybody when it is
// public, its founder always, and who moderates once it left the founder's desk.
func (i Idea) MaySee(person uuid.UUID, moderates bool) bool {
	if i.State.Public() || i.isFounder(person) {
		return true
	}
	return moderates && i.State != Drafting
}

// MayEdit returns nil when the person may change what the idea says: only its
// founder, and only while it is on the founder's desk.
func (i Idea) MayEdit(person uuid.UUID) error {
	if !i.isFounder(person) {
		return notYours()
	}
	if !i.State.Editable() {
		return errs.New(errs.Conflict, "idea.fixed", "This idea has been submitted and cannot be changed now.")
	}
	return nil
}

// MayWithdraw returns nil when the person may take the idea back.
func (i Idea) MayWithdraw(person uuid.UUID) error {
	if !i.isFounder(person) {
		return notYours()
	}
	return Move(i.State, Withdrawn)
}

func (i Idea) isFounder(person uuid.UUID) bool { return person != uuid.Nil && person == i.Founder }

func notYours() error {
	return errs.New(errs.Forbidden, "idea.not_yours", "Only the founder can do this.")
}
