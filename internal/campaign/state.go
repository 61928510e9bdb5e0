package campaign

import "slices"

// State is where a campaign stands.
type State string

// The states.
const (
	Draft      State = "draft"      // the founder is writing it
	Scheduled  State = "scheduled"  // its terms are checked, and it is about to start
	Live       State = "live"       // takes pledges until the deadline
	Closing    State = "closing"    // no more pledges; the sum is being taken
	Succeeded  State = "succeeded"  // the goal was reached
	Failed     State = "failed"     // the goal was not reached; nobody is charged
	Collecting State = "collecting" // backers are charged
	Funded     State = "funded"     // the money is in escrow
	Shortfall  State = "shortfall"  // too many charges failed; the founder decides
	Cancelled  State = "cancelled"  // called off; nobody keeps anything
)

// Step is one allowed move.
type Step struct{ From, To State }

// Transitions lists every allowed move. The database holds the same list in
// state_rule; a test compares the two.
var Transitions = []Step{
	{Draft, Scheduled},
	{Scheduled, Live},
	{Live, Closing},
	{Live, Cancelled},
	{Closing, Succeeded},
	{Closing, Failed},
	{Succeeded, Collecting},
	{Collecting, Funded},
	{Collecting, Shortfall},
	{Shortfall, Funded},
	{Shortfall, Cancelled},
}

// Allowed reports whether a campaign may go from one state to the other.
func Allowed(from, to State) bool { return slices.Contains(Transitions, Step{from, to}) }

// Public reports whether everybody may see a campaign in this state.
func (s State) Public() bool { return s != Draft && s != Scheduled }

// Over reports whether the deadline's decision has been made, or the campaign
// was called off.
func (s State) Over() bool { return s.Public() && s != Live }
