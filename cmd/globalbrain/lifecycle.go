package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"
)

// lifecycle is what has been started, so that it can be stopped in the reverse
// order: HTTP before the jobs, the jobs before the model, the model before the
// pool, the pool before the database.
type lifecycle struct {
	log     *slog.Logger
	each    time.Duration // how long one part may take to stop
	stopped []part
}

type part struct {
	name string
	stop func(context.Context) error
}

func (l *lifecycle) started(name string, stop func(context.Context) error) {
	l.stopped = append(l.stopped, part{name, stop})
}

// stop ends every part, also when one fails or ctx is long over.
func (l *lifecycle) stop(ctx context.Context) error {
	var all []error
	for n := len(l.stopped) - 1; n >= 0; n-- {
		p := l.stopped[n]
		limited, cancel := context.WithTimeout(context.WithoutCancel(ctx), l.each)
		if err := p.stop(limited); err != nil {
			all = append(all, fmt.Errorf("stop %s: %w", p.name, err))
		}
		cancel()
		l.log.Info("stopped", "part", p.name)
	}
	l.stopped = nil
	return errors.Join(all...)
}

// listen opens the address before anything slow happens, so that a taken port
// is known at once and "ready" is never a lie. Where the port is taken and
// another will do, it takes a free one.
func listen(ctx context.Context, addr string, anotherWillDo bool) (net.Listener, error) {
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", addr)
	if err != nil && anotherWillDo {
		if host, _, splitErr := net.SplitHostPort(addr); splitErr == nil {
			l, err = lc.Listen(ctx, "tcp", net.JoinHostPort(host, "0"))
		}
	}
	if err != nil {
		return nil, fmt.Errorf("listen on %s (set -addr to another one): %w", addr, err)
	}
	return l, nil
}

// serveHTTP serves h on l until the lifecycle stops. Times are bounded so that
// a slow client cannot hold a connection for ever.
func (l *lifecycle) serveHTTP(name string, listener net.Listener, h http.Handler, failed chan<- error) {
	server := &http.Server{
		Handler:           h,
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       time.Minute,
		WriteTimeout:      2 * time.Minute,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    64 << 10,
		ErrorLog:          slog.NewLogLogger(l.log.Handler(), slog.LevelWarn),
	}
	go func() {
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			failed <- fmt.Errorf("serve %s: %w", name, err)
		}
	}()
	l.started(name, func(ctx context.Context) error {
		if err := server.Shutdown(ctx); err != nil {
			return errors.Join(err, server.Close())
		}
		return nil
	})
}

// address returns the http:// address under which l is reached from this machine.
func address(l net.Listener) string {
	host, port, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		return "http://" + l.Addr().String()
	}
	if ip := net.ParseIP(host); ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	return "http://" + net.JoinHostPort(host, port)
}
