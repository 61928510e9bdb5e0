package review

import (
	"time"

	"github.com/google/uuid"

	"globalbrain/internal/errs"
	"globalbrain/internal/tenant"
)

// RoundState is where a review round stands.
type RoundState string

// The states of a round, in order.
const (
	RoundDraft      RoundState = "draft"      // made, its ideas not yet fixed
	RoundAssigning  RoundState = "assigning"  // ideas fixed, reviewers being chosen; nobody is invited yet
	RoundOpen       RoundState = "open"       // reviewers are invited and write
	RoundDiscussion RoundState = "discussion" // no more reviews; the chair decides idea by idea
	RoundDecided    RoundState = "decided"    // every idea has its decision
	RoundPublished  RoundState = "published"  // reviews and decisions are public
)

// RoundStep is one allowed move of a round.
type RoundStep struct{ From, To RoundState }

// RoundSteps is the whole machine; the database holds the same table.
var RoundSteps = []RoundStep{
	{RoundDraft, RoundAssigning},
	{RoundAssigning, RoundOpen},
	{RoundOpen, RoundDiscussion},
	{RoundDiscussion, RoundDecided},
	{RoundDecided, RoundPublished},
}

// A Round is one call's ideas judged together by the same rules.
type Round struct {
	ID        uuid.UUID
	Call      uuid.UUID
	Chair     uuid.UUID
	State     RoundState
	DueAt     time.Time // when reviews are due
	CreatedAt time.Time
}

// Move returns the round in state to, or a Conflict error that names both states.
func (r Round) Move(to RoundState) (Round, error) {
	for _, s := range RoundSteps {
		if s.From == r.State && s.To == to {
			r.State = to
			return r, nil
		}
	}
	return r, errs.New(errs.Conflict, "round.state", "The round is %[1]s and cannot become %[2]s.", r.State, to)
}

// MayAssign says whether reviewers may still be added.
func (r Round) MayAssign() error {
	if r.State == RoundAssigning || r.State == RoundOpen {
		return nil
	}
	return errs.New(errs.Conflict, "round.closed_to_reviewers", "Reviewers can be added only before and while reviews are written.")
}

// MayReview says whether reviews may still be written.
func (r Round) MayReview() error {
	if r.State == RoundOpen {
		return nil
	}
	return errs.New(errs.Conflict, "round.not_open", "The round is closed; reviews can no longer be changed.")
}

// MinDue is the least time that reviewers are given.
const MinDue = time.Hour

// NewRound opens a round for a call. It needs at least one idea and a due date
// at least MinDue after now.
func NewRound(id, call, chair uuid.UUID, ideas int, due, now time.Time) (Round, error) {
	var f errs.Fields
	if due.Before(now.Add(MinDue)) {
		f.Add("due", "round.due", "Give the reviewers at least an hour.")
	}
	if ideas == 0 {
		f.Add("call", "round.no_ideas", "No idea of this call waits for review.")
	}
	if err := f.Err(); err != nil {
		return Round{}, err
	}
	return Round{ID: id, Call: call, Chair: chair, State: RoundDraft, DueAt: due, CreatedAt: now}, nil
}

// Decision is what the chair says about one idea.
type Decision string

// The decisions.
const (
	Shortlist Decision = "shortlisted"
	Reject    Decision = "rejected"
)

// Final is what a decision needs to know of one final review.
type Final struct {
	Reviewer     uuid.UUID
	Organisation string
	Sheet        Sheet
}

// Spread returns the distance between the highest and the lowest mean score.
func Spread(finals []Final) float64 {
	if len(finals) == 0 {
		return 0
	}
	low, high := finals[0].Sheet.Mean(), finals[0].Sheet.Mean()
	for _, f := range finals[1:] {
		low, high = min(low, f.Sheet.Mean()), max(high, f.Sheet.Mean())
	}
	return high - low
}

// WideSpread is the spread from which an idea is discussed.
const WideSpread = 2.0

// Decide returns nil when the finals allow the decision. An idea is shortlisted
// only with enough finals from enough organisations; rejecting needs neither,
// but a reason of at least MinReason characters.
func Decide(d Decision, finals []Final, reason string, p tenant.Policy) error {
	switch d {
	case Shortlist:
		if len(finals) < p.MinFinals {
			return errs.New(errs.Conflict, "round.few_finals", "An idea needs %[1]d final reviews to be shortlisted; it has %[2]d.", p.MinFinals, len(finals))
		}
		if n := Organisations(finals); n < p.MinOrganisations {
			return errs.New(errs.Conflict, "round.few_organisations", "The final reviews must come from %[1]d organisations; they come from %[2]d.", p.MinOrganisations, n)
		}
		return nil
	case Reject:
		if len([]rune(reason)) < MinReason {
			var f errs.Fields
			f.Add("reason", "round.reason", "Tell the founder why in at least %d characters.", MinReason)
			return f.Err()
		}
		return nil
	default:
		var f errs.Fields
		f.Add("decision", "round.decision", "Choose to shortlist or to reject.")
		return f.Err()
	}
}

// MinReason is the shortest reason for a rejection, in characters.
const MinReason = 20

// Organisations counts the distinct organisations of the reviewers. A reviewer
// without one stands for themself.
func Organisations(finals []Final) int {
	seen := map[string]bool{}
	for _, f := range finals {
		seen[OrganisationKey(f.Organisation, f.Reviewer)] = true
	}
	return len(seen)
}
