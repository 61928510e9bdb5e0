package worker

import (
	"context"

	"github.com/riverqueue/river"

	"globalbrain/internal/errs"
	"globalbrain/internal/job"
	"globalbrain/internal/payments"
)

// refundCharge gives one captured charge back. The key makes a second run
// harmless.
type refundCharge struct {
	river.WorkerDefaults[job.RefundCharge]
	d Deps
}

func (w *refundCharge) Work(ctx context.Context, j *river.Job[job.RefundCharge]) error {
	r, err := w.d.Store.Refund(ctx, j.Args.Tenant, j.Args.Refund)
	if err != nil || r.Done {
		return err
	}
	account := payments.AccountOf(j.Args.Tenant)
	got, err := w.d.Gateway.Refund(ctx, payments.RefundRequest{Account: account, Key: r.Key, ChargeKey: r.ChargeKey, Amount: r.Amount})
	if code := errs.CodeOf(err); code == payments.NoAnswer || code == payments.Fault {
		cause := err
		if got, err = w.d.Gateway.FindRefund(ctx, account, r.Key); errs.Is(err, errs.NotFound) {
			err = unresolved(cause)
		}
	}
	if err != nil {
		return wait(err)
	}
	return w.d.Store.RefundAccepted(ctx, j.Args.Tenant, r.ID, got.ID)
}
