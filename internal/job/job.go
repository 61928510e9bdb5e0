// Package job names the work that is done after a transaction has committed.
// A job's arguments are ids only: the worker reads the state of things when it
// runs, so every job may run twice, late, or after the thing has changed.
// It does not know how jobs are queued.
package job

import (
	"github.com/google/uuid"

	"globalbrain/internal/tenant"
)

// ScoreIdea asks the model for a score of one version of an idea.
type ScoreIdea struct {
	Tenant  tenant.ID `json:"tenant"`
	Idea    uuid.UUID `json:"idea"`
	Version int       `json:"version"`
}

// Kind names the job in the queue.
func (ScoreIdea) Kind() string { return "idea.score" }

// RescoreIdeas lets the model that serves a tenant score the next page of ideas
// that it has not seen. The job that finds none left puts it in force.
type RescoreIdeas struct {
	Tenant tenant.ID `json:"tenant"`
	After  uuid.UUID `json:"after"` // the last idea of the page before
}

// Kind names the job in the queue.
func (RescoreIdeas) Kind() string { return "model.rescore" }

// BuildSnapshot ranks a call's ideas anew.
type BuildSnapshot struct {
	Tenant tenant.ID `json:"tenant"`
	Call   uuid.UUID `json:"call"`
}

// Kind names the job in the queue.
func (BuildSnapshot) Kind() string { return "ranking.snapshot" }

// CloseCampaign closes a campaign at its deadline.
type CloseCampaign struct {
	Tenant   tenant.ID `json:"tenant"`
	Campaign uuid.UUID `json:"campaign"`
}

// Kind names the job in the queue.
func (CloseCampaign) Kind() string { return "campaign.close" }

// ChargePledge sends one charge, whose row and key are already committed, to the gateway.
type ChargePledge struct {
	Tenant tenant.ID `json:"tenant"`
	Charge uuid.UUID `json:"charge"`
}

// Kind names the job in the queue.
func (ChargePledge) Kind() string { return "pledge.charge" }

// RetryPledge makes the next attempt to charge a pledge after a soft decline.
type RetryPledge struct {
	Tenant  tenant.ID `json:"tenant"`
	Pledge  uuid.UUID `json:"pledge"`
	Attempt int       `json:"attempt"` // the attempt to make; a job that comes late finds it made
}

// Kind names the job in the queue.
func (RetryPledge) Kind() string { return "pledge.retry" }

// RefundCharge sends one refund, whose row and key are already committed, to the gateway.
type RefundCharge struct {
	Tenant tenant.ID `json:"tenant"`
	Refund uuid.UUID `json:"refund"`
}

// Kind names the job in the queue.
func (RefundCharge) Kind() string { return "pledge.refund" }

// SettleCampaign ends the collecting of a campaign when its window is over or
// nothing is left to charge, and a shortfall that the founder has not decided.
type SettleCampaign struct {
	Tenant   tenant.ID `json:"tenant"`
	Campaign uuid.UUID `json:"campaign"`
}

// Kind names the job in the queue.
func (SettleCampaign) Kind() string { return "campaign.settle" }

// HandleGatewayEvent refetches what a stored webhook event is about.
type HandleGatewayEvent struct {
	Tenant   tenant.ID `json:"tenant"`
	Provider string    `json:"provider"`
	Event    string    `json:"event"`
}

// Kind names the job in the queue.
func (HandleGatewayEvent) Kind() string { return "gateway.event" }

// AbandonPledge drops a pledge whose payment method was never confirmed.
type AbandonPledge struct {
	Tenant tenant.ID `json:"tenant"`
	Pledge uuid.UUID `json:"pledge"`
}

// Kind names the job in the queue.
func (AbandonPledge) Kind() string { return "pledge.abandon" }

// SendMail sends one message of the outbox.
type SendMail struct {
	Message uuid.UUID `json:"message"`
}

// Kind names the job in the queue.
func (SendMail) Kind() string { return "mail.send" }
