package postgres

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"globalbrain/internal/database"
	"globalbrain/internal/errs"
	"globalbrain/internal/review"
	"globalbrain/internal/tenant"
)

// BlindIdeas returns the ideas that an account may still come to judge. Every
// page and endpoint that shows scores, reviews, support, pledges or ranks asks
// it, and shows none of them for these ideas. A visitor is blind to nothing.
func (s *Store) BlindIdeas(ctx context.Context, id tenant.ID, account uuid.UUID) (review.Blind, error) {
	if account == uuid.Nil {
		return nil, nil
	}
	ideas, err := database.Rows(ctx, s.db, id, pgx.RowTo[uuid.UUID], `
		select a.idea_id from review_assignment a join review_round r on r.tenant_id = $1 and r.id = a.round_id
		where a.tenant_id = $1 and a.reviewer_id = $2 and a.state = any($3) and r.state in ('draft', 'assigning', 'open')`,
		id, account, review.PendingStates)
	if err != nil {
		return nil, fmt.Errorf("find what %s must not see: %w", account, err)
	}
	blind := review.Blind{}
	for _, idea := range ideas {
		blind[idea] = struct{}{}
	}
	return blind, nil
}

// errBlind refuses a reviewer what would colour their own judgement.
func errBlind() error {
	return errs.New(errs.Forbidden, "review.blind", "You will see this when your own review is handed in.")
}
