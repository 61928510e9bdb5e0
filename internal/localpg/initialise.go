package localpg

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"syscall"
)

// initialise makes the data folder where there is none. It appears under its
// name only when it is whole, so being killed half-way leaves nothing to mend.
func initialise(ctx context.Context, at place, bin Binaries, unsafe bool, log *slog.Logger) error {
	if at.major() != 0 {
		return nil
	}
	log.InfoContext(ctx, "making the database cluster", "folder", at.base, "version", bin.Version)
	fresh := at.data() + ".new"
	if err := os.RemoveAll(fresh); err != nil {
		return fmt.Errorf("clear a half-made cluster: %w", err)
	}
	if err := at.ownFolder(fresh); err != nil {
		return err
	}
	args := []string{"--pgdata", fresh, "--username", Superuser, "--auth", "trust", "--encoding", "UTF8", "--locale", locale()}
	if unsafe {
		args = append(args, "--no-sync")
	} else {
		args = append(args, "--data-checksums")
	}
	cmd := at.command(exec.CommandContext(ctx, filepath.Join(bin.Dir, "initdb"), args...)) //nolint:gosec // G204: initdb of the binaries that were found
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("make the cluster: initdb: %w: %s", err, tail(out))
	}
	if err := os.Rename(fresh, at.data()); err != nil {
		return fmt.Errorf("name the new cluster: %w", err)
	}
	// The rename itself must outlive a power cut, as the data does.
	folder, err := os.Open(at.base)
	if err != nil {
		return fmt.Errorf("keep the new cluster: %w", err)
	}
	return errors.Join(folder.Sync(), folder.Close())
}

// locale sorts by code point and knows the letters of all scripts, the same on
// every machine.
func locale() string {
	if runtime.GOOS == "linux" {
		return "C.UTF-8"
	}
	return "en_US.UTF-8"
}

// command lets cmd run as the server's user, with nothing of our environment
// that could steer it, and in a folder which that user can enter.
func (p place) command(cmd *exec.Cmd) *exec.Cmd {
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "LC_ALL=C", "TZ=UTC"}
	cmd.Dir = "/"
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: p.owner}
	return cmd
}
