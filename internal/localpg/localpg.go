// Package localpg runs a private Postgres in a folder, for people who have none:
// it finds or obtains the binaries, makes the cluster, starts it, survives being
// killed, and stops it. As root it runs the server as another user, because
// Postgres refuses root. It does not know what is stored in the cluster.
package localpg

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"github.com/jackc/pgx/v5"
)

// Superuser is the cluster's superuser, and the name of its first database.
const Superuser = "postgres"

// Options say where a cluster lives and how safe it is.
type Options struct {
	Dir    string       // the cluster's folder; made if it is not there
	BinDir string       // the folder of the Postgres binaries; empty: found or obtained
	Log    *slog.Logger // nil: quiet

	// Unsafe gives up all durability for speed: for tests, whose data nobody misses.
	Unsafe bool
}

// A Cluster is a running private Postgres. It listens on a Unix socket only, in
// a folder that only its user can enter; that folder is the password.
type Cluster struct {
	place    place
	binaries Binaries
	socket   string // the folder of the socket
	lock     *os.File
	server   *server // nil when attached to a server that somebody else runs
}

// Start runs the cluster in o.Dir and returns when it answers, after recovery if
// it needs one. It stops first whatever a killed program left running there. The
// cluster stops with Stop and, on Linux, when this program dies in any way.
func Start(ctx context.Context, o Options) (_ *Cluster, err error) {
	log := o.Log
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	at, err := settle(o.Dir, log)
	if err != nil {
		return nil, err
	}
	bin, err := obtain(ctx, o.BinDir, at, log)
	if err != nil {
		return nil, err
	}
	// A package that was just installed brings the user postgres.
	if at, err = settle(o.Dir, log); err != nil {
		return nil, err
	}
	lock, err := lockFolder(at.base)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, lock.Close())
		}
	}()
	if err := stopOrphan(ctx, at, log); err != nil {
		return nil, err
	}
	if err := initialise(ctx, at, bin, o.Unsafe, log); err != nil {
		return nil, err
	}
	c := &Cluster{place: at, binaries: bin, socket: at.socketFolder(), lock: lock}
	if err := at.ownFolder(c.socket); err != nil {
		return nil, err
	}
	c.server, err = launch(ctx, c, settings(o.Unsafe))
	if err != nil {
		return nil, err
	}
	log.InfoContext(ctx, "postgres is up", "version", bin.Version, "folder", at.base)
	return c, nil
}

// ErrNotRunning says that no server runs in the folder.
var ErrNotRunning = errors.New("no Postgres runs in this folder")

// Attach connects to the cluster that another program runs in dir, or returns
// ErrNotRunning. Stop leaves the server of an attached cluster alone.
func Attach(ctx context.Context, dir string) (*Cluster, error) {
	at, _, err := locate(dir)
	if err != nil {
		return nil, err
	}
	pf, err := readPidFile(at.data())
	if errors.Is(err, fs.ErrNotExist) {
		return nil, ErrNotRunning
	} else if err != nil {
		return nil, err
	}
	c := &Cluster{place: at, socket: pf.socket}
	if err := c.ping(ctx); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNotRunning, err)
	}
	c.binaries, _ = search(ctx, "", at)
	return c, nil
}

// Stop ends the server, orderly and within ctx, else at once; what was committed
// stays either way. It may be called again.
func (c *Cluster) Stop(ctx context.Context) error {
	if c.server == nil {
		return nil
	}
	err := c.server.stop(ctx)
	if closeErr := c.lock.Close(); closeErr != nil && !errors.Is(closeErr, os.ErrClosed) {
		err = errors.Join(err, closeErr)
	}
	return err
}

// Done is closed when the server is gone, called for or not. It is nil for an
// attached cluster.
func (c *Cluster) Done() <-chan struct{} {
	if c.server == nil {
		return nil
	}
	return c.server.gone
}

// DSN returns the address of a database for a user, as a postgres:// URL.
func (c *Cluster) DSN(user, database string) string {
	u := url.URL{Scheme: "postgres", User: url.User(user), Path: "/" + database}
	u.RawQuery = url.Values{"host": {c.socket}, "port": {port}}.Encode()
	return u.String()
}

// SuperuserDSN is the address of the superuser's own database.
func (c *Cluster) SuperuserDSN() string { return c.DSN(Superuser, Superuser) }

// Folder is where the cluster really is: Options.Dir, or a folder that the
// server's user can reach when Dir is not one.
func (c *Cluster) Folder() string { return c.place.base }

// Program returns the path of one of the server's programs, such as psql or
// pg_dump; the binaries that were downloaded hold the server only.
func (c *Cluster) Program(name string) (string, error) {
	path := filepath.Join(c.binaries.Dir, name)
	if _, err := os.Stat(path); err == nil {
		return path, nil
	}
	if path, found := lookPath(name); found {
		return path, nil
	}
	return "", fmt.Errorf("%s is not installed: on Debian, apt-get install postgresql-client", name)
}

// Exists tells whether a cluster was made in dir before.
func Exists(dir string) bool {
	at, _, err := locate(dir)
	return err == nil && at.major() != 0
}

// Remove deletes the cluster of dir with all its data, stopping first a server
// that a killed program left. It refuses while another program runs it.
func Remove(ctx context.Context, dir string) error {
	at, _, err := locate(dir)
	if err != nil {
		return err
	}
	if _, err := os.Stat(at.base); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	lock, err := lockFolder(at.base)
	if err != nil {
		return err
	}
	err = stopOrphan(ctx, at, slog.New(slog.DiscardHandler))
	if err == nil {
		err = errors.Join(os.RemoveAll(at.base), os.RemoveAll(at.socketFolder()), os.RemoveAll(dir))
	}
	return errors.Join(err, lock.Close())
}

// ping proves that the server answers and is the one of our folder.
func (c *Cluster) ping(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	conn, err := pgx.Connect(ctx, c.SuperuserDSN())
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	var data string
	if err := conn.QueryRow(ctx, "show data_directory").Scan(&data); err != nil {
		return err
	}
	if data != c.place.data() {
		return fmt.Errorf("the socket belongs to the cluster in %s", data)
	}
	return nil
}

// settings are the server's settings beside Postgres's own defaults.
func settings(unsafe bool) []string {
	all := []string{
		"listen_addresses=", // no network at all
		"max_connections=200",
		"shared_buffers=128MB",
		"dynamic_shared_memory_type=mmap", // containers often have a /dev/shm too small to use
		"timezone=UTC",
		"log_timezone=UTC",
		"logging_collector=off",
		"lc_messages=C",
	}
	if unsafe {
		return append(all, "fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum=off", "max_wal_size=4GB", "checkpoint_timeout=1h", "jit=off")
	}
	return all
}
