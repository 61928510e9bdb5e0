package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os/exec"
	"path/filepath"
	"time"

	"globalbrain/internal/config"
	"globalbrain/internal/localpg"
)

// demoDatabase is the name of the demo's database in its cluster.
const demoDatabase = "globalbrain"

// demoCluster is where the demo in dir keeps its Postgres.
func demoCluster(dir string) string {
	if dir == "" {
		dir = ".demo"
	}
	return filepath.Join(dir, "postgres")
}

// runPsql opens psql as the superuser on the demo's database, which it starts
// for as long as psql lives when the demo does not run. What follows the flags
// is psql's.
func runPsql(ctx context.Context, args []string, c console) (err error) {
	cfg, rest, err := config.Load("psql", args, c.env, c.stderr)
	if err != nil {
		return err
	}
	dir := demoCluster(cfg.DemoDir)
	cluster, err := localpg.Attach(ctx, dir)
	if errors.Is(err, localpg.ErrNotRunning) {
		if !localpg.Exists(dir) {
			return fmt.Errorf("there is no demo database in %s yet: \"make demo\" makes one", dir)
		}
		cluster, err = localpg.Start(ctx, localpg.Options{Dir: dir, Log: slog.New(slog.NewTextHandler(c.stderr, nil))})
	}
	if err != nil {
		return err
	}
	defer func() {
		stopping, cancel := context.WithTimeout(context.WithoutCancel(ctx), 30*time.Second)
		defer cancel()
		err = errors.Join(err, cluster.Stop(stopping))
	}()
	program, err := cluster.Program("psql")
	if err != nil {
		return err
	}
	// Not bound to ctx: Ctrl-C is psql's to handle, and ends a query, not psql.
	cmd := exec.Command(program, append([]string{"--dbname", cluster.DSN(localpg.Superuser, demoDatabase)}, rest...)...) //nolint:gosec // G204: psql, with the arguments of whoever called us
	cmd.Stdin, cmd.Stdout, cmd.Stderr = c.stdin, c.stdout, c.stderr
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("psql: %w", err)
	}
	return nil
}
