package localpg

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// EnsureRoles runs sql, which makes roles and may be run again, and lets the
// named roles sign in; in a private cluster the socket's folder guards them.
func (c *Cluster) EnsureRoles(ctx context.Context, sql string, logins ...string) error {
	return c.asSuperuser(ctx, func(conn *pgx.Conn) error {
		if _, err := conn.Exec(ctx, sql); err != nil {
			return fmt.Errorf("make the roles: %w", err)
		}
		for _, name := range logins {
			if _, err := conn.Exec(ctx, "alter role "+pgx.Identifier{name}.Sanitize()+" login"); err != nil {
				return fmt.Errorf("let %s sign in: %w", name, err)
			}
		}
		return nil
	})
}

// EnsureDatabase makes the database and gives it to owner, unless it is there.
func (c *Cluster) EnsureDatabase(ctx context.Context, name, owner string) error {
	return c.asSuperuser(ctx, func(conn *pgx.Conn) error {
		var there bool
		if err := conn.QueryRow(ctx, "select exists (select from pg_database where datname = $1)", name).Scan(&there); err != nil {
			return fmt.Errorf("look for database %s: %w", name, err)
		}
		if there {
			return nil
		}
		sql := "create database " + pgx.Identifier{name}.Sanitize() + " owner " + pgx.Identifier{owner}.Sanitize()
		if _, err := conn.Exec(ctx, sql); err != nil {
			return fmt.Errorf("make database %s: %w", name, err)
		}
		return nil
	})
}

func (c *Cluster) asSuperuser(ctx context.Context, act func(*pgx.Conn) error) error {
	conn, err := pgx.Connect(ctx, c.SuperuserDSN())
	if err != nil {
		return fmt.Errorf("reach the cluster as its superuser: %w", err)
	}
	defer conn.Close(ctx)
	return act(conn)
}
