package account

import (
	"time"

	"github.com/google/uuid"
)

// The limits of a session and of the links in messages.
const (
	SessionIdle     = 14 * 24 * time.Hour // without any request
	SessionAbsolute = 60 * 24 * time.Hour // in any case
	VerifyLink      = 48 * time.Hour
	ResetLink       = time.Hour
)

// SeenEvery is how often a session in use notes that it was: a write on each
// request would cost more than the idle limit is worth.
const SeenEvery = 5 * time.Minute

// Session is one sign-in of one person on one device.
type Session struct {
	ID        uuid.UUID
	AccountID uuid.UUID
	CreatedAt time.Time
	SeenAt    time.Time
	ExpiresAt time.Time // the absolute limit
}

// Live reports whether the session still counts at now.
func (s Session) Live(now time.Time) bool {
	return now.Before(s.ExpiresAt) && now.Before(s.SeenAt.Add(SessionIdle))
}

// Purpose says what a link in a message is good for.
type Purpose string

// The purposes.
const (
	Verify Purpose = "verify" // prove the address
	Reset  Purpose = "reset"  // choose a new password
)

// Lasts returns how long a link of this purpose is good.
func (p Purpose) Lasts() time.Duration {
	if p == Reset {
		return ResetLink
	}
	return VerifyLink
}
