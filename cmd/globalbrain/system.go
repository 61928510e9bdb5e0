package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"globalbrain/internal/brain"
	"globalbrain/internal/config"
	"globalbrain/internal/database"
	"globalbrain/internal/payments"
	"globalbrain/internal/postgres"
	"globalbrain/internal/scoring"
	"globalbrain/internal/worker"
)

// system is the program while it runs: what serve, work and demo start, each as
// much of it as it needs.
type system struct {
	lifecycle
	cfg     config.Config
	metrics *prometheus.Registry
	failed  chan error // a part that ended by itself
	store   *postgres.Store
	brain   *brain.Brain
	gateway payments.Gateway
	jobs    *worker.Worker

	launcher *scoring.Launcher // nil: no launch model is installed
}

func newSystem(cfg config.Config, stderr io.Writer) *system {
	metrics := prometheus.NewRegistry()
	metrics.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	log := slog.New(slog.NewTextHandler(stderr, nil))
	return &system{lifecycle: lifecycle{log: log, each: cfg.StopTimeout}, cfg: cfg, metrics: metrics, failed: make(chan error, 4)}
}

// openStore opens the pool of the application's role and checks the schema.
func (s *system) openStore(ctx context.Context, dsn string) error {
	db, err := database.Open(ctx, dsn, database.Options{})
	if err != nil {
		return err
	}
	s.started("database pool", func(context.Context) error { db.Close(); return nil })
	if s.store, err = postgres.NewStore(db); err != nil {
		return err
	}
	return checkSchema(ctx, s.store)
}

// wait returns when ctx is over, which is a good end, or when a part fails.
func (s *system) wait(ctx context.Context) error {
	select {
	case <-ctx.Done():
		s.log.Info("stopping")
		return nil
	case err := <-s.failed:
		return fmt.Errorf("a part of the program ended: %w", err)
	}
}

// stopAll stops what was started and adds what went wrong to *err.
func (s *system) stopAll(ctx context.Context, err *error) {
	*err = errors.Join(*err, s.stop(ctx))
}
