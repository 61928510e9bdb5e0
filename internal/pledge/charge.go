package pledge

import (
	"time"

	"globalbrain/internal/campaign"
	"globalbrain/internal/tenant"
)

// Decline says whether trying again can help.
type Decline string

// The kinds of decline.
const (
	Soft Decline = "soft" // no funds, the bank is down: may work later
	Hard Decline = "hard" // the card is gone: never again with this card
)

// maxAttempts is how often a pledge is charged without the backer's help.
const maxAttempts = 4

// After decides what a final answer to a charge makes of the pledge.
func After(answer ChargeState) State {
	switch answer {
	case ChargeSucceeded:
		return Collected
	case ChargeRequiresAction:
		return AuthRequired
	default:
		return Errored
	}
}

// Retry decides whether a declined charge is tried again by itself, and when:
// only after a soft decline, after the policy's pause, at most four attempts in
// all, and only while the campaign still collects. attempt counts from 1.
func Retry(d Decline, attempt int, now time.Time, c campaign.Campaign, policy tenant.Policy) (at time.Time, again bool) {
	at = now.Add(policy.RetryCharge)
	return at, d == Soft && attempt < maxAttempts && at.Before(c.CollectUntil)
}
