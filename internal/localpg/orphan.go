package localpg

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// A pidFile is what postmaster.pid says of a server that runs, or that ran and
// was killed.
type pidFile struct {
	pid    int
	data   string
	socket string
}

// readPidFile returns fs.ErrNotExist when there is none or only half of one.
func readPidFile(data string) (pidFile, error) {
	text, err := os.ReadFile(filepath.Join(data, "postmaster.pid")) //nolint:gosec // G304: the data folder is ours
	if err != nil {
		return pidFile{}, fmt.Errorf("read the server's pid file: %w", err)
	}
	return parsePidFile(string(text))
}

// parsePidFile reads the lines of postmaster.pid that we need: the first is the
// process, the second the data folder, the fifth the socket's folder.
func parsePidFile(text string) (pidFile, error) {
	lines := strings.Split(text, "\n")
	if len(lines) < 5 {
		return pidFile{}, fmt.Errorf("read the server's pid file: half-written: %w", fs.ErrNotExist)
	}
	pid, err := strconv.Atoi(strings.TrimSpace(lines[0]))
	if err != nil || pid <= 1 {
		return pidFile{}, fmt.Errorf("read the server's pid file: no process in it: %w", fs.ErrNotExist)
	}
	return pidFile{pid: pid, data: lines[1], socket: lines[4]}, nil
}

// stopOrphan ends a server that a killed program left running on our folder,
// whose lock we hold, and clears the traces of one that was killed itself.
func stopOrphan(ctx context.Context, at place, log *slog.Logger) error {
	pf, err := readPidFile(at.data())
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err == nil && serves(pf.pid, at.data()) {
		log.WarnContext(ctx, "stopping the database server that a killed program left behind", "pid", pf.pid)
		if err := end(ctx, pf.pid, at.data()); err != nil {
			return err
		}
	}
	// Postgres trusts these files while their number is alive, though it may be
	// another program's by now, or a dead child's that nobody collects. We have
	// just proved that it is no server's.
	socketLock := filepath.Join(at.socketFolder(), ".s.PGSQL."+port+".lock")
	for _, stale := range []string{filepath.Join(at.data(), "postmaster.pid"), socketLock} {
		if err := os.Remove(stale); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("clear the traces of a killed server: %w", err)
		}
	}
	return awaitSessions(ctx, at.data())
}

// end asks the server to stop and waits; past 30 s it is told to end at once.
func end(ctx context.Context, pid int, data string) error {
	for _, ask := range []struct {
		signal syscall.Signal
		wait   time.Duration
	}{{fast, 30 * time.Second}, {immediate, 10 * time.Second}} {
		if err := syscall.Kill(pid, ask.signal); err != nil && !errors.Is(err, syscall.ESRCH) {
			return fmt.Errorf("stop the server that was left behind: %w", err)
		}
		gone, err := within(ctx, ask.wait, func() bool { return !serves(pid, data) })
		if gone || err != nil {
			return err
		}
	}
	return fmt.Errorf("stop the server that was left behind: process %d does not end", pid)
}

// awaitSessions waits for the sessions of a killed server, which notice its end
// by themselves; until then a new server refuses to start.
func awaitSessions(ctx context.Context, data string) error {
	// Without /proc the list is empty, and only the server itself checks.
	processes, err := filepath.Glob("/proc/[0-9]*")
	if err != nil {
		return fmt.Errorf("list the processes: %w", err)
	}
	folder, err := os.Stat(data)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	} else if err != nil {
		return fmt.Errorf("look at the data: %w", err)
	}
	// A session's working folder is the data. The folder itself is compared, not
	// its name, which may mean another one to a process in a container.
	held := func() bool {
		for _, p := range processes {
			if cwd, err := os.Stat(filepath.Join(p, "cwd")); err == nil && os.SameFile(cwd, folder) {
				return true
			}
		}
		return false
	}
	if gone, err := within(ctx, 20*time.Second, func() bool { return !held() }); err != nil || !gone {
		return errors.Join(err, errors.New("sessions of a killed server still hold the data"))
	}
	return nil
}

// within polls until done is true, for at most d.
func within(ctx context.Context, d time.Duration, done func() bool) (bool, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, d, errTooLong)
	defer cancel()
	for !done() {
		select {
		case <-ctx.Done():
			if errors.Is(context.Cause(ctx), errTooLong) {
				return false, nil
			}
			return false, ctx.Err()
		case <-time.After(20 * time.Millisecond):
		}
	}
	return true, nil
}

var errTooLong = errors.New("too long")

// serves tells whether process pid is a Postgres on this data folder, and not a
// stranger who got an old number, nor a dead child that nobody has collected.
func serves(pid int, data string) bool {
	args, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid)) // empty for a dead child
	if errors.Is(err, fs.ErrNotExist) {
		if _, err := os.Stat("/proc/self"); err == nil {
			return false
		}
		args, err = exec.Command("ps", "-o", "args=", "-p", strconv.Itoa(pid)).Output() //nolint:gosec // G204: the argument is a number
		if err != nil {
			return false
		}
	}
	line := strings.ReplaceAll(string(args), "\x00", " ")
	return strings.Contains(line, "postgres") && strings.Contains(line+" ", " "+data+" ")
}
