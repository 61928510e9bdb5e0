package postgres

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"globalbrain/internal/account"
	"globalbrain/internal/database"
	"globalbrain/internal/errs"
)

// Session returns the live session that a cookie's ticket opens, and whose it
// is. Everything else is Unauthenticated. A session in use notes that it was,
// at most every account.SeenEvery.
func (s *Store) Session(ctx context.Context, t account.Ticket) (account.Session, account.Account, error) {
	var one account.Session
	var who account.Account
	var hash []byte
	var verified *time.Time
	var now time.Time
	err := s.db.Pool().QueryRow(ctx, `
		select s.id, s.account_id, s.created_at, s.seen_at, s.expires_at, s.secret_hash,
		       a.id, a.email, a.name, a.locale, a.email_verified_at, a.created_at, clock_timestamp()
		from session s join account a on a.id = s.account_id where s.id = $1`, t.ID).
		Scan(&one.ID, &one.AccountID, &one.CreatedAt, &one.SeenAt, &one.ExpiresAt, &hash,
			&who.ID, &who.Email, &who.Name, &who.Locale, &verified, &who.CreatedAt, &now)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return account.Session{}, account.Account{}, fmt.Errorf("read a session: %w", database.Translate(err))
	}
	if err != nil || !t.Opens(hash) || !one.Live(now) {
		return account.Session{}, account.Account{}, errs.New(errs.Unauthenticated, "account.session", "The session has ended. Please sign in again.")
	}
	if verified != nil {
		who.VerifiedAt = *verified
	}
	if now.Sub(one.SeenAt) > account.SeenEvery {
		if _, err := s.db.Pool().Exec(ctx, `update session set seen_at = clock_timestamp() where id = $1`, one.ID); err != nil {
			return account.Session{}, account.Account{}, fmt.Errorf("note a session's use: %w", database.Translate(err))
		}
	}
	return one, who, nil
}
