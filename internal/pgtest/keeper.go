package pgtest

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"

	"globalbrain/internal/localpg"
)

// The shared cluster is run by a keeper: a test program started a second time
// by the first test that needs a database. Every test program holds a shared
// lock on a file for as long as it lives, however it ends; the keeper stops the
// cluster, and itself, when it could take that lock alone for idle. If the
// keeper is killed the server stops with it.
const (
	keeperDir = "GLOBALBRAIN_PGTEST_KEEPER" // in the environment of a keeper: the folder
	ready     = "ready"                     // what a keeper says when the cluster is up
	idle      = 15 * time.Second            // longer than the pause between two packages' tests on a busy machine
	startup   = 10 * time.Minute            // the first start on a machine may have to install Postgres
)

// A test program that is started as keeper never reaches its tests.
func init() {
	if dir := os.Getenv(keeperDir); dir != "" {
		os.Exit(keep(dir, idle, os.Stdout))
	}
}

// A member is this program in the shared cluster.
type member struct {
	cluster  *localpg.Cluster
	presence *os.File // the shared lock; the system gives it back when the program ends
}

// shared joins the cluster of this user, once for each test program.
var shared = sync.OnceValues(func() (*member, error) {
	ctx, cancel := context.WithTimeout(context.Background(), startup)
	defer cancel()
	dir, err := folder()
	if err != nil {
		return nil, err
	}
	presence, err := lock(filepath.Join(dir, "users.lock"), syscall.LOCK_SH)
	if err != nil {
		return nil, err
	}
	starting, err := lock(filepath.Join(dir, "start.lock"), syscall.LOCK_EX)
	if err != nil {
		return nil, err
	}
	defer starting.Close()
	c, err := localpg.Attach(ctx, clusterDir(dir))
	if errors.Is(err, localpg.ErrNotRunning) {
		if err := startKeeper(ctx, dir); err != nil {
			return nil, fmt.Errorf("start the shared test cluster: %w", err)
		}
		c, err = localpg.Attach(ctx, clusterDir(dir))
	}
	return &member{cluster: c, presence: presence}, err
})

// folder is the user's own, in the system's temporary folder. As root it can be
// passed by the user who runs the server.
func folder() (string, error) {
	dir := filepath.Join(os.TempDir(), fmt.Sprintf("globalbrain-pgtest-%d", os.Geteuid()))
	mode := os.FileMode(0o700)
	if os.Geteuid() == 0 {
		mode = 0o711
	}
	if err := os.Mkdir(dir, mode); err != nil && !errors.Is(err, os.ErrExist) {
		return "", fmt.Errorf("make the folder of the test cluster: %w", err)
	}
	st, err := os.Lstat(dir)
	if err != nil {
		return "", fmt.Errorf("look at the folder of the test cluster: %w", err)
	}
	sys, ok := st.Sys().(*syscall.Stat_t)
	if !ok || !st.IsDir() || int(sys.Uid) != os.Geteuid() {
		return "", fmt.Errorf("%s belongs to somebody else", dir)
	}
	return dir, nil
}

func clusterDir(dir string) string { return filepath.Join(dir, "cluster") }

// lock waits for a lock on a file. Closing the file gives it back.
func lock(path string, how int) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600) //nolint:gosec // G304: a file of our own folder
	if err != nil {
		return nil, fmt.Errorf("open a lock: %w", err)
	}
	for {
		err := syscall.Flock(int(f.Fd()), how)
		if errors.Is(err, syscall.EINTR) {
			continue
		}
		if err != nil {
			return nil, errors.Join(err, f.Close())
		}
		return f, nil
	}
}

// startKeeper runs this program again as keeper and waits until it is ready. It
// lives in a session of its own, so that Ctrl-C ends the tests and not the
// server under them.
func startKeeper(ctx context.Context, dir string) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	cmd := exec.Command(self) //nolint:gosec // G204: this very program
	cmd.Env = append(os.Environ(), keeperDir+"="+dir)
	cmd.Dir = dir
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	words, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	stop := context.AfterFunc(ctx, func() { _ = cmd.Process.Kill() })
	defer stop()
	said, err := io.ReadAll(bufio.NewReader(words)) // the keeper closes its side when it has said all
	if err != nil {
		return err
	}
	if text := strings.TrimSpace(string(said)); text != ready {
		_ = cmd.Wait() // it has said why it ended
		return errors.New(text)
	}
	return cmd.Process.Release()
}

// keep runs the cluster until nobody has used it for as long as idle. What it
// has to say it says on out, and closes it.
func keep(dir string, idle time.Duration, out io.WriteCloser) int {
	c, err := startCluster(dir)
	word := ready
	if err != nil {
		word = err.Error()
	}
	_, sayErr := fmt.Fprintln(out, word)
	if sayErr = errors.Join(sayErr, out.Close()); err != nil {
		return 1
	}
	var alone *os.File
	if sayErr == nil {
		alone = awaitIdle(dir, idle, c.Done())
	}
	stopping, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if err := c.Stop(stopping); err != nil {
		return 1
	}
	if alone == nil {
		return 1 // nobody listened, or the server ended by itself: its data is not trusted
	}
	defer alone.Close() // only now may the next program start a keeper
	if err := os.WriteFile(marker(dir), nil, 0o600); err != nil {
		return 1
	}
	return 0
}

// marker stands while the cluster was stopped in order. Without fsync, data
// that was not may be broken.
func marker(dir string) string { return filepath.Join(dir, "stopped-in-order") }

// startCluster starts what an earlier keeper left in order, else a new cluster.
func startCluster(dir string) (*localpg.Cluster, error) {
	ctx, cancel := context.WithTimeout(context.Background(), startup)
	defer cancel()
	options := localpg.Options{Dir: clusterDir(dir), Unsafe: true}
	if os.Remove(marker(dir)) == nil {
		c, err := localpg.Start(ctx, options)
		if err == nil {
			if sweep(ctx, c) == nil {
				return c, nil
			}
			if err := c.Stop(ctx); err != nil {
				return nil, err
			}
		} // else it is of another version of Postgres, or broken
	}
	if err := localpg.Remove(ctx, clusterDir(dir)); err != nil {
		return nil, err
	}
	return localpg.Start(ctx, options)
}

// sweep drops the databases of tests that were killed, and templates of other
// states of the migrations.
func sweep(ctx context.Context, c *localpg.Cluster) error {
	conn, err := pgx.Connect(ctx, c.SuperuserDSN())
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	current, err := templateName()
	if err != nil {
		return err
	}
	names, err := conn.Query(ctx, "select datname from pg_database where starts_with(datname, $1) or (starts_with(datname, $2) and datname <> $3)",
		clonePrefix, templatePrefix, current)
	if err != nil {
		return err
	}
	left, err := pgx.CollectRows(names, pgx.RowTo[string])
	if err != nil {
		return err
	}
	for _, name := range left {
		if _, err := conn.Exec(ctx, "drop database "+pgx.Identifier{name}.Sanitize()+" with (force)"); err != nil {
			return err
		}
	}
	return nil
}

// awaitIdle returns the lock, taken alone, when no test program has lived for as
// long as idle; or nil when the server is gone.
func awaitIdle(dir string, idle time.Duration, gone <-chan struct{}) *os.File {
	last := time.Now()
	for {
		select {
		case <-gone:
			return nil
		case <-time.After(min(idle, 250*time.Millisecond)):
		}
		alone, err := lock(filepath.Join(dir, "users.lock"), syscall.LOCK_EX|syscall.LOCK_NB)
		switch {
		case err != nil:
			last = time.Now()
		case time.Since(last) >= idle:
			return alone
		default:
			_ = alone.Close() // nobody is there, but not for long enough
		}
	}
}
