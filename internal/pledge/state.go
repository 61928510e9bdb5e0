package pledge

import "slices"

// State is where a pledge stands.
type State string

// The states.
const (
	Intent         State = "intent"          // promised; the gateway was not asked yet
	RequiresAction State = "requires_action" // the backer is at the gateway's page
	Active         State = "active"          // counts; may be charged if the campaign succeeds
	Abandoned      State = "abandoned"       // never confirmed
	Cancelled      State = "cancelled"       // taken back by the backer
	Released       State = "released"        // the campaign did not succeed
	Collecting     State = "collecting"      // a charge is on its way
	Collected      State = "collected"       // paid
	Errored        State = "errored"         // the charge was declined
	AuthRequired   State = "auth_required"   // the bank wants to hear from the backer
	Dropped        State = "dropped"         // could not be charged in time
	RefundPending  State = "refund_pending"  // money is on its way back
	Refunded       State = "refunded"        // money was given back
)

// Step is one allowed move.
type Step struct{ From, To State }

// Transitions lists every allowed move of a pledge. The database holds the same
// list in state_rule; a test compares the two.
var Transitions = []Step{
	{Intent, RequiresAction},
	{Intent, Abandoned},
	{RequiresAction, Active},
	{RequiresAction, Abandoned},
	{Active, Cancelled},
	{Active, Released},
	{Active, Collecting},
	{Collecting, Collected},
	{Collecting, Errored},
	{Collecting, AuthRequired},
	{Errored, Collecting},
	{Errored, Dropped},
	{AuthRequired, Collecting},
	{AuthRequired, Dropped},
	{Collected, RefundPending},
	{RefundPending, Refunded},
}

// Allowed reports whether a pledge may go from one state to the other.
func Allowed(from, to State) bool { return slices.Contains(Transitions, Step{from, to}) }

// Open lists the states in which a pledge holds its place: its backer can make
// no second one for the campaign, and its reward is taken.
var Open = []State{Intent, RequiresAction, Active, Collecting, Errored, AuthRequired, Collected, RefundPending}

// IsOpen reports whether s is one of Open.
func (s State) IsOpen() bool { return slices.Contains(Open, s) }

// Unconfirmed reports whether the backer has not finished at the gateway.
func (s State) Unconfirmed() bool { return s == Intent || s == RequiresAction }

// Mendable reports whether the backer can help a failed charge along.
func (s State) Mendable() bool { return s == Errored || s == AuthRequired }

// Effect is what a step adds to a campaign's totals, in minor units and people.
type Effect struct {
	Pledged   int64
	Backers   int
	Collected int64
	Refunded  int64
}

// EffectOf returns what the step adds to the totals of the campaign for a
// pledge of the given amount. Pledged stays what it was at the close; collected
// and refunded say what became of it.
func EffectOf(from, to State, minor int64) Effect {
	switch {
	case to == Active:
		return Effect{Pledged: minor, Backers: 1}
	case from == Active && to == Cancelled:
		return Effect{Pledged: -minor, Backers: -1}
	case to == Collected:
		return Effect{Collected: minor}
	case to == Refunded:
		return Effect{Refunded: minor}
	}
	return Effect{}
}

// ChargeState is where one attempt to charge a pledge stands.
type ChargeState string

// The states of a charge.
const (
	ChargePending        ChargeState = "pending"         // committed; the gateway may or may not know it
	ChargeProcessing     ChargeState = "processing"      // the gateway is working on it
	ChargeSucceeded      ChargeState = "succeeded"       // captured
	ChargeFailed         ChargeState = "failed"          // declined
	ChargeRequiresAction ChargeState = "requires_action" // the bank wants to hear from the backer
)

// ChargeStep is one allowed move of a charge.
type ChargeStep struct{ From, To ChargeState }

// ChargeTransitions lists every allowed move of a charge.
var ChargeTransitions = []ChargeStep{
	{ChargePending, ChargeProcessing},
	{ChargePending, ChargeSucceeded},
	{ChargePending, ChargeFailed},
	{ChargePending, ChargeRequiresAction},
	{ChargeProcessing, ChargeSucceeded},
	{ChargeProcessing, ChargeFailed},
	{ChargeProcessing, ChargeRequiresAction},
}

// Final reports whether the charge will not change any more.
func (s ChargeState) Final() bool { return s != ChargePending && s != ChargeProcessing }
