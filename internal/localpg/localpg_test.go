package localpg

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
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// programDir, when set, turns the test binary into a program that runs a
// cluster there and says so, for the tests that kill it.
const programDir = "LOCALPG_TEST_PROGRAM_DIR"

func TestMain(m *testing.M) {
	if dir := os.Getenv(programDir); dir != "" {
		os.Exit(program(dir))
	}
	os.Exit(m.Run())
}

func program(dir string) int {
	c, err := Start(context.Background(), Options{Dir: dir})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	pf, err := readPidFile(c.place.data())
	fmt.Println("up", pf.pid, err)
	select {} // until it is killed
}

// clusterDir is a folder that the server's user can enter: t.TempDir's is ours alone.
func clusterDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "localpg-test-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	owner, err := serverUser("")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(dir, folderMode(owner)); err != nil {
		t.Fatal(err)
	}
	return dir
}

func start(t *testing.T, o Options) *Cluster {
	t.Helper()
	c, err := Start(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { stop(t, c) })
	return c
}

func stop(t *testing.T, c *Cluster) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if err := c.Stop(ctx); err != nil {
		t.Error(err)
	}
}

func run(t *testing.T, c *Cluster, sql string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), c.SuperuserDSN())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	if _, err := conn.Exec(t.Context(), sql); err != nil {
		t.Fatal(err)
	}
}

func rows(t *testing.T, c *Cluster) (n int) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), c.SuperuserDSN())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	if err := conn.QueryRow(t.Context(), "select count(*) from promise").Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func pidOf(t *testing.T, c *Cluster) int {
	t.Helper()
	pf, err := readPidFile(c.place.data())
	if err != nil {
		t.Fatal(err)
	}
	return pf.pid
}

func TestAClusterKeepsItsDataAndLeavesNothingRunning(t *testing.T) {
	t.Parallel()
	dir := clusterDir(t)
	c := start(t, Options{Dir: dir})
	run(t, c, "create table promise (n int); insert into promise values (1)")
	pid := pidOf(t, c)
	stop(t, c)
	stop(t, c) // a second stop is harmless
	if serves(pid, c.place.data()) {
		t.Errorf("process %d still runs", pid)
	}
	if _, err := os.Stat(filepath.Join(c.socket, ".s.PGSQL."+port)); err == nil {
		t.Error("the socket is still there")
	}
	if n := rows(t, start(t, Options{Dir: dir})); n != 1 {
		t.Errorf("%d rows after a restart, want 1", n)
	}
}

func TestTheServerIsSafeUnlessAskedOtherwise(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		unsafe bool
		want   string
	}{{false, "on"}, {true, "off"}} {
		c := start(t, Options{Dir: clusterDir(t), Unsafe: tt.unsafe})
		conn, err := pgx.Connect(t.Context(), c.SuperuserDSN())
		if err != nil {
			t.Fatal(err)
		}
		for _, setting := range []string{"fsync", "synchronous_commit", "full_page_writes"} {
			var got string
			if err := conn.QueryRow(t.Context(), "select current_setting($1)", setting).Scan(&got); err != nil {
				t.Fatal(err)
			}
			if got != tt.want {
				t.Errorf("unsafe=%v: %s is %s, want %s", tt.unsafe, setting, got, tt.want)
			}
		}
		var addresses string
		if err := conn.QueryRow(t.Context(), "show listen_addresses").Scan(&addresses); err != nil || addresses != "" {
			t.Errorf("listens on %q, %v; want the socket only", addresses, err)
		}
		if err := conn.Close(t.Context()); err != nil {
			t.Error(err)
		}
	}
}

// startProgram runs a cluster in a program of its own and returns both processes.
func startProgram(t *testing.T, dir string) (program *exec.Cmd, postmaster int) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self)
	cmd.Env = append(os.Environ(), programDir+"="+dir)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill() // most tests have done so already
		_, _ = io.Copy(io.Discard, out)
		_ = cmd.Wait()
	})
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatalf("the program did not come up: %v", err)
	}
	if _, err := fmt.Sscanf(line, "up %d", &postmaster); err != nil {
		t.Fatalf("%q: %v", line, err)
	}
	return cmd, postmaster
}

func TestTheNextStartRecoversFromKill9(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		kill func(t *testing.T, program *exec.Cmd, postmaster int)
	}{
		{"of the program", func(t *testing.T, program *exec.Cmd, _ int) {
			signal(t, program.Process.Pid, syscall.SIGKILL)
		}},
		{"of the program while the server cannot react", func(t *testing.T, program *exec.Cmd, postmaster int) {
			signal(t, postmaster, syscall.SIGSTOP)
			signal(t, program.Process.Pid, syscall.SIGKILL)
			signal(t, postmaster, syscall.SIGCONT)
		}},
		{"of the server", func(t *testing.T, program *exec.Cmd, postmaster int) {
			signal(t, postmaster, syscall.SIGKILL)
			signal(t, program.Process.Pid, syscall.SIGKILL)
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			dir := clusterDir(t)
			program, postmaster := startProgram(t, dir)
			attached, err := Attach(t.Context(), dir)
			if err != nil {
				t.Fatal(err)
			}
			run(t, attached, "create table promise (n int)")
			for n := range 5 {
				run(t, attached, fmt.Sprintf("insert into promise values (%d)", n))
			}
			tt.kill(t, program, postmaster)
			_ = program.Wait() // killed; its lock is free from here on
			c := start(t, Options{Dir: dir})
			if n := rows(t, c); n != 5 {
				t.Errorf("%d rows after kill -9, want all 5 that were acknowledged", n)
			}
			if serves(postmaster, c.place.data()) {
				t.Errorf("the old server, process %d, still runs", postmaster)
			}
		})
	}
}

func signal(t *testing.T, pid int, s syscall.Signal) {
	t.Helper()
	if err := syscall.Kill(pid, s); err != nil {
		t.Fatal(err)
	}
}

func TestAStrangerWithAnOldNumberDoesNotStopUs(t *testing.T) {
	t.Parallel()
	dir := clusterDir(t)
	c := start(t, Options{Dir: dir, Unsafe: true})
	stop(t, c)
	stale := fmt.Sprintf("%d\n%s\n1700000000\n%s\n%s\n\n", os.Getpid(), c.place.data(), port, c.socket)
	pidfile := filepath.Join(c.place.data(), "postmaster.pid")
	if err := os.WriteFile(pidfile, []byte(stale), 0o600); err != nil {
		t.Fatal(err)
	}
	start(t, Options{Dir: dir, Unsafe: true})
}

func TestOneFolderHasOneProgram(t *testing.T) {
	t.Parallel()
	dir := clusterDir(t)
	start(t, Options{Dir: dir, Unsafe: true})
	_, err := Start(t.Context(), Options{Dir: dir, Unsafe: true})
	if err == nil || !strings.Contains(err.Error(), "another program") {
		t.Errorf("a second start in the same folder: %v", err)
	}
}

func TestAttachSaysWhenNothingRuns(t *testing.T) {
	t.Parallel()
	dir := clusterDir(t)
	if _, err := Attach(t.Context(), dir); !errors.Is(err, ErrNotRunning) {
		t.Errorf("in an empty folder: %v", err)
	}
	stop(t, start(t, Options{Dir: dir, Unsafe: true}))
	if _, err := Attach(t.Context(), dir); !errors.Is(err, ErrNotRunning) {
		t.Errorf("after a stop: %v", err)
	}
}

func TestAHalfMadeClusterIsMadeAnew(t *testing.T) {
	t.Parallel()
	dir := clusterDir(t)
	half := filepath.Join(dir, "data.new", "base")
	if err := os.MkdirAll(half, 0o700); err != nil {
		t.Fatal(err)
	}
	start(t, Options{Dir: dir, Unsafe: true})
}

func TestAVeryDeepFolderStillHasASocket(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(clusterDir(t), strings.Repeat("deep/", 25))
	c := start(t, Options{Dir: dir, Unsafe: true})
	t.Cleanup(func() { _ = os.RemoveAll(c.socket) }) // it lies in the temporary folder
	run(t, c, "select 1")
}

func TestAFolderThatTheServersUserCannotEnterIsReplaced(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 {
		t.Skip("an ordinary user's server runs as that user and enters what he enters")
	}
	closed := filepath.Join(clusterDir(t), "home")
	if err := os.Mkdir(closed, 0o700); err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(closed, "clone", "postgres")
	c := start(t, Options{Dir: dir, Unsafe: true})
	t.Cleanup(func() {
		stop(t, c)
		if err := os.RemoveAll(c.Folder()); err != nil {
			t.Error(err)
		}
	})
	if c.Folder() == dir {
		t.Fatal("the server's user entered a folder closed to it")
	}
	run(t, c, "create table promise (n int); insert into promise values (1)")
	stop(t, c)
	again := start(t, Options{Dir: dir, Unsafe: true})
	if again.Folder() != c.Folder() || rows(t, again) != 1 {
		t.Errorf("the second start used %s, want %s and its data", again.Folder(), c.Folder())
	}
}

func TestRolesAndDatabasesAreMadeOnce(t *testing.T) {
	t.Parallel()
	c := start(t, Options{Dir: clusterDir(t), Unsafe: true})
	const sql = "do $$ begin if not exists (select from pg_roles where rolname = 'keeper') then create role keeper nologin; end if; end $$"
	for range 2 {
		if err := c.EnsureRoles(t.Context(), sql, "keeper"); err != nil {
			t.Fatal(err)
		}
		if err := c.EnsureDatabase(t.Context(), "kept", "keeper"); err != nil {
			t.Fatal(err)
		}
	}
	conn, err := pgx.Connect(t.Context(), c.DSN("keeper", "kept"))
	if err != nil {
		t.Fatal(err)
	}
	if err := conn.Close(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestTheServersUserStaysTheOwnerOfTheData(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 {
		t.Skip("an ordinary user's server runs as that user")
	}
	data := t.TempDir()
	if err := os.Chown(data, 4242, 4243); err != nil {
		t.Fatal(err)
	}
	who, err := serverUser(data)
	if err != nil || who.Uid != 4242 || who.Gid != 4243 {
		t.Errorf("got %v, %v; want the owner of the data", who, err)
	}
	who, err = serverUser(filepath.Join(data, "not-there"))
	if err != nil || who.Uid == 0 || who.Uid == 4242 {
		t.Errorf("without data: got %v, %v; want a user of the system who is not root", who, err)
	}
}
