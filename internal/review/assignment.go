package review

import (
	"slices"
	"time"

	"github.com/google/uuid"

	"globalbrain/internal/errs"
)

// AssignmentState is where one reviewer stands with one idea.
type AssignmentState string

// The states of an assignment.
const (
	Proposed   AssignmentState = "proposed"    // chosen; the reviewer does not know yet
	Invited    AssignmentState = "invited"     // asked
	Accepted   AssignmentState = "accepted"    // agreed to review
	InProgress AssignmentState = "in_progress" // has written something
	Submitted  AssignmentState = "submitted"   // handed in
	Finalised  AssignmentState = "final"       // counted; never changes again
	Declined   AssignmentState = "declined"
	Expired    AssignmentState = "expired"    // did not answer in time
	Conflicted AssignmentState = "conflicted" // has a conflict of interest
	Recused    AssignmentState = "recused"    // stepped back
	Replaced   AssignmentState = "replaced"   // somebody else took the place
)

// AssignmentStep is one allowed move of an assignment.
type AssignmentStep struct{ From, To AssignmentState }

// AssignmentSteps is the whole machine; the database holds the same table.
var AssignmentSteps = []AssignmentStep{
	{Proposed, Invited},
	{Invited, Accepted},
	{Accepted, InProgress},
	{InProgress, Submitted},
	{Submitted, Finalised},
	{Proposed, Declined}, {Invited, Declined},
	{Proposed, Expired}, {Invited, Expired},
	{Proposed, Conflicted}, {Invited, Conflicted},
	{Proposed, Recused}, {Invited, Recused}, {Accepted, Recused}, {InProgress, Recused}, {Submitted, Recused},
	{Recused, Replaced},
}

// InvitationLasts is how long an invitation waits for an answer.
const InvitationLasts = 72 * time.Hour

// An Assignment asks one person to review one version of one idea.
type Assignment struct {
	ID           uuid.UUID
	Round        uuid.UUID
	Idea         uuid.UUID
	Version      int
	Reviewer     uuid.UUID
	Organisation string // the reviewer's, when they were chosen
	State        AssignmentState
	InvitedAt    time.Time // zero before the invitation
	DueAt        time.Time
}

// Move returns the assignment in state to, or a Conflict error.
func (a Assignment) Move(to AssignmentState) (Assignment, error) {
	if slices.Contains(AssignmentSteps, AssignmentStep{a.State, to}) {
		a.State = to
		return a, nil
	}
	return a, errs.New(errs.Conflict, "assignment.state", "This review is %[1]s and cannot become %[2]s.", a.State, to)
}

// Accept agrees to review. An invitation that waited longer than
// InvitationLasts is over.
func (a Assignment) Accept(now time.Time) (Assignment, error) {
	if a.Lapsed(now) {
		return a, errs.New(errs.Conflict, "assignment.expired", "This invitation has expired. Ask the chair to invite you again.")
	}
	return a.Move(Accepted)
}

// Lapsed reports whether the invitation has waited too long for an answer.
func (a Assignment) Lapsed(now time.Time) bool {
	return a.State == Invited && !a.InvitedAt.IsZero() && now.After(a.InvitedAt.Add(InvitationLasts))
}

// Writable says whether the reviewer may still write.
func (a Assignment) Writable() error {
	switch a.State {
	case Accepted, InProgress:
		return nil
	case Finalised, Submitted:
		return errs.New(errs.Conflict, "review.final", "This review is final and cannot be changed.")
	default:
		return errs.New(errs.Conflict, "review.not_accepted", "Accept the invitation before you write the review.")
	}
}

// Pending reports whether the reviewer may still come to judge the idea, and so
// must not see what others think of it.
func (s AssignmentState) Pending() bool { return slices.Contains(PendingStates, s) }

// PendingStates are the states in which the blind-first rule holds.
var PendingStates = []AssignmentState{Proposed, Invited, Accepted, InProgress}

// Holds reports whether the assignment still counts as a place taken.
func (s AssignmentState) Holds() bool {
	return s.Pending() || s == Submitted || s == Finalised
}

// Blind is the set of ideas that a person may still come to judge. Until their
// review is handed in, no read path shows them the model's score, other
// reviews, pledges or support for these.
type Blind map[uuid.UUID]struct{}

// Hides reports whether what others think of the idea must stay hidden.
func (b Blind) Hides(idea uuid.UUID) bool {
	_, hidden := b[idea]
	return hidden
}
