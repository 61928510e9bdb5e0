package main

import (
	"context"
	"fmt"
	"net"

	"globalbrain/internal/config"
	"globalbrain/internal/payments/sandbox"
)

// runSandbox runs the sandbox payment gateway by itself.
func runSandbox(ctx context.Context, args []string, c console) (err error) {
	cfg, _, err := config.Load("sandbox", args, c.env, c.stderr)
	if err != nil {
		return err
	}
	for name, value := range map[string]string{"gateway-key": cfg.GatewayKey, "webhook-secret": cfg.WebhookSecret, "webhook-url": cfg.WebhookURL} {
		if value == "" {
			return missing(name)
		}
	}
	s := newSystem(cfg, c.stderr)
	listener, err := listen(ctx, cfg.SandboxAddr, false)
	if err != nil {
		return err
	}
	defer s.stopAll(ctx, &err)
	if err := s.serveSandbox(listener, cfg.SandboxDir, cfg.WebhookURL); err != nil {
		return err
	}
	_, _ = fmt.Fprintf(c.stdout, "ready %s\n", address(listener))
	return s.wait(ctx)
}

// serveSandbox serves the fake provider, whose state lies in dir, on a server of its own.
func (s *system) serveSandbox(listener net.Listener, dir, webhookURL string) error {
	provider, err := sandbox.Open(sandbox.Options{
		Dir: dir, Key: s.cfg.GatewayKey, BaseURL: address(listener), WebhookURL: webhookURL, WebhookSecret: s.cfg.WebhookSecret, Log: s.log,
	})
	if err != nil {
		return err
	}
	s.started("sandbox gateway", func(context.Context) error { return provider.Close() })
	s.serveHTTP("sandbox http", listener, provider, s.failed)
	return nil
}
