package idea

import (
	"slices"

	"github.com/google/uuid"

	"globalbrain/internal/errs"
)

// State is where an idea stands.
type State string

// The states.
const (
	Drafting         State = "draft"             // the founder is writing it
	Submitted        State = "submitted"         // waits for a moderator
	Screening        State = "screening"         // a moderator is reading it
	ChangesRequested State = "changes_requested" // back on the founder's desk
	InReview         State = "in_review"         // public; experts judge it
	Shortlisted      State = "shortlisted"       // may become a campaign
	Rejected         State = "rejected"          // broke a rule, or did not pass the review
	Withdrawn        State = "withdrawn"         // taken back by its founder
)

// States lists every state in the order in which an idea may reach them.
var States = []State{Drafting, Submitted, Screening, ChangesRequested, InReview, Shortlisted, Rejected, Withdrawn}

// Step is one allowed move.
type Step struct{ From, To State }

// Transitions lists every allowed move. The database holds the same list in
// state_rule; a test compares the two.
var Transitions = []Step{
	{Drafting, Submitted},
	{Submitted, Screening},
	{Screening, InReview},
	{Screening, ChangesRequested},
	{Screening, Rejected},
	{InReview, ChangesRequested},
	{InReview, Rejected},
	{InReview, Shortlisted},
	{ChangesRequested, Submitted},
	{Submitted, Withdrawn},
	{Screening, Withdrawn},
	{InReview, Withdrawn},
	{ChangesRequested, Withdrawn},
	{Shortlisted, Withdrawn},
}

// Allowed reports whether an idea may go from one state to the other.
func Allowed(from, to State) bool { return slices.Contains(Transitions, Step{from, to}) }

// Move returns nil when an idea may go from one state to the other, else a
// Conflict that says where it stands.
func Move(from, to State) error {
	if Allowed(from, to) {
		return nil
	}
	return errs.New(errs.Conflict, "idea.state", "This is no longer possible: the idea's state is now %q.", string(from))
}

// Public reports whether everybody may see an idea in this state.
func (s State) Public() bool { return s == InReview || s == Shortlisted }

// StatesSeen lists the states in which an idea is seen by people who did not
// found it: by everybody, or by who moderates.
func StatesSeen(moderates bool) []State {
	return slices.DeleteFunc(slices.Clone(States), func(s State) bool { return !Idea{State: s}.MaySee(uuid.Nil, moderates) })
}

// Editable reports whether the founder may change what the idea says.
func (s State) Editable() bool { return s == Drafting || s == ChangesRequested }

// ValidState reports whether s is a state of the table.
func ValidState(s State) bool { return slices.Contains(States, s) }
