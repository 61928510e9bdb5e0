// Package payments speaks with payment gateways. It knows how to ask for a
// payment method, a charge or a refund under a key that does its work at most
// once, how to ask again what became of a key, and how a webhook is proved. It
// does not know campaigns, the ledger or when to charge.
package payments

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"globalbrain/internal/errs"
	"globalbrain/internal/money"
	"globalbrain/internal/pledge"
	"globalbrain/internal/tenant"
)

// Gateway is a payment provider. Every call names the account at the gateway,
// one per tenant, and a key that the caller has committed before: the gateway
// does a key's work at most once, however often it is sent.
//
// Errors tell what the caller may conclude, by their codes: see NoAnswer, Fault
// and Busy. An answer that no key is known comes as NotFound.
type Gateway interface {
	// Name is how stored events and the ledger call the gateway.
	Name() string
	// Setup asks for a page where the backer enters a payment method.
	Setup(ctx context.Context, r SetupRequest) (Setup, error)
	// FindSetup returns what became of a Setup's key.
	FindSetup(ctx context.Context, account, key string) (Setup, error)
	// Charge takes money from a payment method while the backer is away.
	Charge(ctx context.Context, r ChargeRequest) (Charge, error)
	// FindCharge returns what became of a Charge's key.
	FindCharge(ctx context.Context, account, key string) (Charge, error)
	// Refund gives a captured charge back, whole.
	Refund(ctx context.Context, r RefundRequest) (Refund, error)
	// FindRefund returns what became of a Refund's key.
	FindRefund(ctx context.Context, account, key string) (Refund, error)
	// Charges lists an account's charges in the order they were made, after the
	// one named; at most limit. It is for reconciliation.
	Charges(ctx context.Context, account, after string, limit int) ([]Charge, error)
	// Event proves and reads a webhook from its header and raw body.
	Event(header http.Header, body []byte, now time.Time) (Event, error)
}

// SetupRequest asks for a payment method that can be charged later.
type SetupRequest struct {
	Account      string
	Key          string
	Amount       money.Amount // shown on the page; nothing is charged
	Description  string       // what the backer supports
	Locale       string       // the page's language
	ReturnURL    string       // where the backer comes back to
	Authenticate bool         // the bank wants to hear from the backer now
}

// SetupState is where a visit to the gateway's page stands.
type SetupState string

// The states of a setup.
const (
	SetupOpen      SetupState = "requires_action"
	SetupSucceeded SetupState = "succeeded"
)

// Setup is one visit to the gateway's page.
type Setup struct {
	ID            string
	Key           string
	State         SetupState
	URL           string // the page
	PaymentMethod string // once it has succeeded
}

// ChargeRequest asks for one capture.
type ChargeRequest struct {
	Account       string
	Key           string
	PaymentMethod string
	Amount        money.Amount
}

// Charge is what the gateway says about one attempt to charge.
type Charge struct {
	ID      string
	Key     string
	State   pledge.ChargeState // never ChargePending
	Amount  money.Amount
	Fee     money.Amount   // what the gateway keeps of a captured charge
	Decline pledge.Decline // of a failed one
	Code    string         // the gateway's word for what went wrong
}

// RefundRequest asks to give back the charge with the given key.
type RefundRequest struct {
	Account   string
	Key       string
	ChargeKey string
	Amount    money.Amount
}

// Refund is money on its way back; the gateway has accepted it.
type Refund struct {
	ID     string
	Key    string
	Amount money.Amount
}

// Event says that something happened to an object, and not what: whoever
// handles it asks the gateway.
type Event struct {
	ID      string
	Kind    string // "setup_intent.succeeded", "payment_intent.failed", ...
	Account string
	Key     string // of the object
}

// AccountOf names a tenant's account at the gateway.
func AccountOf(id tenant.ID) string { return strconv.FormatInt(int64(id), 10) }

// TenantOf returns the tenant whose account it is.
func TenantOf(account string) (tenant.ID, error) {
	id, err := strconv.ParseInt(account, 10, 64)
	if err != nil || id <= 0 {
		return 0, errs.New(errs.NotFound, "gateway.account", "No tenant has this account at the payment provider.")
	}
	return tenant.ID(id), nil
}

// The codes of errors that callers tell apart.
const (
	NoAnswer = "gateway.no_answer" // it may or may not have happened: ask
	Fault    = "gateway.fault"     // it answered that it broke: it may or may not have happened
	Busy     = "gateway.busy"      // not now: wait RetryAfter and send the same key
	Refused  = "gateway.refused"   // it did not happen and will not under this key
)

// Unproved is returned for a webhook whose signature does not hold.
func Unproved(why string) error {
	return errs.New(errs.Unauthenticated, "gateway.signature", "The webhook's signature does not hold: %s.", why)
}
