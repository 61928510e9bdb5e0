package postgres

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"globalbrain/internal/account"
)

// SignUp is a checked sign-up and the letters that it may cause.
type SignUp struct {
	Name         string
	Email        string
	Locale       string
	PasswordHash string
	Ticket       account.Ticket // opens the link in Verify
	Verify       account.Letter // to a new address, or one that is not proved yet
	Known        account.Letter // to an address that has an account already
}

// SignUp makes an account whose address is to be proved. An address that was
// never proved starts over with the new name and password. For a proved one
// nothing changes; its owner gets a letter that says so. The caller cannot tell
// these apart, and must not.
func (s *Store) SignUp(ctx context.Context, in SignUp) error {
	err := s.db.InSystem(ctx, func(ctx context.Context, tx pgx.Tx) error {
		var id uuid.UUID
		err := tx.QueryRow(ctx, `
			insert into account (id, email, email_key, name, password_hash, locale) values ($1, $2, $3, $4, $5, $6)
			on conflict (email_key) do update set name = excluded.name, password_hash = excluded.password_hash, locale = excluded.locale
			  where account.email_verified_at is null
			returning id`,
			newID(), in.Email, account.EmailKey(in.Email), in.Name, in.PasswordHash, in.Locale).Scan(&id)
		if errors.Is(err, pgx.ErrNoRows) { // the address belongs to somebody
			return s.postLetter(ctx, tx, in.Known)
		}
		if err != nil {
			return err
		}
		if err := issueTicket(ctx, tx, in.Ticket, id, account.Verify); err != nil {
			return err
		}
		return s.postLetter(ctx, tx, in.Verify)
	})
	if err != nil {
		return fmt.Errorf("sign up: %w", err)
	}
	return nil
}

// issueTicket stores what opens a link, and ends older links of the same
// purpose: only the newest message works.
func issueTicket(ctx context.Context, tx pgx.Tx, t account.Ticket, accountID uuid.UUID, p account.Purpose) error {
	if err := endTickets(ctx, tx, accountID, p); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `
		insert into email_token (id, account_id, purpose, secret_hash, expires_at)
		values ($1, $2, $3, $4, clock_timestamp() + $5)`, t.ID, accountID, p, t.Hash(), p.Lasts())
	return err
}

func endTickets(ctx context.Context, tx pgx.Tx, accountID uuid.UUID, p account.Purpose) error {
	_, err := tx.Exec(ctx, `
		update email_token set used_at = clock_timestamp() where account_id = $1 and purpose = $2 and used_at is null`, accountID, p)
	return err
}
