package pledge

import (
	"fmt"
	"time"

	"github.com/google/uuid"

	"globalbrain/internal/campaign"
	"globalbrain/internal/money"
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

// Charge is one attempt to charge a pledge. Its key is committed before the
// gateway is called.
type Charge struct {
	ID            uuid.UUID
	Campaign      uuid.UUID
	Pledge        uuid.UUID
	Version       int
	Attempt       int
	Key           string
	PaymentMethod string
	Amount        money.Amount
	State         ChargeState
	Ref           string       // the gateway's id
	Fee           money.Amount // what the gateway kept
	Decline       Decline
	Code          string // the gateway's word for what went wrong
	CreatedAt     time.Time
	SettledAt     time.Time // zero until it is final
}

// Answer is what the gateway says became of a charge.
type Answer struct {
	State   ChargeState
	Ref     string
	Fee     money.Amount
	Decline Decline
	Code    string
}

// Refund is a captured charge on its way back, whole.
type Refund struct {
	ID        uuid.UUID
	Charge    uuid.UUID
	ChargeKey string
	Key       string
	Amount    money.Amount
	Done      bool
}

// RefundKey names the refund of a charge, for ever.
func RefundKey(id tenant.ID, charge uuid.UUID) string { return fmt.Sprintf("%d:%s:refund", id, charge) }
