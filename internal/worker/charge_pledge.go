package worker

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/riverqueue/river"

	"globalbrain/internal/errs"
	"globalbrain/internal/job"
	"globalbrain/internal/payments"
	"globalbrain/internal/pledge"
)

// chargePledge sends one charge, whose row and key are committed, and settles
// it by the answer. The key makes a second run harmless.
type chargePledge struct {
	river.WorkerDefaults[job.ChargePledge]
	d Deps
}

// poll is the pause between two questions about a charge that the gateway is
// still working on. Its webhook usually comes sooner.
const poll = 15 * time.Second

// faults is how often the gateway may answer one key with a fault, and not know
// it afterwards, before the attempt counts as failed.
const faults = 3

func (w *chargePledge) Work(ctx context.Context, j *river.Job[job.ChargePledge]) error {
	h, err := w.d.Store.Charge(ctx, j.Args.Tenant, j.Args.Charge)
	if err != nil || h.State.Final() {
		return err
	}
	account := payments.AccountOf(j.Args.Tenant)
	// A first run knows that the gateway has not heard of the key. Any later one
	// asks before it sends.
	if j.Attempt > 1 || h.State == pledge.ChargeProcessing {
		got, err := w.d.Gateway.FindCharge(ctx, account, h.Key)
		if err == nil {
			return w.settle(ctx, j, got)
		}
		if !errs.Is(err, errs.NotFound) {
			return wait(err)
		}
	}
	got, err := w.d.Gateway.Charge(ctx, payments.ChargeRequest{Account: account, Key: h.Key, PaymentMethod: h.PaymentMethod, Amount: h.Amount})
	switch errs.CodeOf(err) {
	case payments.NoAnswer, payments.Fault:
		return w.resolve(ctx, j, account, h, err)
	case payments.Refused:
		w.d.Log.WarnContext(ctx, "charge refused", "charge", h.ID, "error", err)
		return w.d.Store.SettleCharge(ctx, j.Args.Tenant, h.ID, pledge.Answer{State: pledge.ChargeFailed, Decline: pledge.Hard, Code: "refused"})
	}
	if err != nil {
		return wait(err)
	}
	return w.settle(ctx, j, got)
}

// resolve asks what became of a charge whose answer is missing or a fault. When
// even that stays open, the next run asks again, always with the same key.
func (w *chargePledge) resolve(ctx context.Context, j *river.Job[job.ChargePledge], account string, h pledge.Charge, cause error) error {
	got, err := w.d.Gateway.FindCharge(ctx, account, h.Key)
	switch {
	case err == nil:
		return w.settle(ctx, j, got)
	case errs.Is(err, errs.NotFound) && errs.CodeOf(cause) == payments.Fault && j.Attempt >= faults:
		// The key is answered with a stored fault for ever, and nothing was
		// captured under it: only a new attempt can help.
		return w.d.Store.SettleCharge(ctx, j.Args.Tenant, h.ID, pledge.Answer{State: pledge.ChargeFailed, Decline: pledge.Soft, Code: "provider_fault"})
	}
	return unresolved(cause)
}

func (w *chargePledge) settle(ctx context.Context, j *river.Job[job.ChargePledge], got payments.Charge) error {
	if err := w.d.Store.SettleCharge(ctx, j.Args.Tenant, j.Args.Charge, answerOf(got)); err != nil {
		return err
	}
	if !got.State.Final() {
		return river.JobSnooze(poll)
	}
	return nil
}

// answerOf is the gateway's word as the domain takes it.
func answerOf(c payments.Charge) pledge.Answer {
	return pledge.Answer{State: c.State, Ref: c.ID, Fee: c.Fee, Decline: c.Decline, Code: c.Code}
}

// wait turns a gateway that is busy into a pause that costs no attempt; any
// other error comes back as it is.
func wait(err error) error {
	if e, ok := errors.AsType[*errs.Error](err); ok && e.Code == payments.Busy {
		return river.JobSnooze(e.RetryAfter)
	}
	return err
}

// unresolved is the error of a run after which nobody knows what happened to the
// money: the queue runs the job again.
func unresolved(cause error) error { return fmt.Errorf("the gateway's answer is open: %w", cause) }
