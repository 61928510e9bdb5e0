package sandbox

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"strconv"
	"time"

	"globalbrain/internal/payments"
	"globalbrain/internal/pledge"
)

// An outcome is what an act answers and changes. An act runs alone (p.mu).
type outcome struct {
	status  int
	body    any
	changed []any
	forget  bool // the answer is not kept under the key: the act may be tried again
	silent  bool // the answer is kept and not sent
}

func problem(status int, code, message string) outcome {
	return outcome{status: status, body: payments.Problem{Code: code, Message: message}}
}

// idempotent does an act at most once for each account and key. The same key
// gets the same answer for ever, also a 500; with another body it gets 422.
func (p *Provider) idempotent(act func(account string, body []byte) outcome) http.HandlerFunc {
	return p.authorised(func(w http.ResponseWriter, r *http.Request) {
		account, key := r.Header.Get(payments.AccountHeader), r.Header.Get(payments.KeyHeader)
		if account == "" || key == "" || len(key) > 255 {
			refuse(w, http.StatusBadRequest, "headers", "Gateway-Account and Idempotency-Key are needed.")
			return
		}
		body, err := io.ReadAll(r.Body)
		if err != nil {
			refuse(w, http.StatusRequestEntityTooLarge, "too_large", "The request is too large.")
			return
		}
		sum := sha256.Sum256(append([]byte(r.URL.Path+"\n"), body...))
		status, answer, silent, err := p.once(account+"\n"+key, hex.EncodeToString(sum[:]), func() outcome { return act(account, body) })
		switch {
		case err != nil:
			p.o.Log.ErrorContext(r.Context(), "write the journal", "error", err)
			refuse(w, http.StatusServiceUnavailable, "journal", "The journal cannot be written.")
		case silent:
			panic(http.ErrAbortHandler) // cuts the connection: the answer is lost on its way
		default:
			send(w, status, answer)
		}
	})
}

// once runs the act unless the key has its answer already. It returns when the
// answer is on disk.
func (p *Provider) once(key, hash string, act func() outcome) (status int, answer []byte, silent bool, err error) {
	p.mu.Lock()
	position, status, answer, silent, err := p.onceLocked(key, hash, act)
	p.mu.Unlock()
	if err == nil {
		err = p.journal.flush(position)
	}
	return status, answer, silent, err
}

func (p *Provider) onceLocked(key, hash string, act func() outcome) (position int64, status int, answer []byte, silent bool, err error) {
	if kept := p.m.replies[key]; kept != nil {
		if kept.Hash != hash {
			answer, err = json.Marshal(payments.Problem{Code: "key_reused", Message: "This key was used with another request."})
			return 0, http.StatusUnprocessableEntity, answer, false, err
		}
		return p.journal.end(), kept.Status, kept.Body, false, nil
	}
	o := act()
	if answer, err = json.Marshal(o.body); err != nil {
		return 0, 0, nil, false, err
	}
	if !o.forget {
		o.changed = append(o.changed, &reply{Key: key, Hash: hash, Status: o.status, Body: answer})
	}
	if len(o.changed) > 0 {
		position, err = p.save(o.changed...)
	}
	p.alarm()
	return position, o.status, answer, o.silent, err
}

func (p *Provider) newSetup(account string, body []byte) outcome {
	var in payments.NewSetupIntent
	if err := json.Unmarshal(body, &in); err != nil || in.Reference == "" || !goodReturn(in.ReturnURL) {
		return problem(http.StatusBadRequest, "invalid", "A reference and an absolute return_url are needed.")
	}
	s := &setup{Account: account, Request: in}
	s.ID, s.Reference, s.Status = newID("si"), in.Reference, string(payments.SetupOpen)
	s.URL = p.o.BaseURL + "/pay/" + s.ID
	return outcome{status: http.StatusOK, body: s.SetupIntent, changed: []any{s}}
}

// newCharge does what the card says.
func (p *Provider) newCharge(account string, body []byte) outcome {
	var in payments.NewPaymentIntent
	if err := json.Unmarshal(body, &in); err != nil || in.Reference == "" || in.Amount <= 0 || len(in.Currency) != 3 {
		return problem(http.StatusBadRequest, "invalid", "A reference, a positive amount and a currency are needed.")
	}
	known := p.m.methods[in.PaymentMethod]
	if known == nil || known.Account != account {
		return problem(http.StatusNotFound, "payment_method", "There is no such payment method.")
	}
	m, c := *known, charge{Account: account}
	kind, _ := cardByName(m.Card)
	if m.Busy < kind.busy {
		m.Busy++
		o := problem(http.StatusTooManyRequests, "rate_limit", "Too many requests. Wait a second.")
		o.changed, o.forget = []any{&m}, true
		return o
	}
	m.Charges++
	c.ID, c.Reference, c.PaymentMethod = newID("pi"), in.Reference, in.PaymentMethod
	c.Amount, c.Currency = in.Amount, in.Currency
	switch {
	case kind.declines < 0 || m.Charges <= kind.declines:
		c.Status, c.Decline, c.Code = string(pledge.ChargeFailed), string(kind.decline), kind.code
	case kind.auth && !m.Authenticated:
		c.Status, c.Code = string(pledge.ChargeRequiresAction), "authentication_required"
	case kind.slow:
		c.Status, c.ReadyAt = string(pledge.ChargeProcessing), time.Now().Add(p.o.SlowFor)
	default:
		c.Status, c.Fee = string(pledge.ChargeSucceeded), fee(in.Amount)
	}
	o := outcome{status: http.StatusOK, body: c.PaymentIntent, silent: kind.lost, changed: []any{&m, &c}}
	if kind.fault {
		o.status, o.body = http.StatusInternalServerError, payments.Problem{Code: "api_error", Message: "Something broke here."}
	}
	o.changed = append(o.changed, p.announce("payment_intent."+c.Status, account, c.ID, c.Reference)...)
	return o
}

// fee is what the provider keeps: 1.5 % and 25 minor units, never more than all.
func fee(amount int64) int64 { return min(amount, amount*15/1000+25) }

func (p *Provider) newRefund(account string, body []byte) outcome {
	var in payments.NewRefund
	if err := json.Unmarshal(body, &in); err != nil || in.Reference == "" {
		return problem(http.StatusBadRequest, "invalid", "A reference is needed.")
	}
	c := p.m.charges[p.m.byRef[refKey(account, "charge", in.Charge)]]
	if c == nil || c.Status != string(pledge.ChargeSucceeded) || c.Amount != in.Amount || c.Currency != in.Currency {
		return problem(http.StatusBadRequest, "charge", "There is no captured charge of this amount.")
	}
	for _, r := range p.m.refunds {
		if r.Account == account && r.Charge == in.Charge {
			return problem(http.StatusBadRequest, "refunded", "This charge was refunded already.")
		}
	}
	r := &refund{Account: account}
	r.ID, r.Reference, r.Charge, r.Amount, r.Currency = newID("re"), in.Reference, in.Charge, in.Amount, in.Currency
	return outcome{status: http.StatusOK, body: r.RefundObject,
		changed: append([]any{r}, p.announce("refund.succeeded", account, r.ID, r.Reference)...)}
}

func (p *Provider) findSetup(w http.ResponseWriter, r *http.Request) {
	found(p, w, r, "setup", func(id string) payments.SetupIntent { return p.m.setups[id].SetupIntent })
}

func (p *Provider) findRefund(w http.ResponseWriter, r *http.Request) {
	found(p, w, r, "refund", func(id string) payments.RefundObject { return p.m.refunds[id].RefundObject })
}

// listCharges answers with the charge of one reference, or with a page of all.
func (p *Provider) listCharges(w http.ResponseWriter, r *http.Request) {
	if r.URL.Query().Has("reference") {
		found(p, w, r, "charge", func(id string) payments.PaymentIntent { return p.m.charges[id].PaymentIntent })
		return
	}
	account, after := r.Header.Get(payments.AccountHeader), r.URL.Query().Get("after")
	limit, err := strconv.Atoi(r.URL.Query().Get("limit"))
	if err != nil || limit < 1 || limit > 1000 {
		limit = 100
	}
	list := payments.List[payments.PaymentIntent]{Items: []payments.PaymentIntent{}}
	p.mu.Lock()
	passed := after == ""
	for _, id := range p.m.order {
		c := p.m.charges[id]
		if passed && c.Account == account && len(list.Items) < limit {
			list.Items = append(list.Items, c.PaymentIntent)
		}
		passed = passed || id == after
	}
	p.mu.Unlock()
	answer(w, http.StatusOK, list)
}

// found answers with the object of a reference, or with an empty list.
func found[T any](p *Provider, w http.ResponseWriter, r *http.Request, kind string, get func(id string) T) {
	key := refKey(r.Header.Get(payments.AccountHeader), kind, r.URL.Query().Get("reference"))
	list := payments.List[T]{Items: []T{}}
	p.mu.Lock()
	if id := p.m.byRef[key]; id != "" {
		list.Items = append(list.Items, get(id))
	}
	position := p.journal.end()
	p.mu.Unlock()
	if err := p.journal.flush(position); err != nil {
		refuse(w, http.StatusServiceUnavailable, "journal", "The journal cannot be written.")
		return
	}
	answer(w, http.StatusOK, list)
}

func refuse(w http.ResponseWriter, status int, code, message string) {
	answer(w, status, payments.Problem{Code: code, Message: message})
}

func answer(w http.ResponseWriter, status int, body any) {
	text, err := json.Marshal(body)
	if err != nil {
		status, text = http.StatusInternalServerError, []byte(`{}`)
	}
	send(w, status, text)
}

func send(w http.ResponseWriter, status int, text []byte) {
	w.Header().Set("Content-Type", "application/json")
	if status == http.StatusTooManyRequests {
		w.Header().Set("Retry-After", "1")
	}
	w.WriteHeader(status)
	_, _ = w.Write(text) //nolint:gosec // G705: JSON under its own type, no HTML; a client that has gone asks again
}
