package localpg

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"syscall"
	"time"
)

// The two ways to ask a postmaster to end.
const (
	fast      = syscall.SIGINT  // end sessions, write a checkpoint, end
	immediate = syscall.SIGQUIT // end now and recover at the next start
)

// server is the postmaster as our child.
type server struct {
	process *os.Process
	gone    chan struct{} // closed when it has ended
	err     error         // why, once gone is closed
}

// launch starts the postmaster and waits until it answers.
func launch(ctx context.Context, c *Cluster, settings []string) (*server, error) {
	args := []string{"-D", c.place.data(), "-k", c.socket, "-p", port}
	for _, s := range settings {
		args = append(args, "-c", s)
	}
	log, err := c.place.openLog()
	if err != nil {
		return nil, err
	}
	defer log.Close()
	cmd := c.place.command(exec.Command(filepath.Join(c.binaries.Dir, "postgres"), args...)) //nolint:gosec // G204: postgres of the binaries that were found
	cmd.Stdout, cmd.Stderr = log, log
	cmd.SysProcAttr.Setsid = true // Ctrl-C in our terminal is ours to handle, not the server's
	diesWithUs(cmd.SysProcAttr, fast)

	s := &server{gone: make(chan struct{})}
	started := make(chan error)
	go func() {
		// The kernel ties a child's fate to the thread that made it, so that
		// thread stays until the child has ended.
		runtime.LockOSThread()
		if err := cmd.Start(); err != nil {
			started <- err
			return
		}
		s.process = cmd.Process
		started <- nil
		s.err = cmd.Wait()
		close(s.gone)
	}()
	if err := <-started; err != nil {
		return nil, fmt.Errorf("start postgres: %w", err)
	}
	if err := s.await(ctx, c); err != nil {
		stopping, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
		defer cancel()
		return nil, errors.Join(err, s.stop(stopping))
	}
	return s, nil
}

// await returns when the server answers. Recovery may take long and is waited
// for; a server that ends is reported with its last words.
func (s *server) await(ctx context.Context, c *Cluster) error {
	poll := time.NewTicker(20 * time.Millisecond)
	defer poll.Stop()
	for {
		err := c.ping(ctx)
		if err == nil {
			return nil
		}
		select {
		case <-s.gone:
			words, _ := os.ReadFile(c.place.logFile()) // without them the reason is only shorter
			return fmt.Errorf("start postgres: it ended: %w: %s", s.err, tail(words))
		case <-ctx.Done():
			return fmt.Errorf("start postgres: %w: %w", ctx.Err(), err)
		case <-poll.C:
		}
	}
}

// stop ends the server in order, and at once when ctx is over before that.
func (s *server) stop(ctx context.Context) error {
	if err := s.process.Signal(fast); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return fmt.Errorf("stop postgres: %w", err)
	}
	select {
	case <-s.gone:
		return nil
	case <-ctx.Done():
	}
	if err := s.process.Signal(immediate); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return fmt.Errorf("stop postgres at once: %w", err)
	}
	select {
	case <-s.gone:
		return nil
	case <-time.After(10 * time.Second):
		return fmt.Errorf("stop postgres: process %d does not end", s.process.Pid)
	}
}

// maxLog is the size past which the server's log starts anew.
const maxLog = 8 << 20

func (p place) openLog() (*os.File, error) {
	flags := os.O_CREATE | os.O_WRONLY | os.O_APPEND
	if st, err := os.Stat(p.logFile()); err == nil && st.Size() > maxLog {
		flags |= os.O_TRUNC
	}
	f, err := os.OpenFile(p.logFile(), flags, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open the server's log: %w", err)
	}
	return f, nil
}
