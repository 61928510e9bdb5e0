package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"globalbrain/internal/account"
	"globalbrain/internal/config"
	"globalbrain/internal/database"
	"globalbrain/internal/localpg"
	"globalbrain/internal/postgres"
)

// webhookPath is where the site takes the gateway's webhooks.
const webhookPath = "/webhooks/sandbox"

// runDemo runs everything on this machine: a private Postgres in a folder, the
// demo tenants, the sandbox gateway, the jobs and the site.
func runDemo(ctx context.Context, args []string, c console) (err error) {
	cfg, _, err := config.Load("demo", args, c.env, c.stderr)
	if err != nil {
		return err
	}
	dir, err := demoFolder(cfg.DemoDir)
	if err != nil {
		return err
	}
	if cfg.GatewayKey, cfg.WebhookSecret, err = demoSecrets(dir); err != nil {
		return err
	}
	s := newSystem(cfg, c.stderr)
	defer s.stopAll(ctx, &err)
	door, err := listen(ctx, cfg.Addr, true)
	if err != nil {
		return err
	}
	till, err := listen(ctx, cfg.SandboxAddr, true)
	if err != nil {
		return errors.Join(err, door.Close())
	}
	s.cfg.GatewayURL = address(till)
	if err := s.serveSandbox(till, filepath.Join(dir, "sandbox"), address(door)+webhookPath); err != nil {
		return errors.Join(err, door.Close(), till.Close())
	}
	s.openGateway()
	cluster, err := s.startDemoDatabase(ctx, dir, address(door))
	if err != nil {
		return errors.Join(err, door.Close())
	}
	if err := s.openStore(ctx, cluster.DSN(appRole, demoDatabase)); err != nil {
		return errors.Join(err, door.Close())
	}
	if err := s.openModels(); err != nil {
		return errors.Join(err, door.Close())
	}
	if err := s.openLauncher(); err != nil {
		return errors.Join(err, door.Close())
	}
	if err := s.startWorker(ctx, cluster.DSN(jobsRole, demoDatabase), true); err != nil {
		return errors.Join(err, door.Close())
	}
	if err := s.serveSite(door, true); err != nil {
		return errors.Join(err, door.Close())
	}
	if err := s.settleJobs(ctx); err != nil {
		return err
	}
	greet(c, address(door), s.cfg.GatewayURL)
	go func() {
		<-cluster.Done()
		s.failed <- errors.New("the demo's Postgres has ended")
	}()
	return s.wait(ctx)
}

// startDemoDatabase starts the cluster and fills the database the first time.
func (s *system) startDemoDatabase(ctx context.Context, dir, site string) (*localpg.Cluster, error) {
	cluster, err := localpg.Start(ctx, localpg.Options{Dir: demoCluster(dir), Log: s.log})
	if err != nil {
		return nil, err
	}
	s.started("postgres", cluster.Stop)
	err = prepareDatabase(ctx, cluster, s.log, func(ctx context.Context, database string) error {
		f := &filler{gateway: s.gateway, returnURL: site}
		return f.fill(ctx, cluster.DSN(ownerRole, database), cluster.DSN(appRole, database))
	})
	return cluster, err
}

// fill puts the demo's content into a new database.
func (f *filler) fill(ctx context.Context, ownerDSN, appDSN string) error {
	for dsn, store := range map[string]**postgres.Store{ownerDSN: &f.owner, appDSN: &f.app} {
		db, err := database.Open(ctx, dsn, database.Options{MaxConns: 2})
		if err != nil {
			return err
		}
		defer db.Close()
		if *store, err = postgres.NewStore(db); err != nil {
			return err
		}
	}
	var err error
	if f.hash, err = account.NewHasher(1).Hash(ctx, demoPassword); err != nil {
		return err
	}
	list, err := readDemo()
	if err != nil {
		return err
	}
	for _, content := range list {
		place, err := f.fillTenant(ctx, content)
		if err == nil {
			err = place.fillIdeas(ctx)
		}
		if err != nil {
			return fmt.Errorf("tenant %s: %w", content.Slug, err)
		}
	}
	return nil
}

// settleJobs waits until what the demo's content asked for is done, so that the
// first page that somebody opens shows scores and ranks. It gives up after a
// while: the jobs go on by themselves.
func (s *system) settleJobs(ctx context.Context) error {
	limited, cancel := context.WithTimeout(ctx, 90*time.Second)
	defer cancel()
	for {
		left, err := s.jobs.Due(limited)
		if err != nil || left == 0 {
			return err
		}
		select {
		case <-limited.Done():
			s.log.Warn("jobs are still running", "left", left)
			return ctx.Err()
		case <-time.After(200 * time.Millisecond):
		}
	}
}

// demoSecrets returns the demo's keys, made once and kept beside its database.
func demoSecrets(dir string) (gatewayKey, webhookSecret string, err error) {
	if err := os.MkdirAll(dir, 0o755); err != nil { // #nosec G301 -- Postgres runs as another user and must get through
		return "", "", fmt.Errorf("make the demo's folder: %w", err)
	}
	path := filepath.Join(dir, "secrets")
	raw, err := os.ReadFile(path) // #nosec G304 -- a file of the demo's own folder
	if errors.Is(err, fs.ErrNotExist) {
		raw = []byte("sk_demo_" + rand.Text() + "\nwhsec_demo_" + rand.Text() + "\n")
		err = os.WriteFile(path, raw, 0o600)
	}
	if err != nil {
		return "", "", fmt.Errorf("read the demo's keys: %w", err)
	}
	lines := strings.Fields(string(raw))
	if len(lines) != 2 {
		return "", "", fmt.Errorf("the demo's keys in %s are damaged: delete the file", path)
	}
	return lines[0], lines[1], nil
}

// greet says where to go and who to be.
func greet(c console, site, gateway string) {
	_, _ = fmt.Fprintf(c.stdout, `
Global Brain is running.

  site       %s
  mailbox    %s/mailbox    every message that the demo would send
  API        %s/api/v1/openapi.json
  sandbox    %s    the payment gateway, with test cards

Demo people, all with the password %s:
  founder    amara@city.example      expert   see /t/city/people as the admin
  (every tenant: city, education, energy, health; addresses end in @TENANT.example)

ready %s
`, site, site, site, gateway, demoPassword, site)
}
