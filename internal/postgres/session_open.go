package postgres

import (
	"context"
	"fmt"
	"unicode/utf8"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"globalbrain/internal/account"
	"globalbrain/internal/database"
)

// maxUserAgent is how much of the browser's name is kept, in bytes.
const maxUserAgent = 200

// OpenSession signs a person in. The session that the browser had before, if
// any, ends: a cookie from before the sign-in must not be worth more after it.
// Sessions of this person that are over are forgotten by the way.
func (s *Store) OpenSession(ctx context.Context, accountID uuid.UUID, t account.Ticket, userAgent string, before uuid.UUID) error {
	if len(userAgent) > maxUserAgent {
		userAgent = userAgent[:maxUserAgent]
	}
	for !utf8.ValidString(userAgent) { // cut in the middle of a character, or never text
		userAgent = userAgent[:len(userAgent)-1]
	}
	err := s.db.InSystem(ctx, func(ctx context.Context, tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `
			delete from session where id = $1 or (account_id = $2 and (expires_at < clock_timestamp() or seen_at < clock_timestamp() - $3::interval))`,
			before, accountID, account.SessionIdle)
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `
			insert into session (id, account_id, secret_hash, user_agent, expires_at) values ($1, $2, $3, $4, now() + $5::interval)`,
			t.ID, accountID, t.Hash(), userAgent, account.SessionAbsolute)
		return err
	})
	if err != nil {
		return fmt.Errorf("open a session: %w", err)
	}
	return nil
}

// CloseSession signs one session out; one that is gone already is no error.
func (s *Store) CloseSession(ctx context.Context, id uuid.UUID) error {
	_, err := s.db.Pool().Exec(ctx, `delete from session where id = $1`, id)
	if err != nil {
		return fmt.Errorf("close a session: %w", database.Translate(err))
	}
	return nil
}
