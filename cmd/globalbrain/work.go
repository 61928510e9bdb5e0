package main

import (
	"context"
	"fmt"

	"globalbrain/internal/config"
	"globalbrain/internal/database"
	"globalbrain/internal/mail"
	"globalbrain/internal/worker"
)

// runWork runs jobs until it is told to stop. Any number of workers may share a database.
func runWork(ctx context.Context, args []string, c console) (err error) {
	cfg, _, err := config.Load("work", args, c.env, c.stderr)
	if err != nil {
		return err
	}
	for name, value := range map[string]string{"database-url": cfg.DatabaseURL, "jobs-url": cfg.JobsURL, "gateway-url": cfg.GatewayURL, "gateway-key": cfg.GatewayKey} {
		if value == "" {
			return missing(name)
		}
	}
	s := newSystem(cfg, c.stderr)
	defer s.stopAll(ctx, &err)
	if err := s.openStore(ctx, cfg.DatabaseURL); err != nil {
		return err
	}
	if err := s.openModels(); err != nil {
		return err
	}
	s.openGateway()
	if err := s.startWorker(ctx, cfg.JobsURL, false); err != nil {
		return err
	}
	_, _ = fmt.Fprintln(c.stdout, "ready")
	return s.wait(ctx)
}

// startWorker begins to run jobs. keepMail leaves the text of sent messages in
// the outbox, where the development mailbox shows them.
func (s *system) startWorker(ctx context.Context, jobsDSN string, keepMail bool) error {
	db, err := database.Open(ctx, jobsDSN, database.Options{})
	if err != nil {
		return err
	}
	s.started("jobs pool", func(context.Context) error { db.Close(); return nil })
	jobs, err := worker.New(db.Pool(), worker.Deps{
		Store: s.store, Scorer: s.brain, Gateway: s.gateway, Mail: s.mailer(), KeepMail: keepMail, Log: s.log,
	})
	if err != nil {
		return err
	}
	// The worker lives until stop, not until ctx: running jobs may finish.
	if err := jobs.Start(context.WithoutCancel(ctx)); err != nil {
		return err
	}
	s.started("jobs", jobs.Stop)
	s.jobs = jobs
	return nil
}

func (s *system) mailer() mail.Sender {
	if s.cfg.SMTPAddr == "" {
		return mail.Unsent{Log: s.log}
	}
	return &mail.SMTP{Addr: s.cfg.SMTPAddr, User: s.cfg.SMTPUser, Password: s.cfg.SMTPPassword, From: s.cfg.MailFrom}
}
