package payments_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"globalbrain/internal/errs"
	"globalbrain/internal/payments"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func TestASignatureHoldsForItsBodyItsSecretAndItsTimeOnly(t *testing.T) {
	t.Parallel()
	body := []byte(`{"id":"evt_1"}`)
	good := payments.Sign("secret", body, noon)
	for name, c := range map[string]struct {
		secret, header string
		body           []byte
		now            time.Time
		want           bool
	}{
		"at once":                    {"secret", good, body, noon, true},
		"at the edge of tolerance":   {"secret", good, body, noon.Add(payments.Tolerance), true},
		"from a clock that is ahead": {"secret", good, body, noon.Add(-payments.Tolerance), true},
		"with a second, new secret":  {"secret", good + ",v1=00ff", body, noon, true},
		"after the tolerance":        {"secret", good, body, noon.Add(payments.Tolerance + time.Second), false},
		"far ahead":                  {"secret", good, body, noon.Add(-payments.Tolerance - time.Second), false},
		"with another secret":        {"secreu", good, body, noon, false},
		"with no secret set":         {"", payments.Sign("", body, noon), body, noon, false},
		"over another body":          {"secret", good, []byte(`{"id":"evt_2"}`), noon, false},
		"with a space more":          {"secret", good, append(body[:len(body):len(body)], ' '), noon, false},
		"with another time":          {"secret", strings.Replace(good, "t=", "t=1", 1), body, noon, false},
		"without a header":           {"secret", "", body, noon, false},
		"with a header of nonsense":  {"secret", "t=x,v1=zz,=,", body, noon, false},
		"without a sum":              {"secret", "t=" + "1772366400", body, noon, false},
	} {
		err := payments.Verify(c.secret, c.header, c.body, c.now)
		if (err == nil) != c.want {
			t.Errorf("%s: %v", name, err)
		}
		if err != nil && !errs.Is(err, errs.Unauthenticated) {
			t.Errorf("%s: %v is not about a signature", name, err)
		}
	}
}

func TestNoOtherBodyPasses(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		body := rapid.SliceOf(rapid.Byte()).Draw(t, "body")
		header := payments.Sign("secret", body, noon)
		if err := payments.Verify("secret", header, body, noon); err != nil {
			t.Fatal(err)
		}
		other := rapid.SliceOf(rapid.Byte()).Draw(t, "other")
		if string(other) != string(body) && payments.Verify("secret", header, other, noon) == nil {
			t.Fatal("another body passed")
		}
	})
}

func FuzzAWebhookIsProvedBeforeItIsRead(f *testing.F) {
	f.Add("t=1,v1=00", []byte(`{}`))
	f.Add(payments.Sign("other", []byte(`{}`), noon), []byte(`{}`))
	gateway := payments.NewSandbox(payments.SandboxOptions{WebhookSecret: "secret"})
	f.Fuzz(func(t *testing.T, header string, body []byte) {
		forged := http.Header{payments.SignatureHeader: {header}}
		if _, err := gateway.Event(forged, body, noon); !errs.Is(err, errs.Unauthenticated) {
			t.Fatalf("a forged webhook: %v", err)
		}
		proved := http.Header{payments.SignatureHeader: {payments.Sign("secret", body, noon)}}
		if e, err := gateway.Event(proved, body, noon); err == nil && (e.ID == "" || e.Key == "") || err != nil && !errs.Is(err, errs.Invalid) {
			t.Fatalf("%+v, %v", e, err)
		}
	})
}
