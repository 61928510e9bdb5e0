// Package worker runs the jobs that transactions leave behind: scoring,
// ranking, closing campaigns, charging, mail. A job opens its tenant, does one
// thing that is safe to do twice, and leaves its result in the database. It
// does not know HTTP.
package worker

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivertype"

	"globalbrain/internal/errs"
	"globalbrain/internal/mail"
	"globalbrain/internal/payments"
	"globalbrain/internal/postgres"
)

// Deps is what jobs work with.
type Deps struct {
	Store   *postgres.Store
	Scorer  Scorer
	Gateway payments.Gateway
	Mail    mail.Sender
	Log     *slog.Logger

	// KeepMail leaves the text of sent letters in the outbox, for the
	// development mailbox.
	KeepMail bool
}

// Worker fetches jobs of every tenant and runs them.
type Worker struct {
	client *river.Client[pgx.Tx]
	pool   *pgxpool.Pool
	d      Deps
	stop   context.CancelFunc // of the rounds beside the jobs
	rounds sync.WaitGroup
}

// concurrency is how many jobs run at once: enough to keep the gateway busy,
// and below the pool's size so that pages never wait for jobs.
const concurrency = 4

// New returns a worker over a pool of the role globalbrain_jobs.
func New(pool *pgxpool.Pool, d Deps) (*Worker, error) {
	workers := river.NewWorkers()
	river.AddWorker(workers, &sendMail{d: d})
	river.AddWorker(workers, &scoreIdea{d: d})
	river.AddWorker(workers, &rescoreIdeas{d: d})
	river.AddWorker(workers, &buildSnapshot{d: d})
	river.AddWorker(workers, &closeCampaign{d: d})
	river.AddWorker(workers, &chargePledge{d: d})
	river.AddWorker(workers, &retryPledge{d: d})
	river.AddWorker(workers, &refundCharge{d: d})
	river.AddWorker(workers, &settleCampaign{d: d})
	river.AddWorker(workers, &abandonPledge{d: d})
	river.AddWorker(workers, &handleGatewayEvent{d: d})
	client, err := river.NewClient(riverpgxv5.New(pool), &river.Config{
		Logger:       d.Log,
		Queues:       map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: concurrency}},
		Workers:      workers,
		JobTimeout:   2 * time.Minute,
		ErrorHandler: report{d.Log},
		// A killed program leaves its jobs "running"; another takes them over
		// after this long, which must exceed JobTimeout.
		RescueStuckJobsAfter: 3 * time.Minute,
	})
	if err != nil {
		return nil, fmt.Errorf("make the job worker: %w", err)
	}
	return &Worker{client: client, pool: pool, d: d, stop: func() {}}, nil
}

// Start begins to fetch jobs and returns.
func (w *Worker) Start(ctx context.Context) error {
	if err := w.client.Start(ctx); err != nil {
		return fmt.Errorf("start the job worker: %w", err)
	}
	ctx, w.stop = context.WithCancel(ctx)
	w.rounds.Go(func() { tend(ctx, w.d) })
	w.rounds.Go(func() { measurePictures(ctx, w.d) })
	return nil
}

// Due counts the jobs that run or could run now; those of a later time are not
// counted.
func (w *Worker) Due(ctx context.Context) (n int, err error) {
	err = w.pool.QueryRow(ctx, "select count(*) from river_job where state in ('available', 'running')").Scan(&n)
	return n, err
}

// Stop lets running jobs finish until ctx is over, then cancels them.
func (w *Worker) Stop(ctx context.Context) error {
	w.stop()
	w.rounds.Wait()
	err := w.client.Stop(ctx)
	if !errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	cancelled, done := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer done()
	return w.client.StopAndCancel(cancelled)
}

// report logs what jobs return; a job that can never succeed is cancelled.
type report struct{ log *slog.Logger }

func (r report) HandleError(ctx context.Context, j *rivertype.JobRow, err error) *river.ErrorHandlerResult {
	r.log.LogAttrs(ctx, slog.LevelWarn, "job failed", slog.String("kind", j.Kind), slog.Int64("job", j.ID), slog.Int("attempt", j.Attempt), slog.Any("error", err))
	final := errs.Is(err, errs.NotFound) || errs.Is(err, errs.Invalid)
	return &river.ErrorHandlerResult{SetCancelled: final}
}

func (r report) HandlePanic(ctx context.Context, j *rivertype.JobRow, value any, _ string) *river.ErrorHandlerResult {
	r.log.LogAttrs(ctx, slog.LevelError, "job panicked", slog.String("kind", j.Kind), slog.Int64("job", j.ID), slog.Any("panic", value), slog.String("stack", string(debug.Stack())))
	return nil
}
