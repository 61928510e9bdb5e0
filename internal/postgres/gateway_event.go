package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"globalbrain/internal/database"
	"globalbrain/internal/job"
	"globalbrain/internal/tenant"
)

// GatewayEvent is a webhook as it came. Key names the object at the gateway that
// it is about.
type GatewayEvent struct {
	Provider string
	ID       string
	Kind     string
	Key      string
	Body     []byte
	Handled  bool
}

// KeepGatewayEvent stores a proved webhook and the job that handles it, once:
// the same event again changes nothing.
func (s *Store) KeepGatewayEvent(ctx context.Context, id tenant.ID, e GatewayEvent) error {
	err := s.db.InTenant(ctx, id, func(ctx context.Context, tx pgx.Tx) error {
		done, err := tx.Exec(ctx, `
			insert into gateway_event (tenant_id, provider, event_id, kind, object_ref, body) values ($1, $2, $3, $4, $5, $6)
			on conflict (tenant_id, provider, event_id) do nothing`, id, e.Provider, e.ID, e.Kind, e.Key, e.Body)
		if err != nil || done.RowsAffected() == 0 {
			return err
		}
		return s.enqueue(ctx, tx, job.HandleGatewayEvent{Tenant: id, Provider: e.Provider, Event: e.ID}, nil)
	})
	if err != nil {
		return fmt.Errorf("keep event %s of %s: %w", e.ID, e.Provider, err)
	}
	return nil
}

// GatewayEvent returns a stored webhook.
func (s *Store) GatewayEvent(ctx context.Context, id tenant.ID, provider, eventID string) (GatewayEvent, error) {
	e, err := database.Row(ctx, s.db, id, func(row pgx.CollectableRow) (e GatewayEvent, err error) {
		err = row.Scan(&e.Provider, &e.ID, &e.Kind, &e.Key, &e.Body, &e.Handled)
		return e, err
	}, `select provider, event_id, kind, object_ref, body, handled_at is not null from gateway_event where tenant_id = $1 and provider = $2 and event_id = $3`,
		id, provider, eventID)
	if err != nil {
		return e, fmt.Errorf("find event %s of %s: %w", eventID, provider, err)
	}
	return e, nil
}

// GatewayEventHandled notes that an event needs nothing more.
func (s *Store) GatewayEventHandled(ctx context.Context, id tenant.ID, provider, eventID string) error {
	err := s.db.InTenant(ctx, id, func(ctx context.Context, tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `
			update gateway_event set handled_at = coalesce(handled_at, clock_timestamp()) where tenant_id = $1 and provider = $2 and event_id = $3`,
			id, provider, eventID)
		return err
	})
	if err != nil {
		return fmt.Errorf("note event %s of %s: %w", eventID, provider, err)
	}
	return nil
}
