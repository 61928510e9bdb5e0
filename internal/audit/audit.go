// Package audit defines what an audit event says: who did what to which thing.
// It does not know how events are stored or proved.
package audit

import "github.com/google/uuid"

// Event is one line of a tenant's audit trail. It is written in the same
// transaction as the act, and never changed.
type Event struct {
	Actor       uuid.UUID // the account that acted; uuid.Nil for the system itself
	Action      string    // "idea.submit", "campaign.close"
	SubjectKind string    // "idea", "campaign", "pledge"
	SubjectID   uuid.UUID
	Detail      map[string]any // opaque ids, states and numbers; never personal text
}
