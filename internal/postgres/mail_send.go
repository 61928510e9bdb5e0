package postgres

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"globalbrain/internal/account"
)

// SendLetter hands one letter of the outbox to send, unless it was sent before.
// The row stays locked meanwhile, so that two workers never send it at once; a
// program that dies between sending and commit sends it again, for a message
// twice is better than none. keepBody is for the development mailbox: without
// it the text, which may hold a link with a secret, is dropped once sent.
func (s *Store) SendLetter(ctx context.Context, id uuid.UUID, keepBody bool, send func(context.Context, account.Letter) error) error {
	err := s.db.InSystem(ctx, func(ctx context.Context, tx pgx.Tx) error {
		var l account.Letter
		var sent bool
		err := tx.QueryRow(ctx, `
			select to_address, subject, body, sent_at is not null from mail_message where id = $1 for update`, id).
			Scan(&l.To, &l.Subject, &l.Body, &sent)
		if err != nil || sent {
			return err
		}
		if err := send(ctx, l); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `
			update mail_message set sent_at = clock_timestamp(), body = case when $2 then body else '' end where id = $1`, id, keepBody)
		return err
	})
	if err != nil {
		return fmt.Errorf("send letter %s: %w", id, err)
	}
	return nil
}
