package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"

	"globalbrain/internal/api"
	"globalbrain/internal/brain"
	"globalbrain/internal/config"
	"globalbrain/internal/likeness"
	"globalbrain/internal/middleware"
	"globalbrain/internal/payments"
	"globalbrain/internal/scoring"
	"globalbrain/internal/site"
)

// runServe serves the site and the API over a database that is migrated.
func runServe(ctx context.Context, args []string, c console) (err error) {
	cfg, _, err := config.Load("serve", args, c.env, c.stderr)
	if err != nil {
		return err
	}
	for name, value := range map[string]string{"database-url": cfg.DatabaseURL, "gateway-url": cfg.GatewayURL, "gateway-key": cfg.GatewayKey, "webhook-secret": cfg.WebhookSecret} {
		if value == "" {
			return missing(name)
		}
	}
	s := newSystem(cfg, c.stderr)
	listener, err := listen(ctx, cfg.Addr, false)
	if err != nil {
		return err
	}
	defer s.stopAll(ctx, &err)
	if err := s.openStore(ctx, cfg.DatabaseURL); err != nil {
		return err
	}
	if err := s.openModels(); err != nil {
		return err
	}
	if err := s.openLauncher(); err != nil {
		return err
	}
	s.openGateway()
	if err := s.serveSite(listener, cfg.Mailbox); err != nil {
		return err
	}
	_, _ = fmt.Fprintf(c.stdout, "ready %s\n", address(listener))
	return s.wait(ctx)
}

// findModels returns the folder of models and ONNX Runtime's library.
func (s *system) findModels() (models, library string, err error) {
	program, err := os.Executable()
	if err != nil {
		return "", "", fmt.Errorf("find this program's folder: %w", err)
	}
	if models, err = scoring.FindModels(s.cfg.Models, program); err != nil {
		return "", "", err
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		cache = filepath.Join(os.TempDir(), "globalbrain-cache")
	}
	library, err = scoring.FindRuntime(s.cfg.Runtime, program, cache)
	return models, library, err
}

// openModels loads the program's own model and makes ready those that tenants
// choose. The store is open by then.
func (s *system) openModels() error {
	models, library, err := s.findModels()
	if err != nil {
		return err
	}
	shelf, err := scoring.OpenShelf(scoring.Options{Models: models, Model: s.cfg.Model, Library: library, Device: scoring.Device(s.cfg.Device), Threads: s.cfg.Threads, Metrics: s.metrics}, s.cfg.OpenModels)
	if err != nil {
		return err
	}
	s.started("models", func(context.Context) error { return shelf.Close() })
	s.brain, err = brain.New(s.store, shelf, s.log, s.metrics)
	return err
}

// openLauncher loads the launch model, which advises founders on pages, where it
// is installed. A damaged one is an error: it was meant to be there.
func (s *system) openLauncher() error {
	models, library, err := s.findModels()
	if err != nil {
		return err
	}
	s.launcher, err = openLauncher(models, scoring.DefaultLaunchModel, library)
	switch {
	case err != nil:
		return err
	case s.launcher == nil:
		s.log.Info("no launch model is installed; founders plan without its estimate", "folder", filepath.Join(models, scoring.DefaultLaunchModel))
	default:
		s.started("launch model", func(context.Context) error { return s.launcher.Close() })
	}
	return nil
}

func (s *system) openGateway() {
	s.gateway = payments.NewSandbox(payments.SandboxOptions{URL: s.cfg.GatewayURL, Key: s.cfg.GatewayKey, WebhookSecret: s.cfg.WebhookSecret})
}

// serveSite serves pages and API on the listener, which is open already.
func (s *system) serveSite(listener net.Listener, mailbox bool) error {
	base := s.cfg.BaseURL
	if base == "" {
		base = address(listener)
	}
	gateway, err := url.Parse(s.cfg.GatewayURL)
	if err != nil {
		return fmt.Errorf("read the gateway's address: %w", err)
	}
	proxies, err := middleware.ParseProxies(s.cfg.Proxies)
	if err != nil {
		return err
	}
	alike := likeness.New(s.store, likeness.Options{})
	pages, err := site.New(site.Deps{
		Store: s.store, Coach: s.brain, Models: s.brain, Launcher: s.launcher, Likeness: alike, Gateway: s.gateway, BaseURL: base, GatewayOrigin: gateway.Scheme + "://" + gateway.Host,
		Mailbox: mailbox, Proxies: proxies, Log: s.log, Metrics: s.metrics,
		Mount: map[string]http.Handler{api.Prefix: api.New(api.Deps{Store: s.store, Coach: s.brain, Models: s.brain, Likeness: alike, Gateway: s.gateway, BaseURL: base, Log: s.log})},
	})
	if err != nil {
		return err
	}
	s.serveHTTP("http", listener, pages, s.failed)
	return nil
}
