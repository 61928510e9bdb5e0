package sandbox_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"globalbrain/internal/errs"
	"globalbrain/internal/money"
	"globalbrain/internal/payments"
	"globalbrain/internal/payments/sandbox"
	"globalbrain/internal/pledge"
)

const apiKey, secret, account = "sk_test", "whsec_test", "7"

var price = money.Amount{Minor: 2500, Currency: "EUR"}

// world is a provider behind a real listener, and our client of it.
type world struct {
	*payments.Sandbox
	server   *httptest.Server
	provider *sandbox.Provider
	options  sandbox.Options
}

// open starts a provider on the folder of the options.
func open(t *testing.T, o sandbox.Options) *world {
	t.Helper()
	w := &world{}
	w.server = httptest.NewUnstartedServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) { w.provider.ServeHTTP(rw, r) }))
	if o.Dir == "" {
		o.Dir = t.TempDir()
	}
	o.Key, o.WebhookSecret, o.BaseURL = apiKey, secret, "http://"+w.server.Listener.Addr().String()
	provider, err := sandbox.Open(o)
	if err != nil {
		t.Fatal(err)
	}
	w.provider, w.options = provider, o
	w.server.Start()
	t.Cleanup(w.close)
	w.Sandbox = payments.NewSandbox(payments.SandboxOptions{URL: w.server.URL, Key: apiKey, WebhookSecret: secret, PerSecond: 10_000})
	return w
}

func (w *world) close() {
	w.server.Close()
	_ = w.provider.Close()
}

// card enters a test card on the hosted page, as a browser without JavaScript does.
func (w *world) card(t *testing.T, key, card string, authenticate bool) payments.Setup {
	t.Helper()
	s, err := w.Setup(t.Context(), payments.SetupRequest{
		Account: account, Key: key, Amount: price, Description: "A well", Locale: "en", ReturnURL: "http://127.0.0.1/back", Authenticate: authenticate,
	})
	if err != nil {
		t.Fatal(err)
	}
	res := post(t, s.URL, url.Values{"card": {card}, "authenticate": {map[bool]string{true: "yes"}[authenticate]}})
	if res.StatusCode != http.StatusSeeOther || res.Header.Get("Location") != "http://127.0.0.1/back" {
		t.Fatalf("card %s: %s to %q", card, res.Status, res.Header.Get("Location"))
	}
	s, err = w.FindSetup(t.Context(), account, key)
	if err != nil || s.State != payments.SetupSucceeded || s.PaymentMethod == "" {
		t.Fatalf("card %s: %+v, %v", card, s, err)
	}
	return s
}

func post(t *testing.T, address string, form url.Values) *http.Response {
	t.Helper()
	stay := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := stay.PostForm(address, form)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = res.Body.Close() })
	return res
}

func (w *world) charge(ctx context.Context, key, method string) (payments.Charge, error) {
	return w.Charge(ctx, payments.ChargeRequest{Account: account, Key: key, PaymentMethod: method, Amount: price})
}

func TestEachCardDoesWhatThePageSays(t *testing.T) {
	t.Parallel()
	w := open(t, sandbox.Options{SlowFor: time.Hour})
	for _, c := range []struct {
		card  string
		first pledge.ChargeState
		code  string // of the first answer's error
		next  pledge.ChargeState
	}{
		{card: "ok", first: pledge.ChargeSucceeded, next: pledge.ChargeSucceeded},
		{card: "hard", first: pledge.ChargeFailed, next: pledge.ChargeFailed},
		{card: "soft", first: pledge.ChargeFailed, next: pledge.ChargeFailed},
		{card: "soft_once", first: pledge.ChargeFailed, next: pledge.ChargeSucceeded},
		{card: "auth", first: pledge.ChargeRequiresAction, next: pledge.ChargeRequiresAction},
		{card: "slow", first: pledge.ChargeProcessing, next: pledge.ChargeProcessing},
		{card: "lost", code: payments.NoAnswer, first: pledge.ChargeSucceeded},
		{card: "fault", code: payments.Fault, first: pledge.ChargeSucceeded},
	} {
		method := w.card(t, "setup-"+c.card, c.card, false).PaymentMethod
		got, err := w.charge(t.Context(), c.card+"-1", method)
		if errs.CodeOf(err) != c.code {
			t.Errorf("%s: %v", c.card, err)
		}
		if err != nil {
			got, err = w.FindCharge(t.Context(), account, c.card+"-1")
		}
		if err != nil || got.State != c.first || got.Amount != price {
			t.Errorf("%s: %+v, %v", c.card, got, err)
		}
		if (got.State == pledge.ChargeFailed) != (got.Decline != "") || (got.State == pledge.ChargeSucceeded) != got.Fee.IsPositive() {
			t.Errorf("%s: %+v", c.card, got)
		}
		if c.next == "" {
			continue
		}
		if got, err := w.charge(t.Context(), c.card+"-2", method); err != nil || got.State != c.next {
			t.Errorf("%s again: %+v, %v", c.card, got, err)
		}
	}
}

func TestAStoredFaultAnswersTheSameKeyForEverAndALostAnswerComesTheSecondTime(t *testing.T) {
	t.Parallel()
	w := open(t, sandbox.Options{})
	fault, lost := w.card(t, "s1", "fault", false).PaymentMethod, w.card(t, "s2", "lost", false).PaymentMethod
	for range 3 {
		if _, err := w.charge(t.Context(), "fault", fault); errs.CodeOf(err) != payments.Fault {
			t.Errorf("a stored fault: %v", err)
		}
	}
	if _, err := w.charge(t.Context(), "lost", lost); errs.CodeOf(err) != payments.NoAnswer {
		t.Errorf("a lost answer: %v", err)
	}
	if got, err := w.charge(t.Context(), "lost", lost); err != nil || got.State != pledge.ChargeSucceeded {
		t.Errorf("the same key again: %+v, %v", got, err)
	}
	if all, err := w.Charges(t.Context(), account, "", 100); err != nil || len(all) != 2 {
		t.Errorf("%d charges, %v", len(all), err)
	}
}

func TestABusyProviderHasDoneNothing(t *testing.T) {
	t.Parallel()
	w := open(t, sandbox.Options{})
	method := w.card(t, "s", "busy", false).PaymentMethod
	for range 2 {
		if _, err := w.charge(t.Context(), "k", method); errs.CodeOf(err) != payments.Busy {
			t.Fatalf("busy: %v", err)
		}
		if _, err := w.FindCharge(t.Context(), account, "k"); !errs.Is(err, errs.NotFound) {
			t.Fatalf("a charge that was refused for being busy: %v", err)
		}
	}
	if got, err := w.charge(t.Context(), "k", method); err != nil || got.State != pledge.ChargeSucceeded {
		t.Errorf("the third time: %+v, %v", got, err)
	}
}

func TestAKeyDoesItsWorkOnceHoweverOftenItIsSent(t *testing.T) {
	t.Parallel()
	w := open(t, sandbox.Options{})
	method := w.card(t, "s", "ok", false).PaymentMethod
	ids := make([]string, 200)
	var all sync.WaitGroup
	for i := range ids {
		all.Go(func() {
			c, err := w.charge(t.Context(), fmt.Sprintf("key-%d", i%20), method)
			if err != nil {
				t.Error(err)
			}
			ids[i] = c.ID
		})
	}
	all.Wait()
	for i, id := range ids {
		if id != ids[i%20] {
			t.Errorf("key-%d was answered with %s and %s", i%20, ids[i%20], id)
		}
	}
	if list, err := w.Charges(t.Context(), account, "", 1000); err != nil || len(list) != 20 {
		t.Errorf("%d charges, %v", len(list), err)
	}
	other := payments.ChargeRequest{Account: account, Key: "key-1", PaymentMethod: method, Amount: money.Amount{Minor: 1, Currency: "EUR"}}
	if _, err := w.Charge(t.Context(), other); errs.CodeOf(err) != payments.Refused {
		t.Errorf("a used key with another amount: %v", err)
	}
	other.Account, other.Key = "8", "key-1"
	if _, err := w.Charge(t.Context(), other); errs.CodeOf(err) != payments.Refused {
		t.Errorf("another account's payment method: %v", err)
	}
	if _, err := w.FindCharge(t.Context(), "8", "key-1"); !errs.Is(err, errs.NotFound) {
		t.Errorf("another account's charge: %v", err)
	}
}

func TestWhatWasAnsweredSurvivesAKill(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	first := open(t, sandbox.Options{Dir: dir})
	method := first.card(t, "s", "ok", false).PaymentMethod
	if _, err := first.charge(t.Context(), "before", method); err != nil {
		t.Fatal(err)
	}
	// A killed process closes nothing; the second provider finds the files as
	// they are, with half a line at the end.
	journal := filepath.Join(dir, "journal.jsonl")
	torn, err := os.OpenFile(journal, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := torn.WriteString(`[{"kind":"charge","object":{"id":"pi_t`); err != nil {
		t.Fatal(err)
	}
	_ = torn.Close()

	second := open(t, sandbox.Options{Dir: dir})
	got, err := second.FindCharge(t.Context(), account, "before")
	if err != nil || got.State != pledge.ChargeSucceeded {
		t.Errorf("after the kill: %+v, %v", got, err)
	}
	if again, err := second.charge(t.Context(), "before", method); err != nil || again.ID != got.ID {
		t.Errorf("the key after the kill: %+v, %v", again, err)
	}
	if list, err := second.Charges(t.Context(), account, "", 100); err != nil || len(list) != 1 {
		t.Errorf("%d charges, %v", len(list), err)
	}
}

func TestThePageTakesACardInBothLanguagesAndKeepsWhatWasChosen(t *testing.T) {
	t.Parallel()
	w := open(t, sandbox.Options{})
	s, err := w.Setup(t.Context(), payments.SetupRequest{Account: account, Key: "s", Amount: price, Description: "A <well>", Locale: "zh-CN", ReturnURL: "http://127.0.0.1/back"})
	if err != nil {
		t.Fatal(err)
	}
	for address, words := range map[string][]string{
		s.URL:              {`lang="zh-CN"`, "确认您的银行卡", "€25", "A &lt;well&gt;", "测试环境"},
		s.URL + "?lang=en": {`lang="en"`, "Confirm your card", "€25", "no real money"},
	} {
		res, err := http.Get(address) //nolint:noctx // a test ends with its server
		if err != nil {
			t.Fatal(err)
		}
		page, _ := io.ReadAll(res.Body)
		_ = res.Body.Close()
		for _, want := range words {
			if !strings.Contains(string(page), want) {
				t.Errorf("%s does not say %q", address, want)
			}
		}
	}
	for card, want := range map[string]string{"refused": `value="refused" required checked`, "nonsense": `role="alert"`, "": `role="alert"`} {
		res := post(t, s.URL, url.Values{"card": {card}})
		page, _ := io.ReadAll(res.Body)
		if res.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(string(page), want) {
			t.Errorf("card %q: %s", card, res.Status)
		}
	}
	if got, _ := w.FindSetup(t.Context(), account, "s"); got.State != payments.SetupOpen {
		t.Errorf("after refused cards: %s", got.State)
	}
	if res := post(t, s.URL, url.Values{"back": {"yes"}}); res.StatusCode != http.StatusSeeOther {
		t.Errorf("going back: %s", res.Status)
	}
	for range 2 { // a double click
		if res := post(t, s.URL, url.Values{"card": {"ok"}}); res.StatusCode != http.StatusSeeOther {
			t.Errorf("a good card: %s", res.Status)
		}
	}
	if res := post(t, strings.Replace(s.URL, s.ID, "si_other", 1), url.Values{"card": {"ok"}}); res.StatusCode != http.StatusNotFound {
		t.Errorf("a setup that does not exist: %s", res.Status)
	}
}

func TestABankIsAnsweredOnThePage(t *testing.T) {
	t.Parallel()
	w := open(t, sandbox.Options{})
	s, err := w.Setup(t.Context(), payments.SetupRequest{Account: account, Key: "s", Amount: price, ReturnURL: "http://127.0.0.1/back", Authenticate: true})
	if err != nil {
		t.Fatal(err)
	}
	if res := post(t, s.URL, url.Values{"card": {"auth"}}); res.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("without the bank's box: %s", res.Status)
	}
	method := w.card(t, "mend", "auth", true).PaymentMethod
	if got, err := w.charge(t.Context(), "k", method); err != nil || got.State != pledge.ChargeSucceeded {
		t.Errorf("after the bank was answered: %+v, %v", got, err)
	}
}

func TestAChargeIsRefundedOnceAndWhole(t *testing.T) {
	t.Parallel()
	w := open(t, sandbox.Options{})
	if _, err := w.charge(t.Context(), "c", w.card(t, "s", "ok", false).PaymentMethod); err != nil {
		t.Fatal(err)
	}
	ask := payments.RefundRequest{Account: account, Key: "r", ChargeKey: "c", Amount: price}
	first, err := w.Refund(t.Context(), ask)
	if err != nil || first.Amount != price {
		t.Fatalf("%+v, %v", first, err)
	}
	if again, err := w.Refund(t.Context(), ask); err != nil || again != first {
		t.Errorf("the same key: %+v, %v", again, err)
	}
	if found, err := w.FindRefund(t.Context(), account, "r"); err != nil || found != first {
		t.Errorf("asked: %+v, %v", found, err)
	}
	ask.Key = "r2"
	if _, err := w.Refund(t.Context(), ask); errs.CodeOf(err) != payments.Refused {
		t.Errorf("a second refund: %v", err)
	}
}

func TestTheAPIWantsItsKey(t *testing.T) {
	t.Parallel()
	w := open(t, sandbox.Options{})
	stranger := payments.NewSandbox(payments.SandboxOptions{URL: w.server.URL, Key: "wrong"})
	if _, err := stranger.FindCharge(t.Context(), account, "k"); errs.CodeOf(err) != payments.Busy {
		t.Errorf("a wrong key: %v", err)
	}
	nobody := payments.NewSandbox(payments.SandboxOptions{URL: "http://127.0.0.1:1", Key: apiKey})
	if _, err := nobody.FindCharge(t.Context(), account, "k"); errs.CodeOf(err) != payments.NoAnswer {
		t.Errorf("nobody there: %v", err)
	}
}
