package site

import (
	"net/http"
	"strings"
	"time"

	"globalbrain/internal/middleware"
)

// limits bound what can be tried at the door, by network address and by the
// account that is aimed at. A person who mistypes never meets them; guessing a
// ten-character password at these rates takes longer than the sun lasts.
type limits struct {
	signInFrom *middleware.Limiter
	signInTo   *middleware.Limiter
	letterFrom *middleware.Limiter // sign-ups and resets: each sends a message
	letterTo   *middleware.Limiter
	pledgeBy   *middleware.Limiter // each asks the gateway for a page: card testing
}

func newLimits(now func() time.Time) limits {
	return limits{
		signInFrom: middleware.NewLimiter(40, 15*time.Second, now),
		signInTo:   middleware.NewLimiter(10, time.Minute, now),
		letterFrom: middleware.NewLimiter(30, time.Minute, now),
		letterTo:   middleware.NewLimiter(5, 10*time.Minute, now),
		pledgeBy:   middleware.NewLimiter(20, 15*time.Second, now),
	}
}

// bodyLimits are the routes that take more than the usual body, by the end of
// their path, in bytes.
var bodyLimits = map[string]int64{
	"/pictures": 11 << 20, // one picture of at most 10 MiB and the rest of its form
}

func bodyLimit(r *http.Request) int64 {
	for end, most := range bodyLimits {
		if strings.HasSuffix(r.URL.Path, end) {
			return most
		}
	}
	return 0
}
