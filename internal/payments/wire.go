package payments

// The JSON of the sandbox gateway's API. Client and server share it.

// SetupIntent is a visit to the hosted page.
type SetupIntent struct {
	ID            string `json:"id"`
	Reference     string `json:"reference"`
	Status        string `json:"status"`
	URL           string `json:"url"`
	PaymentMethod string `json:"payment_method,omitempty"`
}

// NewSetupIntent asks for one.
type NewSetupIntent struct {
	Reference    string `json:"reference"`
	Amount       int64  `json:"amount"`
	Currency     string `json:"currency"`
	Description  string `json:"description"`
	Locale       string `json:"locale"`
	ReturnURL    string `json:"return_url"`
	Authenticate bool   `json:"authenticate"`
}

// PaymentIntent is one attempt to charge.
type PaymentIntent struct {
	ID            string `json:"id"`
	Reference     string `json:"reference"`
	Status        string `json:"status"` // processing, succeeded, failed, requires_action
	Amount        int64  `json:"amount"`
	Currency      string `json:"currency"`
	Fee           int64  `json:"fee"`
	PaymentMethod string `json:"payment_method"`
	Decline       string `json:"decline,omitempty"` // soft, hard
	Code          string `json:"code,omitempty"`
}

// NewPaymentIntent asks for one, off session.
type NewPaymentIntent struct {
	Reference     string `json:"reference"`
	PaymentMethod string `json:"payment_method"`
	Amount        int64  `json:"amount"`
	Currency      string `json:"currency"`
}

// RefundObject is money given back.
type RefundObject struct {
	ID        string `json:"id"`
	Reference string `json:"reference"`
	Charge    string `json:"charge"` // the charge's reference
	Amount    int64  `json:"amount"`
	Currency  string `json:"currency"`
}

// NewRefund asks for one.
type NewRefund struct {
	Reference string `json:"reference"`
	Charge    string `json:"charge"`
	Amount    int64  `json:"amount"`
	Currency  string `json:"currency"`
}

// List is a page of objects.
type List[T any] struct {
	Items []T `json:"items"`
}

// WebhookEvent is the body of a webhook.
type WebhookEvent struct {
	ID      string      `json:"id"`
	Type    string      `json:"type"`
	Account string      `json:"account"`
	Created int64       `json:"created"` // unix seconds
	Object  EventObject `json:"object"`
}

// EventObject names what an event is about.
type EventObject struct {
	ID        string `json:"id"`
	Reference string `json:"reference"`
}

// Problem is the body of every answer that is not a success.
type Problem struct {
	Code    string `json:"code"`
	Message string `json:"message"`
}

// The headers of the API.
const (
	AccountHeader = "Gateway-Account"
	KeyHeader     = "Idempotency-Key"
)
