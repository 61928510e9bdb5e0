package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/user"
	"path/filepath"

	"globalbrain/internal/brain"
	"globalbrain/internal/postgres"
	"globalbrain/internal/promotion"
	"globalbrain/internal/scoring"
	"globalbrain/internal/tenant"
)

// stepLine is what "model promote -json" and "model rollback -json" say.
type stepLine struct {
	Tenant string        `json:"tenant,omitempty"` // absent: every tenant that chose none
	Step   int           `json:"step"`
	Act    promotion.Act `json:"act"`
	Model  string        `json:"model"` // "" after a rollback: what it would be without a promotion
	Title  string        `json:"title"`
	Hash   string        `json:"hash"`
}

// promoteModel lets an installed model answer for a tenant or for the platform.
func promoteModel(ctx context.Context, in *modelInput) error {
	found, err := scoring.FindInstalled(in.Models, in.name)
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("there is no model %q in %s; \"globalbrain model list\" shows what there is", in.name, in.Models)
	}
	if found.Err == nil && !found.Manifest.Alone() {
		return fmt.Errorf("promote %s: it cannot be served by itself; it answers beside the promoted model, what that does not", in.name)
	}
	library, err := in.library()
	if err == nil {
		_, err = scoring.Verify(filepath.Join(in.Models, in.name), library, func(scoring.Check) {})
	}
	if err != nil {
		return fmt.Errorf("promote %s: %w", in.name, err)
	}
	m := promotion.Model{Folder: in.name, Title: found.Manifest.Title(), Hash: found.Manifest.Hash()}
	return in.change(ctx,
		func(s *postgres.Store, id tenant.ID, d postgres.Decision) (promotion.Step, error) {
			return s.PromoteModel(ctx, id, m, d)
		},
		func(s *postgres.Store, d postgres.Decision) (promotion.Step, error) {
			return s.PromoteDefault(ctx, m, d)
		})
}

// rollBackModel takes the last promotion of a tenant or of the platform back.
func rollBackModel(ctx context.Context, in *modelInput) error {
	return in.change(ctx,
		func(s *postgres.Store, id tenant.ID, d postgres.Decision) (promotion.Step, error) {
			return s.RollBackModel(ctx, id, d)
		},
		func(s *postgres.Store, d postgres.Decision) (promotion.Step, error) { return s.RollBackDefault(ctx, d) })
}

// change carries one step out, for the tenant that was named or for the platform.
func (in *modelInput) change(ctx context.Context,
	forOne func(*postgres.Store, tenant.ID, postgres.Decision) (promotion.Step, error),
	forAll func(*postgres.Store, postgres.Decision) (promotion.Step, error),
) error {
	if in.reason == "" {
		return errors.New("say why with -reason; admins see it in the history")
	}
	store, done, err := in.openStore(ctx)
	if err != nil {
		return err
	}
	defer done()
	decision := postgres.Decision{By: promotion.By{Operator: operator(in.env)}, Seen: -1, Reason: in.reason}
	var step promotion.Step
	if in.tenant == "" {
		step, err = forAll(store, decision)
	} else {
		var t *tenant.Tenant
		if t, err = store.TenantBySlug(ctx, in.tenant); err != nil {
			return fmt.Errorf("find tenant %q: %w", in.tenant, err)
		}
		step, err = forOne(store, t.ID, decision)
	}
	if err != nil {
		return err
	}
	who, what := "every tenant that chose no model", step.Model.Title
	if in.tenant != "" {
		who = in.tenant
	}
	if !step.Model.Chosen() {
		what = "what it would be without a promotion"
	}
	return in.print(stepLine{in.tenant, step.Seq, step.Act, step.Model.Folder, step.Model.Title, step.Model.Hash},
		"%s is answered by %s from now on, in running processes within %s; ideas are being scored anew", who, what, brain.Kept)
}

// operator is who works at this command line, for the history.
func operator(env func(string) string) string {
	if name := env("SUDO_USER"); name != "" {
		return name
	}
	if who, err := user.Current(); err == nil && who.Username != "" {
		return who.Username
	}
	return fmt.Sprintf("user %d", os.Getuid())
}
