package pgtest

import (
	"context"
	"crypto/sha256"
	"fmt"
	"io/fs"
	"sync"

	"github.com/jackc/pgx/v5"

	"globalbrain/internal/localpg"
	"globalbrain/migrations"
)

const (
	clonePrefix    = "test_"
	templatePrefix = "migrated_"
)

// templateLock is the advisory lock under which roles and templates are made.
const templateLock = 7_203_114

// ensureTemplate migrates a template once for each state of the migrations and
// returns its name. Programs that want the same template wait for each other.
func ensureTemplate(ctx context.Context, c *localpg.Cluster) (string, error) {
	template.Lock()
	defer template.Unlock()
	if template.name != "" {
		return template.name, nil
	}
	name, err := templateName()
	if err != nil {
		return "", err
	}
	err = locked(ctx, c, func(conn *pgx.Conn) error {
		var there bool
		if err := conn.QueryRow(ctx, "select exists (select from pg_database where datname = $1)", name).Scan(&there); err != nil || there {
			return err
		}
		return buildTemplate(ctx, c, conn, name)
	})
	if err != nil {
		return "", fmt.Errorf("make the template: %w", err)
	}
	template.name = name
	return name, nil
}

var template struct {
	sync.Mutex
	name string
}

// buildTemplate migrates under another name, so that a template under its own
// name is always whole.
func buildTemplate(ctx context.Context, c *localpg.Cluster, conn *pgx.Conn, name string) error {
	if err := c.EnsureRoles(ctx, migrations.RolesSQL, logins...); err != nil {
		return err
	}
	const building = clonePrefix + "building"
	for _, sql := range []string{
		"drop database if exists " + building + " with (force)",
		"create database " + building + " owner " + Owner,
	} {
		if _, err := conn.Exec(ctx, sql); err != nil {
			return err
		}
	}
	if err := migrations.Up(ctx, c.DSN(Owner, building)); err != nil {
		return err
	}
	_, err := conn.Exec(ctx, "alter database "+building+" rename to "+pgx.Identifier{name}.Sanitize())
	return err
}

func ensureRoles(ctx context.Context, c *localpg.Cluster) error {
	return locked(ctx, c, func(*pgx.Conn) error {
		return c.EnsureRoles(ctx, migrations.RolesSQL, logins...)
	})
}

// locked runs act while no other program makes roles or templates. The lock
// goes with the connection.
func locked(ctx context.Context, c *localpg.Cluster, act func(*pgx.Conn) error) error {
	conn, err := pgx.Connect(ctx, c.SuperuserDSN())
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	if _, err := conn.Exec(ctx, "select pg_advisory_lock($1)", templateLock); err != nil {
		return err
	}
	return act(conn)
}

// templateName is different for every content of the migrations.
func templateName() (string, error) {
	hash := sha256.New()
	hash.Write([]byte(migrations.RolesSQL))
	err := fs.WalkDir(migrations.FS, ".", func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		sql, err := fs.ReadFile(migrations.FS, path)
		hash.Write(fmt.Appendf(nil, "%s %d\n%s\n", path, len(sql), sql))
		return err
	})
	if err != nil {
		return "", fmt.Errorf("read the migrations: %w", err)
	}
	return fmt.Sprintf("%s%x", templatePrefix, hash.Sum(nil)[:8]), nil
}
