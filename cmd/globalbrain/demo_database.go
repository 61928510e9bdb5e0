package main

import (
	"context"
	"fmt"
	"log/slog"
	"path/filepath"

	"github.com/jackc/pgx/v5"

	"globalbrain/internal/localpg"
	"globalbrain/migrations"
)

// The logins of the demo's private cluster. Its socket is in a folder that only
// its user can enter, so they have no passwords.
const (
	ownerRole = "globalbrain_owner"
	appRole   = "globalbrain_app"
	jobsRole  = "globalbrain_jobs"
)

// halfMade is the database that is being filled. It gets its real name when it
// is complete, so that a demo killed half-way starts over and never shows half
// of its content.
const halfMade = demoDatabase + "_unfinished"

// prepareDatabase returns when the demo's database is there, complete and of
// this program's schema version. fill puts the content into a new one.
func prepareDatabase(ctx context.Context, cluster *localpg.Cluster, log *slog.Logger, fill func(ctx context.Context, database string) error) error {
	if err := cluster.EnsureRoles(ctx, migrations.RolesSQL, ownerRole, appRole, jobsRole); err != nil {
		return err
	}
	conn, err := pgx.Connect(ctx, cluster.SuperuserDSN())
	if err != nil {
		return fmt.Errorf("reach the demo's database: %w", err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	var there bool
	if err := conn.QueryRow(ctx, "select exists (select from pg_database where datname = $1)", demoDatabase).Scan(&there); err != nil {
		return fmt.Errorf("look for the demo's database: %w", err)
	}
	if there {
		return migrations.Up(ctx, cluster.DSN(ownerRole, demoDatabase))
	}
	log.Info("making the demo's database; this happens once")
	if _, err := conn.Exec(ctx, "drop database if exists "+halfMade+" with (force)"); err != nil {
		return fmt.Errorf("drop a half-made database: %w", err)
	}
	if err := cluster.EnsureDatabase(ctx, halfMade, ownerRole); err != nil {
		return err
	}
	if err := migrations.Up(ctx, cluster.DSN(ownerRole, halfMade)); err != nil {
		return err
	}
	if err := fill(ctx, halfMade); err != nil {
		return fmt.Errorf("fill the demo's database: %w", err)
	}
	if _, err := conn.Exec(ctx, "alter database "+halfMade+" rename to "+demoDatabase); err != nil {
		return fmt.Errorf("name the demo's database: %w", err)
	}
	return nil
}

// demoFolder returns the demo's folder as an absolute path.
func demoFolder(dir string) (string, error) {
	if dir == "" {
		dir = ".demo"
	}
	return filepath.Abs(dir)
}
