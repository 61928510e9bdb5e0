// Package migrations carries the database schema as numbered steps up and down
// and runs them with golang-migrate as the schema's owner. It does not know
// what the tables mean.
package migrations

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"net/url"

	"github.com/golang-migrate/migrate/v4"
	_ "github.com/golang-migrate/migrate/v4/database/pgx/v5" // the pgx5:// database driver
	"github.com/golang-migrate/migrate/v4/source/iofs"
)

// FS holds every migration.
//
//go:embed 0*.sql
var FS embed.FS

// RolesSQL makes the cluster's roles; a superuser runs it once, and again without harm.
//
//go:embed roles.sql
var RolesSQL string

// Latest is the number of the newest migration.
func Latest() (uint, error) {
	src, err := iofs.New(FS, ".")
	if err != nil {
		return 0, fmt.Errorf("read migrations: %w", err)
	}
	version, err := src.First()
	for err == nil {
		next, nextErr := src.Next(version)
		if nextErr != nil {
			break
		}
		version = next
	}
	return version, err
}

// Up brings the database at dsn (postgres://, the owner's role) to the newest
// version. A cancelled ctx stops between two steps.
func Up(ctx context.Context, dsn string) error { return run(ctx, dsn, (*migrate.Migrate).Up) }

// Down takes every migration back. It is for tests and loses all data.
func Down(ctx context.Context, dsn string) error { return run(ctx, dsn, (*migrate.Migrate).Down) }

func run(ctx context.Context, dsn string, step func(*migrate.Migrate) error) (err error) {
	src, err := iofs.New(FS, ".")
	if err != nil {
		return fmt.Errorf("read migrations: %w", err)
	}
	target, err := url.Parse(dsn)
	if err != nil {
		return fmt.Errorf("read the database address: %w", err)
	}
	target.Scheme = "pgx5"
	m, err := migrate.NewWithSourceInstance("iofs", src, target.String())
	if err != nil {
		return fmt.Errorf("open the database to migrate: %w", err)
	}
	defer func() {
		sourceErr, dbErr := m.Close()
		err = errors.Join(err, sourceErr, dbErr)
	}()
	stop := context.AfterFunc(ctx, func() { m.GracefulStop <- true })
	defer stop()
	if err := step(m); err != nil && !errors.Is(err, migrate.ErrNoChange) {
		return fmt.Errorf("migrate: %w", err)
	}
	return ctx.Err()
}
