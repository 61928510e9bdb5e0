// Package mail carries letters out of the program: to a mail server over TLS,
// or nowhere in development, where the outbox itself can be read. It does not
// know what letters say or when they are written.
package mail

import (
	"context"
	"log/slog"

	"globalbrain/internal/account"
)

// Sender sends one letter, or says why it could not. A letter that may have
// gone out although an error came back can be sent again.
type Sender interface {
	Send(ctx context.Context, l account.Letter) error
}

// Unsent keeps letters in the outbox, where the development mailbox shows them.
// The log learns that there was one, and nothing of what it says or to whom.
type Unsent struct{ Log *slog.Logger }

// Send notes that a letter was written.
func (u Unsent) Send(ctx context.Context, _ account.Letter) error {
	u.Log.LogAttrs(ctx, slog.LevelInfo, "letter kept in the outbox")
	return nil
}
