package payments

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"globalbrain/internal/errs"
	"globalbrain/internal/money"
	"globalbrain/internal/pledge"
)

// Sandbox is the Gateway that speaks with our own test provider over HTTP.
type Sandbox struct {
	base   string
	key    string
	secret string
	http   *http.Client
	pace   *pace
}

// SandboxOptions say how to reach the test provider.
type SandboxOptions struct {
	URL           string        // its address
	Key           string        // ours at the provider
	WebhookSecret string        // with which it signs
	PerSecond     int           // charges and refunds; 0: 20
	Timeout       time.Duration // of one call; 0: 10 s
}

// maxAnswer bounds what is read of an answer.
const maxAnswer = 1 << 20

// NewSandbox returns a client of the test provider.
func NewSandbox(o SandboxOptions) *Sandbox {
	if o.PerSecond == 0 {
		o.PerSecond = 20
	}
	if o.Timeout == 0 {
		o.Timeout = 10 * time.Second
	}
	return &Sandbox{
		base: strings.TrimRight(o.URL, "/"), key: o.Key, secret: o.WebhookSecret,
		http: &http.Client{Timeout: o.Timeout}, pace: &pace{gap: time.Second / time.Duration(o.PerSecond)},
	}
}

// Name is "sandbox".
func (s *Sandbox) Name() string { return "sandbox" }

// Setup implements Gateway.
func (s *Sandbox) Setup(ctx context.Context, r SetupRequest) (Setup, error) {
	var got SetupIntent
	err := s.call(ctx, http.MethodPost, "/v1/setup_intents", r.Account, r.Key, NewSetupIntent{
		Reference: r.Key, Amount: r.Amount.Minor, Currency: r.Amount.Currency, Description: r.Description,
		Locale: r.Locale, ReturnURL: r.ReturnURL, Authenticate: r.Authenticate,
	}, &got)
	if err != nil {
		return Setup{}, fmt.Errorf("set up %s: %w", r.Key, err)
	}
	return setupOf(got), nil
}

// FindSetup implements Gateway.
func (s *Sandbox) FindSetup(ctx context.Context, account, key string) (Setup, error) {
	got, err := find[SetupIntent](ctx, s, "/v1/setup_intents", account, key)
	return setupOf(got), err
}

func setupOf(i SetupIntent) Setup {
	return Setup{ID: i.ID, Key: i.Reference, State: SetupState(i.Status), URL: i.URL, PaymentMethod: i.PaymentMethod}
}

// Charge implements Gateway, at the pace of the options.
func (s *Sandbox) Charge(ctx context.Context, r ChargeRequest) (Charge, error) {
	if err := s.pace.wait(ctx); err != nil {
		return Charge{}, fmt.Errorf("charge %s: %w", r.Key, err)
	}
	var got PaymentIntent
	err := s.call(ctx, http.MethodPost, "/v1/payment_intents", r.Account, r.Key, NewPaymentIntent{
		Reference: r.Key, PaymentMethod: r.PaymentMethod, Amount: r.Amount.Minor, Currency: r.Amount.Currency,
	}, &got)
	if err != nil {
		return Charge{}, fmt.Errorf("charge %s: %w", r.Key, err)
	}
	return chargeOf(got), nil
}

// FindCharge implements Gateway.
func (s *Sandbox) FindCharge(ctx context.Context, account, key string) (Charge, error) {
	got, err := find[PaymentIntent](ctx, s, "/v1/payment_intents", account, key)
	return chargeOf(got), err
}

// Charges implements Gateway.
func (s *Sandbox) Charges(ctx context.Context, account, after string, limit int) ([]Charge, error) {
	query := url.Values{"after": {after}, "limit": {strconv.Itoa(limit)}}
	var got List[PaymentIntent]
	if err := s.call(ctx, http.MethodGet, "/v1/payment_intents?"+query.Encode(), account, "", nil, &got); err != nil {
		return nil, fmt.Errorf("list charges: %w", err)
	}
	list := make([]Charge, len(got.Items))
	for i, p := range got.Items {
		list[i] = chargeOf(p)
	}
	return list, nil
}

func chargeOf(p PaymentIntent) Charge {
	return Charge{
		ID: p.ID, Key: p.Reference, State: pledge.ChargeState(p.Status),
		Amount: money.Amount{Minor: p.Amount, Currency: p.Currency}, Fee: money.Amount{Minor: p.Fee, Currency: p.Currency},
		Decline: pledge.Decline(p.Decline), Code: p.Code,
	}
}

// Refund implements Gateway, at the pace of the options.
func (s *Sandbox) Refund(ctx context.Context, r RefundRequest) (Refund, error) {
	if err := s.pace.wait(ctx); err != nil {
		return Refund{}, fmt.Errorf("refund %s: %w", r.Key, err)
	}
	var got RefundObject
	err := s.call(ctx, http.MethodPost, "/v1/refunds", r.Account, r.Key, NewRefund{
		Reference: r.Key, Charge: r.ChargeKey, Amount: r.Amount.Minor, Currency: r.Amount.Currency,
	}, &got)
	if err != nil {
		return Refund{}, fmt.Errorf("refund %s: %w", r.Key, err)
	}
	return refundOf(got), nil
}

// FindRefund implements Gateway.
func (s *Sandbox) FindRefund(ctx context.Context, account, key string) (Refund, error) {
	got, err := find[RefundObject](ctx, s, "/v1/refunds", account, key)
	return refundOf(got), err
}

func refundOf(r RefundObject) Refund {
	return Refund{ID: r.ID, Key: r.Reference, Amount: money.Amount{Minor: r.Amount, Currency: r.Currency}}
}

// Event implements Gateway.
func (s *Sandbox) Event(header http.Header, body []byte, now time.Time) (Event, error) {
	if err := Verify(s.secret, header.Get(SignatureHeader), body, now); err != nil {
		return Event{}, err
	}
	var got WebhookEvent
	if err := json.Unmarshal(body, &got); err != nil || got.ID == "" || got.Object.Reference == "" {
		return Event{}, errs.New(errs.Invalid, "gateway.event", "The webhook cannot be read.")
	}
	return Event{ID: got.ID, Kind: got.Type, Account: got.Account, Key: got.Object.Reference}, nil
}

// find asks for the one object with a reference.
func find[T any](ctx context.Context, s *Sandbox, path, account, key string) (T, error) {
	var none T
	var got List[T]
	if err := s.call(ctx, http.MethodGet, path+"?"+url.Values{"reference": {key}}.Encode(), account, "", nil, &got); err != nil {
		return none, fmt.Errorf("ask about %s: %w", key, err)
	}
	if len(got.Items) != 1 {
		return none, errs.New(errs.NotFound, "gateway.unknown", "The payment provider does not know this.")
	}
	return got.Items[0], nil
}

// call sends one request and reads its answer into out.
func (s *Sandbox) call(ctx context.Context, method, path, account, key string, in, out any) error {
	var body bytes.Buffer
	if in != nil {
		if err := json.NewEncoder(&body).Encode(in); err != nil {
			return err
		}
	}
	req, err := http.NewRequestWithContext(ctx, method, s.base+path, &body)
	if err != nil {
		return err
	}
	req.GetBody = nil // net/http would send a keyed request again by itself; the caller decides
	req.Header.Set("Authorization", "Bearer "+s.key)
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set(AccountHeader, account)
	if key != "" {
		req.Header.Set(KeyHeader, key)
	}
	res, err := s.http.Do(req)
	if err != nil {
		return noAnswer(err)
	}
	defer res.Body.Close() //nolint:errcheck // nothing is lost when closing what was read fails
	answer, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer))
	if err != nil {
		return noAnswer(err)
	}
	if res.StatusCode/100 != 2 {
		return refusal(res, answer)
	}
	if err := json.Unmarshal(answer, out); err != nil {
		return noAnswer(err)
	}
	return nil
}

func noAnswer(cause error) error {
	return errs.Wrap(cause, errs.Unavailable, NoAnswer, "The payment provider did not answer. Please try again in a moment.")
}

// refusal turns an answer that is not a success into what the caller may conclude.
func refusal(res *http.Response, answer []byte) error {
	var p Problem
	_ = json.Unmarshal(answer, &p) // a proxy's page is no JSON; the status says enough
	cause := fmt.Errorf("status %d: %s: %s", res.StatusCode, p.Code, p.Message)
	switch {
	case res.StatusCode == http.StatusUnauthorized || res.StatusCode == http.StatusForbidden:
		// Our own key is wrong: nothing is known about the card, and nothing happened.
		return errs.Wrap(cause, errs.Unavailable, Busy, "The payment provider is not set up. Please try again later.").After(time.Minute)
	case res.StatusCode == http.StatusTooManyRequests || res.StatusCode == http.StatusConflict || res.StatusCode == http.StatusServiceUnavailable:
		seconds, err := strconv.Atoi(res.Header.Get("Retry-After"))
		if err != nil || seconds < 1 {
			seconds = 1
		}
		return errs.Wrap(cause, errs.Unavailable, Busy, "The payment provider is busy. Please try again in a moment.").After(time.Duration(seconds) * time.Second)
	case res.StatusCode >= http.StatusInternalServerError:
		return errs.Wrap(cause, errs.Unavailable, Fault, "The payment provider has a problem. Please try again in a moment.")
	}
	return errs.Wrap(cause, errs.Internal, Refused, "The payment provider refused the request.")
}
