package main

import (
	"context"
	"fmt"

	"globalbrain/internal/config"
	"globalbrain/internal/postgres"
	"globalbrain/migrations"
)

// runMigrate brings the schema to this program's version.
func runMigrate(ctx context.Context, args []string, c console) error {
	cfg, _, err := config.Load("migrate", args, c.env, c.stderr)
	if err != nil {
		return err
	}
	if cfg.OwnerURL == "" {
		return missing("owner-url")
	}
	if err := migrations.Up(ctx, cfg.OwnerURL); err != nil {
		return err
	}
	latest, err := migrations.Latest()
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(c.stdout, "schema version %d\n", latest)
	return err
}

// checkSchema refuses a database whose schema is not this program's: serve and
// work never migrate.
func checkSchema(ctx context.Context, store *postgres.Store) error {
	want, err := migrations.Latest()
	if err != nil {
		return err
	}
	have, err := store.SchemaVersion(ctx)
	if err != nil {
		return fmt.Errorf("read the schema version (has \"globalbrain migrate\" run?): %w", err)
	}
	if have != want {
		return fmt.Errorf("the database has schema version %d and this program needs %d: run \"globalbrain migrate\" with the program that is newer", have, want)
	}
	return nil
}

// missing says which setting is needed, by both its names.
func missing(flagName string) error {
	return fmt.Errorf("-%s is needed (or %s in the environment)", flagName, config.EnvName(flagName))
}
