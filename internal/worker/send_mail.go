package worker

import (
	"context"

	"github.com/riverqueue/river"

	"globalbrain/internal/job"
)

// sendMail carries one letter of the outbox to the mail server. Running it
// twice sends it once, unless the program died between the two.
type sendMail struct {
	river.WorkerDefaults[job.SendMail]
	d Deps
}

func (w *sendMail) Work(ctx context.Context, j *river.Job[job.SendMail]) error {
	return w.d.Store.SendLetter(ctx, j.Args.Message, w.d.KeepMail, w.d.Mail.Send)
}
