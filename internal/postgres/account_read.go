package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"globalbrain/internal/account"
	"globalbrain/internal/database"
)

// Credentials are an account and the hash of its password.
type Credentials struct {
	account.Account
	PasswordHash string
}

const credentialColumns = `a.id, a.email, a.name, a.locale, a.email_verified_at, a.created_at, a.password_hash` //nolint:gosec // G101: a column's name, no secret

func scanCredentials(row pgx.CollectableRow) (c Credentials, err error) {
	var verified *time.Time
	err = row.Scan(&c.ID, &c.Email, &c.Name, &c.Locale, &verified, &c.CreatedAt, &c.PasswordHash)
	if verified != nil {
		c.VerifiedAt = *verified
	}
	return c, err
}

// AccountByEmail finds an account by its address; unknown is NotFound.
func (s *Store) AccountByEmail(ctx context.Context, email string) (Credentials, error) {
	return s.credentials(ctx, `from account a where a.email_key = $1`, account.EmailKey(email))
}

// Account finds an account by its id; unknown is NotFound.
func (s *Store) Account(ctx context.Context, id uuid.UUID) (account.Account, error) {
	c, err := s.credentials(ctx, `from account a where a.id = $1`, id)
	return c.Account, err
}

func (s *Store) credentials(ctx context.Context, from string, arg any) (Credentials, error) {
	rows, err := s.db.Pool().Query(ctx, `select `+credentialColumns+` `+from, arg)
	if err != nil {
		return Credentials{}, fmt.Errorf("find account: %w", database.Translate(err))
	}
	c, err := pgx.CollectExactlyOneRow(rows, scanCredentials)
	if err != nil {
		return Credentials{}, fmt.Errorf("find account: %w", database.Translate(err))
	}
	return c, nil
}

// SetLocale stores the language in which a person reads and is written to.
func (s *Store) SetLocale(ctx context.Context, id uuid.UUID, locale string) error {
	_, err := s.db.Pool().Exec(ctx, `update account set locale = $2 where id = $1`, id, locale)
	if err != nil {
		return fmt.Errorf("set the language: %w", database.Translate(err))
	}
	return nil
}
