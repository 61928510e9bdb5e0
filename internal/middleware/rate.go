package middleware

import (
	"net"
	"net/http"
	"net/netip"
	"sync"
	"time"

	"globalbrain/internal/errs"
)

// Limiter bounds how often something happens per key, such as sign-ins per
// address, by the generic cell rate algorithm: burst at once, then one each
// interval. It lives in the memory of one process; several servers allow as
// many times more, which still stops guessing.
type Limiter struct {
	interval time.Duration
	burst    int
	now      func() time.Time

	mu   sync.Mutex
	next map[string]time.Time // the theoretical arrival time of each key
}

// maxKeys bounds a limiter's memory; a crowd of more keys starts over.
const maxKeys = 100_000

// NewLimiter returns a limiter by the given clock.
func NewLimiter(burst int, interval time.Duration, now func() time.Time) *Limiter {
	return &Limiter{interval: interval, burst: burst, now: now, next: map[string]time.Time{}}
}

// Take counts one event of key, or returns a TooMany error that says how long
// to wait.
func (l *Limiter) Take(key string) error {
	now := l.now()
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.next) >= maxKeys {
		l.forget(now)
	}
	at := l.next[key]
	if at.Before(now) {
		at = now
	}
	if wait := at.Add(l.interval).Sub(now) - time.Duration(l.burst)*l.interval; wait > 0 {
		minutes := int((wait + time.Minute - 1) / time.Minute)
		return errs.New(errs.TooMany, "too_often", "That was too often. Please wait %d min and try again.", minutes).After(wait)
	}
	l.next[key] = at.Add(l.interval)
	return nil
}

func (l *Limiter) forget(now time.Time) {
	for key, at := range l.next {
		if at.Before(now) {
			delete(l.next, key)
		}
	}
	if len(l.next) >= maxKeys {
		clear(l.next)
	}
}

// ClientAddress returns what stands for the client's network in limits: the
// IPv4 address, or the /64 of an IPv6 one, for a household owns that many.
func ClientAddress(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		host = r.RemoteAddr
	}
	ip, err := netip.ParseAddr(host)
	if err != nil {
		return host
	}
	ip = ip.Unmap()
	if ip.Is6() {
		if prefix, err := ip.WithZone("").Prefix(64); err == nil {
			return prefix.String()
		}
	}
	return ip.String()
}
