package sandbox_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"go.uber.org/goleak"

	"globalbrain/internal/payments"
	"globalbrain/internal/payments/sandbox"
	"globalbrain/internal/pledge"
)

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m, goleak.IgnoreTopFunction("internal/poll.runtime_pollWait"),
		goleak.IgnoreAnyFunction("net/http.(*persistConn).readLoop"), goleak.IgnoreAnyFunction("net/http.(*persistConn).writeLoop"))
}

// receiver proves each webhook and answers with what status says.
func receiver(t *testing.T, status func(n int) int) (address string, got chan payments.Event) {
	t.Helper()
	got = make(chan payments.Event, 100)
	reader := payments.NewSandbox(payments.SandboxOptions{WebhookSecret: secret})
	n := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n++ // the provider delivers one at a time
		body, _ := io.ReadAll(r.Body)
		e, err := reader.Event(r.Header, body, time.Now())
		if err != nil {
			t.Error(err)
		}
		code := status(n)
		w.WriteHeader(code)
		if code == http.StatusOK {
			got <- e
		}
	}))
	t.Cleanup(server.Close)
	return server.URL, got
}

func receive(t *testing.T, got chan payments.Event) payments.Event {
	t.Helper()
	select {
	case e := <-got:
		return e
	case <-t.Context().Done():
	case <-time.After(time.Minute): // only a broken provider waits this long
	}
	t.Fatal("no webhook came")
	return payments.Event{}
}

func TestWebhooksComeSignedTwiceAndForEveryChange(t *testing.T) {
	t.Parallel()
	address, got := receiver(t, func(int) int { return http.StatusOK })
	w := open(t, sandbox.Options{WebhookURL: address, MaxDelay: 20 * time.Millisecond, TwiceOneIn: 1})
	method := w.card(t, "s", "ok", false).PaymentMethod
	for i := range 5 {
		if _, err := w.charge(t.Context(), fmt.Sprintf("k%d", i), method); err != nil {
			t.Fatal(err)
		}
	}
	seen := map[payments.Event]int{}
	for range 12 {
		e := receive(t, got)
		if e.Account != account || e.ID == "" {
			t.Errorf("%+v", e)
		}
		seen[payments.Event{Kind: e.Kind, Key: e.Key}]++
	}
	want := map[payments.Event]int{{Kind: "setup_intent.succeeded", Key: "s"}: 2}
	for i := range 5 {
		want[payments.Event{Kind: "payment_intent.succeeded", Key: fmt.Sprintf("k%d", i)}] = 2
	}
	for e, n := range want {
		if seen[e] != n {
			t.Errorf("%+v came %d times", e, seen[e])
		}
	}
}

func TestAWebhookIsSentAgainUntilItIsTakenAlsoByTheNextProcess(t *testing.T) {
	t.Parallel()
	dir, refused := t.TempDir(), make(chan bool, 1)
	address, got := receiver(t, func(n int) int {
		if n == 1 {
			refused <- true
			return http.StatusInternalServerError
		}
		return http.StatusOK
	})
	o := sandbox.Options{Dir: dir, WebhookURL: address, MaxDelay: time.Nanosecond, TwiceOneIn: 1 << 30, Retry: 100 * time.Millisecond}
	first := open(t, o)
	first.card(t, "s", "ok", false)
	<-refused
	first.close()
	open(t, o)
	if e := receive(t, got); e.Key != "s" {
		t.Errorf("%+v", e)
	}
}

func TestASlowChargeIsThroughAfterAWhileAlsoForTheNextProcess(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	first := open(t, sandbox.Options{Dir: dir, SlowFor: 50 * time.Millisecond})
	method := first.card(t, "s", "slow", false).PaymentMethod
	if got, err := first.charge(t.Context(), "k", method); err != nil || got.State != pledge.ChargeProcessing {
		t.Fatalf("%+v, %v", got, err)
	}
	first.close()
	address, got := receiver(t, func(int) int { return http.StatusOK })
	second := open(t, sandbox.Options{Dir: dir, WebhookURL: address, MaxDelay: time.Nanosecond, TwiceOneIn: 1 << 30})
	if e := receive(t, got); e.Kind != "payment_intent.succeeded" || e.Key != "k" {
		t.Errorf("%+v", e)
	}
	if c, err := second.FindCharge(t.Context(), account, "k"); err != nil || c.State != pledge.ChargeSucceeded || !c.Fee.IsPositive() {
		t.Errorf("%+v, %v", c, err)
	}
}
