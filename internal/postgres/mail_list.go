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

// Mail is a letter in the outbox.
type Mail struct {
	account.Letter
	ID        uuid.UUID
	CreatedAt time.Time
}

// Outbox lists the newest letters to everybody. It is for the development
// mailbox only: who reads it can be anybody.
func (s *Store) Outbox(ctx context.Context, size int) ([]Mail, error) {
	rows, err := s.db.Pool().Query(ctx, `
		select id, created_at, to_address, subject, body from mail_message order by created_at desc, id desc limit $1`, size)
	if err != nil {
		return nil, fmt.Errorf("read the outbox: %w", database.Translate(err))
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (m Mail, err error) {
		err = row.Scan(&m.ID, &m.CreatedAt, &m.To, &m.Subject, &m.Body)
		return m, err
	})
	if err != nil {
		return nil, fmt.Errorf("read the outbox: %w", database.Translate(err))
	}
	return list, nil
}
