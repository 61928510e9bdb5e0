package worker

import (
	"context"
	"strings"

	"github.com/riverqueue/river"

	"globalbrain/internal/errs"
	"globalbrain/internal/job"
	"globalbrain/internal/payments"
	"globalbrain/internal/pledge"
	"globalbrain/internal/postgres"
)

// handleGatewayEvent asks the gateway about the object of a webhook and takes
// its answer. What the webhook itself says does not matter, so neither does its
// order, its age or its repetition.
type handleGatewayEvent struct {
	river.WorkerDefaults[job.HandleGatewayEvent]
	d Deps
}

func (w *handleGatewayEvent) Work(ctx context.Context, j *river.Job[job.HandleGatewayEvent]) error {
	a := j.Args
	e, err := w.d.Store.GatewayEvent(ctx, a.Tenant, a.Provider, a.Event)
	if err != nil || e.Handled {
		return err
	}
	switch kind, _, _ := strings.Cut(e.Kind, "."); kind {
	case "setup_intent":
		err = w.confirm(ctx, j, e)
	case "payment_intent":
		err = w.settle(ctx, j, e)
	case "refund":
		err = w.refund(ctx, j, e)
	}
	if errs.Is(err, errs.NotFound) {
		w.d.Log.WarnContext(ctx, "webhook about something unknown", "event", e.ID, "kind", e.Kind, "error", err)
		err = nil
	}
	if err != nil {
		return wait(err)
	}
	return w.d.Store.GatewayEventHandled(ctx, a.Tenant, a.Provider, a.Event)
}

func (w *handleGatewayEvent) confirm(ctx context.Context, j *river.Job[job.HandleGatewayEvent], e postgres.GatewayEvent) error {
	pledgeID, visit, err := pledge.ReadSetupKey(e.Key)
	if err != nil {
		return err
	}
	got, err := w.d.Gateway.FindSetup(ctx, payments.AccountOf(j.Args.Tenant), e.Key)
	if err != nil || got.State != payments.SetupSucceeded {
		return err
	}
	_, err = w.d.Store.ConfirmPledge(ctx, j.Args.Tenant, pledgeID, visit, got.PaymentMethod)
	return err
}

func (w *handleGatewayEvent) settle(ctx context.Context, j *river.Job[job.HandleGatewayEvent], e postgres.GatewayEvent) error {
	h, err := w.d.Store.ChargeByKey(ctx, j.Args.Tenant, e.Key)
	if err != nil || h.State.Final() {
		return err
	}
	got, err := w.d.Gateway.FindCharge(ctx, payments.AccountOf(j.Args.Tenant), e.Key)
	if err != nil {
		return err
	}
	return w.d.Store.SettleCharge(ctx, j.Args.Tenant, h.ID, answerOf(got))
}

func (w *handleGatewayEvent) refund(ctx context.Context, j *river.Job[job.HandleGatewayEvent], e postgres.GatewayEvent) error {
	r, err := w.d.Store.RefundByKey(ctx, j.Args.Tenant, e.Key)
	if err != nil || r.Done {
		return err
	}
	got, err := w.d.Gateway.FindRefund(ctx, payments.AccountOf(j.Args.Tenant), e.Key)
	if err != nil {
		return err
	}
	return w.d.Store.RefundAccepted(ctx, j.Args.Tenant, r.ID, got.ID)
}
