package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"globalbrain/internal/account"
	"globalbrain/internal/job"
)

// postLetter puts a letter into the outbox and enqueues its sending; both
// happen when tx commits, so no message speaks of what did not come true.
func (s *Store) postLetter(ctx context.Context, tx pgx.Tx, l account.Letter) error {
	id := newID()
	_, err := tx.Exec(ctx, `insert into mail_message (id, to_address, subject, body) values ($1, $2, $3, $4)`,
		id, l.To, l.Subject, l.Body)
	if err != nil {
		return fmt.Errorf("post a letter: %w", err)
	}
	return s.enqueue(ctx, tx, job.SendMail{Message: id}, nil)
}
