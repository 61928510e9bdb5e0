package pgtest

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"globalbrain/internal/localpg"
)

// keeperFolder is a folder that the server's user can pass.
func keeperFolder(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "pgtest-keeper-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	if err := os.Chmod(dir, 0o711); err != nil {
		t.Fatal(err)
	}
	return dir
}

// startKeeping runs a keeper that is soon bored and returns how it ended.
func startKeeping(t *testing.T, dir string) <-chan int {
	t.Helper()
	ended := make(chan int, 1)
	said, out := io.Pipe()
	go func() { ended <- keep(dir, 100*time.Millisecond, out) }()
	words, err := io.ReadAll(said)
	if err != nil || strings.TrimSpace(string(words)) != ready {
		t.Fatalf("the keeper said %q, %v", words, err)
	}
	return ended
}

func present(t *testing.T, dir string) *os.File {
	t.Helper()
	f, err := lock(filepath.Join(dir, "users.lock"), syscall.LOCK_SH)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestTheKeeperStaysWhileSomebodyIsThereAndLeavesNothingRunning(t *testing.T) {
	t.Parallel()
	dir := keeperFolder(t)
	one, two := present(t, dir), present(t, dir)
	ended := startKeeping(t, dir)
	for range 2 { // the first leaves and the second stays, for long enough to be missed
		select {
		case code := <-ended:
			t.Fatalf("the keeper ended with %d under a running program", code)
		case <-time.After(500 * time.Millisecond):
		}
		if _, err := localpg.Attach(t.Context(), clusterDir(dir)); err != nil {
			t.Fatal(err)
		}
		_ = one.Close() // the second time it is closed already
	}
	if err := two.Close(); err != nil {
		t.Fatal(err)
	}
	if code := <-ended; code != 0 {
		t.Errorf("the keeper ended with %d", code)
	}
	if _, err := localpg.Attach(t.Context(), clusterDir(dir)); !errors.Is(err, localpg.ErrNotRunning) {
		t.Errorf("after the keeper: %v", err)
	}
	if _, err := os.Stat(marker(dir)); err != nil {
		t.Errorf("the next keeper will not trust the cluster: %v", err)
	}
}

func TestAClusterThatWasNotStoppedInOrderIsMadeAnew(t *testing.T) {
	t.Parallel()
	dir := keeperFolder(t)
	someone := present(t, dir)
	defer someone.Close()
	ended := startKeeping(t, dir)
	super(t, dir, "create database left_over")
	kill(t, dir)
	if code := <-ended; code == 0 {
		t.Error("the keeper calls a killed server's end an orderly one")
	}
	ended = startKeeping(t, dir)
	if names := super(t, dir, "select datname from pg_database where datname = 'left_over'"); len(names) != 0 {
		t.Error("data that may be broken is still used")
	}
	kill(t, dir)
	<-ended
}

// super runs one statement as the superuser of the keeper's cluster.
func super(t *testing.T, dir, sql string) []string {
	t.Helper()
	c, err := localpg.Attach(t.Context(), clusterDir(dir))
	if err != nil {
		t.Fatal(err)
	}
	conn, err := pgx.Connect(t.Context(), c.SuperuserDSN())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	rows, err := conn.Query(t.Context(), sql)
	if err != nil {
		t.Fatal(err)
	}
	list, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func kill(t *testing.T, dir string) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(clusterDir(dir), "data", "postmaster.pid"))
	if err != nil {
		t.Fatal(err)
	}
	first, _, _ := strings.Cut(string(text), "\n")
	pid, err := strconv.Atoi(first)
	if err != nil || pid <= 1 {
		t.Fatalf("process %q: %v", first, err)
	}
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
}
