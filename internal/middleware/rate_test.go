package middleware

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"globalbrain/internal/errs"
)

func TestALimiterAllowsABurstAndThenOneEachInterval(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	l := NewLimiter(3, time.Minute, func() time.Time { return now })
	for n := range 3 {
		if err := l.Take("a"); err != nil {
			t.Fatalf("event %d of the burst: %v", n+1, err)
		}
	}
	err := l.Take("a")
	if !errs.Is(err, errs.TooMany) {
		t.Fatalf("the fourth: %v", err)
	}
	if err := l.Take("b"); err != nil {
		t.Errorf("another key: %v", err)
	}
	now = now.Add(59 * time.Second)
	if l.Take("a") == nil {
		t.Error("one second early")
	}
	now = now.Add(time.Second)
	if err := l.Take("a"); err != nil {
		t.Errorf("after the interval: %v", err)
	}
	if l.Take("a") == nil {
		t.Error("two in one interval")
	}
	now = now.Add(time.Hour)
	for range 3 {
		if err := l.Take("a"); err != nil {
			t.Errorf("a full burst after a rest: %v", err)
		}
	}
}

func TestALimiterForgetsWhoIsLongGone(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	l := NewLimiter(1, time.Minute, func() time.Time { return now })
	for n := range maxKeys {
		if err := l.Take(fmt.Sprint(n)); err != nil {
			t.Fatal(err)
		}
	}
	now = now.Add(2 * time.Minute)
	if err := l.Take("one more"); err != nil || len(l.next) != 1 {
		t.Errorf("%d keys are kept, %v", len(l.next), err)
	}
}

func TestAClientIsItsAddressOrItsNetwork(t *testing.T) {
	t.Parallel()
	for remote, want := range map[string]string{
		"192.0.2.7:1234":              "192.0.2.7",
		"[::ffff:192.0.2.7]:1":        "192.0.2.7",
		"[2001:db8:1:2:3:4:5:6]:1":    "2001:db8:1:2::/64",
		"[2001:db8:1:2:ffff:0:0:1]:2": "2001:db8:1:2::/64",
		"[fe80::1%eth0]:3":            "fe80::/64",
		"somewhere":                   "somewhere",
	} {
		if got := ClientAddress(&http.Request{RemoteAddr: remote}); got != want {
			t.Errorf("%s: %s, want %s", remote, got, want)
		}
	}
}
