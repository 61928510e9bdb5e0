package localpg

import (
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// A place is a cluster's folder and the user who runs the server there.
type place struct {
	base  string
	owner *syscall.Credential // nil: the server runs as we do
}

func (p place) data() string    { return filepath.Join(p.base, "data") }
func (p place) logFile() string { return filepath.Join(p.base, "postgres.log") }

// farFile stands in a folder that the server's user cannot reach and names the
// folder that is used instead. It goes with the folder, so a new clone in an old
// place starts with new data.
const farFile = "postgres-folder"

// settle makes the cluster's folder: in dir or, when the server's user cannot
// reach dir (a clone below /root), elsewhere.
func settle(dir string, log *slog.Logger) (place, error) {
	at, moved, err := locate(dir)
	if err != nil {
		return place{}, err
	}
	if err := os.MkdirAll(at.base, folderMode(at.owner)); err != nil {
		return place{}, fmt.Errorf("place a cluster: %w", err)
	}
	if reachable(at.base, at.owner) {
		return at, nil
	}
	if moved {
		return place{}, fmt.Errorf("place a cluster: user %d cannot enter %s", at.owner.Uid, at.base)
	}
	near := at.base
	at.base = filepath.Join("/var/lib/globalbrain", strings.ToLower(rand.Text()[:12]))
	if err := os.MkdirAll(at.base, folderMode(at.owner)); err != nil {
		return place{}, fmt.Errorf("place a cluster where user %d can reach it: %w", at.owner.Uid, err)
	}
	if !reachable(at.base, at.owner) {
		return place{}, fmt.Errorf("place a cluster: user %d can enter neither %s nor %s", at.owner.Uid, near, at.base)
	}
	if err := os.WriteFile(filepath.Join(near, farFile), []byte(at.base+"\n"), 0o600); err != nil {
		return place{}, fmt.Errorf("place a cluster: %w", err)
	}
	log.Warn("the database's user cannot enter the folder, so the data is kept elsewhere", "folder", near, "instead", at.base)
	return at, nil
}

// locate says where the cluster of dir is or would be, and whether settle has
// moved it away from dir.
func locate(dir string) (at place, moved bool, err error) {
	if at.base, err = filepath.Abs(dir); err != nil {
		return place{}, false, fmt.Errorf("find a cluster: %w", err)
	}
	far, err := os.ReadFile(filepath.Join(at.base, farFile)) //nolint:gosec // G703: the folder is the operator's choice
	if err == nil {
		at.base, moved = strings.TrimSpace(string(far)), true
	} else if !errors.Is(err, os.ErrNotExist) {
		return place{}, false, fmt.Errorf("find a cluster: %w", err)
	}
	at.owner, err = serverUser(at.data())
	return at, moved, err
}

// serverUser is nil for an ordinary user. Root runs the server as the user whom
// the data belongs to and, before there is data, as postgres where there is such
// a user, else as nobody.
func serverUser(data string) (*syscall.Credential, error) {
	if os.Geteuid() != 0 {
		return nil, nil
	}
	if st, err := os.Stat(data); err == nil {
		if sys, ok := st.Sys().(*syscall.Stat_t); ok && sys.Uid != 0 {
			return &syscall.Credential{Uid: sys.Uid, Gid: sys.Gid}, nil
		}
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, uidErr := strconv.ParseUint(u.Uid, 10, 32)
		gid, gidErr := strconv.ParseUint(u.Gid, 10, 32)
		if uidErr == nil && gidErr == nil && uid != 0 {
			return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil
		}
	}
	return nil, errors.New("run Postgres as root: it refuses root, and there is neither a user postgres nor nobody to run it as; start this program as an ordinary user")
}

// folderMode lets the server's user pass through a folder of ours.
func folderMode(owner *syscall.Credential) os.FileMode {
	if owner == nil {
		return 0o700
	}
	return 0o711
}

// reachable tells whether the user may pass through path and all above it.
func reachable(path string, who *syscall.Credential) bool {
	if who == nil {
		return true
	}
	path, err := filepath.EvalSymlinks(path)
	if err != nil {
		return false
	}
	for {
		st, err := os.Stat(path)
		if err != nil || !mayPass(st, who) {
			return false
		}
		if path == "/" {
			return true
		}
		path = filepath.Dir(path)
	}
}

func mayPass(st os.FileInfo, who *syscall.Credential) bool {
	mode := st.Mode().Perm()
	if sys, ok := st.Sys().(*syscall.Stat_t); ok {
		if sys.Uid == who.Uid {
			return mode&0o100 != 0
		}
		if sys.Gid == who.Gid {
			return mode&0o010 != 0
		}
	}
	return mode&0o001 != 0
}

// ownFolder makes a folder that only the server's user can enter, and refuses
// one that is somebody else's.
func (p place) ownFolder(path string) error {
	if err := os.Mkdir(path, 0o700); err != nil && !errors.Is(err, os.ErrExist) {
		return fmt.Errorf("make the server's folder: %w", err)
	}
	st, err := os.Lstat(path)
	if err != nil {
		return fmt.Errorf("make the server's folder: %w", err)
	}
	want := os.Geteuid()
	if p.owner != nil {
		want = int(p.owner.Uid)
	}
	sys, ok := st.Sys().(*syscall.Stat_t)
	if !ok || !st.IsDir() || (int(sys.Uid) != want && int(sys.Uid) != os.Geteuid()) {
		return fmt.Errorf("make the server's folder: %s belongs to somebody else", path)
	}
	if p.owner != nil {
		if err := os.Chown(path, int(p.owner.Uid), int(p.owner.Gid)); err != nil {
			return fmt.Errorf("hand over the server's folder: %w", err)
		}
	}
	if err := os.Chmod(path, 0o700); err != nil { //nolint:gosec // G302: a folder needs the right to enter
		return fmt.Errorf("close the server's folder: %w", err)
	}
	return nil
}

// port is part of the socket's file name only.
const port = "5432"

// maxSocketPath is what sun_path holds on the strictest of our systems, less
// room for the lock file's ending.
const maxSocketPath = 103 - len(".lock")

// socketFolder is where the Unix socket lies: in the cluster's folder, or in the
// system's temporary folder where that path is too long for a socket.
func (p place) socketFolder() string {
	folder := filepath.Join(p.base, "run")
	if len(folder)+len("/.s.PGSQL."+port) > maxSocketPath {
		return filepath.Join("/tmp", fmt.Sprintf("globalbrain-%x", sha256.Sum256([]byte(p.base)))[:28])
	}
	return folder
}

// lockFolder keeps two programs out of one cluster. The lock goes with the
// program, however it ends.
func lockFolder(base string) (*os.File, error) {
	f, err := os.OpenFile(filepath.Join(base, "lock"), os.O_CREATE|os.O_RDWR, 0o600) //nolint:gosec // G304: the folder is the operator's choice
	if err != nil {
		return nil, fmt.Errorf("lock the cluster: %w", err)
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		_ = f.Close() // the reason is in err
		if errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, fmt.Errorf("lock the cluster: another program already runs the database in %s", base)
		}
		return nil, fmt.Errorf("lock the cluster: %w", err)
	}
	return f, nil
}
