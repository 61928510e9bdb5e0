package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"globalbrain/internal/tenant"
)

// policyOf reads the tenant's numbers as they are now: jobs run long after they
// were made.
func policyOf(ctx context.Context, tx pgx.Tx, id tenant.ID) (tenant.Policy, error) {
	policy := tenant.DefaultPolicy()
	if err := tx.QueryRow(ctx, `select policy from tenant where id = $1`, id).Scan(&policy); err != nil {
		return policy, fmt.Errorf("read the policy: %w", err)
	}
	return policy, nil
}
