package postgres

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"globalbrain/internal/account"
	"globalbrain/internal/database"
	"globalbrain/internal/errs"
)

// openTicket returns the account behind a link that is still good; otherwise
// NotFound, whatever the reason. With lock the row waits for tx.
func openTicket(ctx context.Context, q interface {
	QueryRow(context.Context, string, ...any) pgx.Row
}, t account.Ticket, p account.Purpose, lock string) (uuid.UUID, error) {
	var id uuid.UUID
	var hash []byte
	err := q.QueryRow(ctx, `
		select account_id, secret_hash from email_token
		where id = $1 and purpose = $2 and used_at is null and expires_at > clock_timestamp() `+lock, t.ID, p).Scan(&id, &hash)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return uuid.Nil, database.Translate(err)
	}
	if err != nil || !t.Opens(hash) {
		return uuid.Nil, errs.New(errs.NotFound, "account.link", "This link is no longer good. Ask for a new one.")
	}
	return id, nil
}

// TicketAccount returns the account that a link in a message belongs to; the
// link stays good.
func (s *Store) TicketAccount(ctx context.Context, t account.Ticket, p account.Purpose) (Credentials, error) {
	id, err := openTicket(ctx, s.db.Pool(), t, p, "")
	if err != nil {
		return Credentials{}, fmt.Errorf("open a link: %w", err)
	}
	return s.credentials(ctx, `from account a where a.id = $1`, id)
}

// VerifyEmail uses up a link of purpose Verify: its account's address is proved.
func (s *Store) VerifyEmail(ctx context.Context, t account.Ticket) (uuid.UUID, error) {
	var id uuid.UUID
	err := s.db.InSystem(ctx, func(ctx context.Context, tx pgx.Tx) (err error) {
		if id, err = openTicket(ctx, tx, t, account.Verify, "for update"); err != nil {
			return err
		}
		if err := endTickets(ctx, tx, id, account.Verify); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `update account set email_verified_at = coalesce(email_verified_at, clock_timestamp()) where id = $1`, id)
		return err
	})
	if err != nil {
		return uuid.Nil, fmt.Errorf("verify an address: %w", err)
	}
	return id, nil
}

// SendVerification gives an account that is not proved yet a new link.
func (s *Store) SendVerification(ctx context.Context, id uuid.UUID, t account.Ticket, l account.Letter) error {
	return s.sendTicket(ctx, id, t, account.Verify, l)
}

// SendReset gives an account a link to choose a new password.
func (s *Store) SendReset(ctx context.Context, id uuid.UUID, t account.Ticket, l account.Letter) error {
	return s.sendTicket(ctx, id, t, account.Reset, l)
}

func (s *Store) sendTicket(ctx context.Context, id uuid.UUID, t account.Ticket, p account.Purpose, l account.Letter) error {
	err := s.db.InSystem(ctx, func(ctx context.Context, tx pgx.Tx) error {
		if err := issueTicket(ctx, tx, t, id, p); err != nil {
			return err
		}
		return s.postLetter(ctx, tx, l)
	})
	if err != nil {
		return fmt.Errorf("send a %s link: %w", p, err)
	}
	return nil
}

// ResetPassword uses up a link of purpose Reset: the account gets the new
// password, its address is proved by the way, and every session ends, for
// somebody else may hold one.
func (s *Store) ResetPassword(ctx context.Context, t account.Ticket, passwordHash string) (uuid.UUID, error) {
	var id uuid.UUID
	err := s.db.InSystem(ctx, func(ctx context.Context, tx pgx.Tx) (err error) {
		if id, err = openTicket(ctx, tx, t, account.Reset, "for update"); err != nil {
			return err
		}
		for _, p := range []account.Purpose{account.Reset, account.Verify} {
			if err := endTickets(ctx, tx, id, p); err != nil {
				return err
			}
		}
		_, err = tx.Exec(ctx, `
			update account set password_hash = $2, email_verified_at = coalesce(email_verified_at, clock_timestamp()) where id = $1`, id, passwordHash)
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `delete from session where account_id = $1`, id)
		return err
	})
	if err != nil {
		return uuid.Nil, fmt.Errorf("reset a password: %w", err)
	}
	return id, nil
}
