package database

import (
	"context"
	"errors"
	"net"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"globalbrain/internal/errs"
)

// stateRefused is raised by the trigger check_transition.
const stateRefused = "GB001"

// byState maps SQLSTATE codes to what a person may know. What is not listed
// stays internal.
var byState = map[string]struct {
	kind    errs.Kind
	code    string
	message string
}{
	"23505":      {errs.Conflict, "exists", "This exists already."},
	"23503":      {errs.NotFound, "not_found", "This was not found."},
	"23514":      {errs.Invalid, "rule", "This breaks a rule of the data."},
	"22001":      {errs.Invalid, "too_long", "A text is too long."},
	"22P02":      {errs.NotFound, "not_found", "This was not found."},
	stateRefused: {errs.Conflict, "state", "This is no longer possible: the state has changed. Reload the page to see it."},
	"40001":      {errs.Conflict, "busy", "Somebody changed this at the same moment. Please try again."},
	"40P01":      {errs.Conflict, "busy", "Somebody changed this at the same moment. Please try again."},
	"55P03":      {errs.Conflict, "busy", "Somebody changed this at the same moment. Please try again."},
	"57014":      {errs.Unavailable, "slow", "This took too long. Please try again."},
	"53300":      {errs.Unavailable, "database", "The database is busy. Please try again in a moment."},
	"57P01":      {errs.Unavailable, "database", "The database is restarting. Please try again in a moment."},
	"57P03":      {errs.Unavailable, "database", "The database is restarting. Please try again in a moment."},
}

// Translate turns the driver's errors into errs; errors that are already ours
// pass through. It is the only place that reads SQLSTATE codes.
func Translate(err error) error {
	if err == nil {
		return nil
	}
	if _, ours := errors.AsType[*errs.Error](err); ours {
		return err
	}
	if errors.Is(err, pgx.ErrNoRows) {
		return errs.Wrap(err, errs.NotFound, "not_found", "This was not found.")
	}
	if pg, ok := errors.AsType[*pgconn.PgError](err); ok {
		if to, known := byState[pg.Code]; known {
			e := errs.Wrap(err, to.kind, to.code, "%s", to.message)
			if to.kind == errs.Unavailable {
				return e.After(2 * time.Second)
			}
			return e
		}
		return err
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return errs.Wrap(err, errs.Unavailable, "slow", "This took too long. Please try again.")
	}
	_, network := errors.AsType[net.Error](err)
	_, connect := errors.AsType[*pgconn.ConnectError](err)
	if network || connect || pgconn.SafeToRetry(err) {
		return errs.Wrap(err, errs.Unavailable, "database", "The database cannot be reached. Please try again in a moment.").After(2 * time.Second)
	}
	return err
}

// Violates reports whether err is a breach of the named constraint or unique index.
func Violates(err error, constraint string) bool {
	pg, ok := errors.AsType[*pgconn.PgError](err)
	return ok && pg.ConstraintName == constraint
}

func lostRace(err error) bool {
	pg, ok := errors.AsType[*pgconn.PgError](err)
	return ok && (pg.Code == "40001" || pg.Code == "40P01")
}
