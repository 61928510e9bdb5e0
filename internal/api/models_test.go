package api_test

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"globalbrain/internal/api"
	"globalbrain/internal/brain"
	"globalbrain/internal/scoring"
	"globalbrain/internal/tenant"
)

// withModels gives the API the shipped model and another version of it.
func withModels(t *testing.T) func(*api.Deps) {
	t.Helper()
	models := t.TempDir()
	from := filepath.Join("..", "..", "models", "ideas-minilm")
	raw, err := os.ReadFile(filepath.Join(from, "manifest.json"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"ideas-minilm", "next"} {
		var manifest map[string]any
		if err := json.Unmarshal(raw, &manifest); err != nil {
			t.Fatal(err)
		}
		manifest["name"], manifest["version"] = name, "1.0.0"
		edited, err := json.Marshal(manifest)
		if err == nil {
			err = os.Mkdir(filepath.Join(models, name), 0o755)
		}
		if err == nil {
			err = os.WriteFile(filepath.Join(models, name, "manifest.json"), edited, 0o600)
		}
		for _, file := range []string{"model.onnx", "vocab.txt"} {
			path, pathErr := filepath.Abs(filepath.Join(from, file))
			if err == nil && pathErr == nil {
				err = os.Symlink(path, filepath.Join(models, name, file))
			}
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	cache, _ := os.UserCacheDir()
	library, err := scoring.FindRuntime(os.Getenv("GLOBALBRAIN_ONNXRUNTIME"), filepath.Join("..", "..", "bin", "globalbrain"), cache)
	if err != nil {
		t.Fatal(err)
	}
	shelf, err := scoring.OpenShelf(scoring.Options{Models: models, Library: library}, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := shelf.Close(); err != nil {
			t.Error(err)
		}
	})
	return func(d *api.Deps) {
		b, err := brain.New(d.Store, shelf, slog.New(slog.DiscardHandler), nil)
		if err != nil {
			t.Fatal(err)
		}
		d.Coach, d.Models = b, b
	}
}

func TestAModelIsPromotedOnceForAKeyAndRolledBack(t *testing.T) {
	t.Parallel()
	tw := newTown(t, withModels(t))
	owner, moderator := tw.person("Ona Owner", "", tenant.Owner), tw.person("Mo Moderator", "", tenant.Moderator)
	if got := moderator.do(get, "/models", nil); got.text("live", "title") != "ideas-minilm 1.0.0" || got.text("items", 1, "model") != "next" || got.at("served") != true {
		t.Errorf("%s", got.raw)
	}
	body := object{"model": "next", "reason": "Better on new authors.", "seen": 0}
	moderator.in(post, "/models/promotions", body).refused(http.StatusForbidden, "permission")
	first := owner.in(post, "/models/promotions", body, "Idempotency-Key", "one").want(http.StatusCreated)
	again := owner.in(post, "/models/promotions", body, "Idempotency-Key", "one").want(http.StatusCreated)
	if first.text("title") != "next 1.0.0" || !bytes.Equal(first.raw, again.raw) {
		t.Errorf("%s, then %s", first.raw, again.raw)
	}
	owner.in(post, "/models/promotions", body).refused(http.StatusConflict, "model.live")
	owner.in(post, "/models/promotions", object{"model": "ideas-minilm", "reason": "No.", "seen": 0}).refused(http.StatusConflict, "model.changed")
	owner.in(post, "/models/promotions", object{"model": "none", "reason": "No."}).refused(http.StatusNotFound, "model.unknown")
	if got := owner.do(get, "/models", nil); got.text("live", "model") != "next" || got.text("history", 0, "reason") != "Better on new authors." || got.text("history", 0, "by") != "Ona Owner" {
		t.Errorf("%s", got.raw)
	}
	owner.in(post, "/models/rollbacks", object{"reason": "Slower.", "seen": 1}).want(http.StatusCreated)
	owner.in(post, "/models/rollbacks", object{"reason": "Slower."}).refused(http.StatusConflict, "model.first")
	if got := owner.do(get, "/models", nil); got.text("live", "model") != "ideas-minilm" || got.text("history", 0, "act") != "rollback" {
		t.Errorf("%s", got.raw)
	}
}

func TestWithoutAModelTheAPISaysSo(t *testing.T) {
	t.Parallel()
	owner := newTown(t).person("Ona Owner", "", tenant.Owner)
	owner.in(get, "/models", nil).refused(http.StatusServiceUnavailable, "coach.absent")
	owner.in(post, "/models/promotions", object{"model": "x", "reason": "x"}).refused(http.StatusServiceUnavailable, "coach.absent")
}
