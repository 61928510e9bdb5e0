package site_test

import (
	"encoding/json"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"globalbrain/internal/brain"
	"globalbrain/internal/scoring"
	"globalbrain/internal/site"
	"globalbrain/internal/tenant"
)

// measured stands for the figures of a model, so that no test depends on those of
// the shipped one.
const measured = `{
	"rows": {"train": {"F7": 649}, "test": {"F8": 1022}, "quarantine": {"too_short": 1}},
	"success": {"as shipped": {"auc": [0.643, 0.606, 0.684]}, "tfidf + logistic regression": {"auc": [0.62, 0.584, 0.66]}},
	"rating": {"as shipped": {"auc": [0.761, 0.717, 0.793]}},
	"calibration": {"brier": 0.214, "brier_of_base_rate": 0.227, "ece": 0.038, "reliability": []},
	"slices": {"new author": {"ideas": 557, "success_auc": {"as shipped": 0.664, "tfidf + logistic regression": 0.65}}}
}`

// variant puts a variant of the shipped model, with figures of its own, into a
// models folder.
func variant(t *testing.T, models, name string, edit func(manifest map[string]any)) {
	t.Helper()
	from, to := filepath.Join("..", "..", "models", "ideas-minilm"), filepath.Join(models, name)
	raw, err := os.ReadFile(filepath.Join(from, "manifest.json"))
	if err != nil {
		t.Fatal(err)
	}
	var manifest map[string]any
	if err := json.Unmarshal(raw, &manifest); err != nil {
		t.Fatal(err)
	}
	var figures any
	if err := json.Unmarshal([]byte(measured), &figures); err != nil {
		t.Fatal(err)
	}
	manifest["name"], manifest["version"], manifest["created"], manifest["metrics"] = name, "1.0.0", "2026-11-23T00:00:00Z", figures
	edit(manifest)
	if raw, err = json.Marshal(manifest); err == nil {
		err = os.MkdirAll(to, 0o755)
	}
	if err == nil {
		err = os.WriteFile(filepath.Join(to, "manifest.json"), raw, 0o600)
	}
	for _, file := range []string{"model.onnx", "vocab.txt"} {
		path, pathErr := filepath.Abs(filepath.Join(from, file))
		if err == nil && pathErr == nil {
			err = os.Symlink(path, filepath.Join(to, file))
		}
	}
	if err != nil {
		t.Fatal(err)
	}
}

// newModelTown is a town with a models folder, an owner and a moderator.
func newModelTown(t *testing.T) (tw *town, models string, owner, moderator *browser) {
	t.Helper()
	models = t.TempDir()
	variant(t, models, "ideas-minilm", func(m map[string]any) {
		delete(m["metrics"].(map[string]any)["calibration"].(map[string]any), "reliability")
	})
	variant(t, models, "bold", func(m map[string]any) {
		m["languages"] = []string{"en", "fr"}
		m["metrics"].(map[string]any)["calibration"].(map[string]any)["reliability"] = []any{
			map[string]any{"n": 40, "mean_probability": 0.2, "observed": 0.25, "low": 0.1, "high": 0.4},
			map[string]any{"n": 10, "mean_probability": 0.7, "observed": 0.5, "low": 0.25, "high": 0.75},
		}
	})
	card := "# Model card\n\nMade for *tests*.\n\n| a | b |\n| --- | --- |\n| 1 | <script>alert(1)</script> |\n"
	if err := os.WriteFile(filepath.Join(models, "bold", scoring.CardName), []byte(card), 0o600); err != nil {
		t.Fatal(err)
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
	tw = newTownWith(t, func(d *site.Deps) {
		b, err := brain.New(d.Store, shelf, slog.New(slog.DiscardHandler), nil)
		if err != nil {
			t.Fatal(err)
		}
		d.Coach, d.Models = b, b
	})
	owner, moderator = tw.arrive("Olga", "olga@example.org"), tw.arrive("Mo", "mo@example.org")
	olga, err := tw.store.AccountByEmail(t.Context(), "olga@example.org")
	if err == nil {
		err = tw.owner.AppointOwner(t.Context(), tw.health.ID, olga.ID)
	}
	mo, moErr := tw.store.AccountByEmail(t.Context(), "mo@example.org")
	if err == nil && moErr == nil {
		err = tw.store.JoinTenant(t.Context(), tw.health.ID, mo.ID)
	}
	if err == nil {
		err = tw.store.GrantRole(t.Context(), tw.health.ID, olga.ID, mo.ID, tenant.Moderator)
	}
	if err != nil {
		t.Fatal(err)
	}
	return tw, models, owner, moderator
}

var seenField = regexp.MustCompile(`name="seen" value="(\d+)"`)

func TestAnOwnerPromotesAModelAndTakesItBack(t *testing.T) {
	t.Parallel()
	tw, _, owner, moderator := newModelTown(t)
	const room = "/t/health/models"
	mustContain(t, owner.get(room, http.StatusOK), "ideas-minilm 1.0.0 answers now", "bold 1.0.0", room+"/bold/promote", "0.643 (0.606–0.684)", "Nobody has changed the model here yet")

	page := owner.get(room+"/bold/promote", http.StatusOK)
	mustContain(t, page, "Promote bold 1.0.0?", "within chance", "It also reads: French.", "can be taken back")
	seen := seenField.FindStringSubmatch(page)[1]
	mustContain(t, owner.post(room+"/bold/promote", http.StatusUnprocessableEntity, "seen", seen, "reason", " "), "Say why, in at most 500 characters.")
	if to := owner.post(room+"/bold/promote", http.StatusSeeOther, "seen", seen, "reason", "It reads French."); to != room {
		t.Errorf("promoting leads to %s", to)
	}
	mustContain(t, owner.get(room, http.StatusOK), "bold 1.0.0 is promoted", "bold 1.0.0 answers now", "promoted bold 1.0.0", "It reads French.", "Olga", room+"/rollback")
	mustContain(t, owner.post(room+"/ideas-minilm/promote", http.StatusConflict, "seen", seen, "reason", "From an old page."), "Somebody changed the model meanwhile", "From an old page.")
	mustContain(t, tw.browser().get("/t/health/ranking", http.StatusOK), "bold 1.0.0")

	if page := moderator.get(room, http.StatusOK); strings.Contains(page, "/promote") || strings.Contains(page, "/rollback") {
		t.Error("a moderator is offered to change the model")
	}
	moderator.post(room+"/bold/promote", http.StatusForbidden, "seen", "1", "reason", "Mine.")
	moderator.post(room+"/rollback", http.StatusForbidden, "seen", "1", "reason", "Mine.")
	tw.arrive("Max", "max@example.org").get(room, http.StatusForbidden)

	page = owner.get(room+"/rollback", http.StatusOK)
	mustContain(t, page, "Roll back to ideas-minilm 1.0.0?", "It keeps silent on ideas in: French.")
	owner.post(room+"/rollback", http.StatusSeeOther, "seen", seenField.FindStringSubmatch(page)[1], "reason", "Too bold.")
	mustContain(t, owner.get(room, http.StatusOK), "ideas-minilm 1.0.0 answers now", "rolled back to the platform&#39;s model", "Too bold.")
	owner.get(room+"/rollback", http.StatusNotFound)
}

func TestAModelsPageShowsItsCardPlotAndSlices(t *testing.T) {
	t.Parallel()
	_, models, owner, moderator := newModelTown(t)
	page := moderator.get("/t/health/models/bold", http.StatusOK)
	mustContain(t, page, "Made for <em>tests</em>.", `<div class="scroll" tabindex="0" role="region" aria-label="Table"><table>`, "new author", "SHA-256",
		`cx="40" cy="150"`, `d="M140 150V50"`, "fewer than 20 word pieces", "F7: 649", "Brier score 0.214", "English, French", "<dd>23 November 2026</dd>")
	if strings.Contains(page, "<script>alert") || strings.Contains(page, " style=") {
		t.Error("the card brings code or style along")
	}
	page = moderator.get("/t/health/models/ideas-minilm", http.StatusOK)
	mustContain(t, page, "no reliability bins, so there is no plot", "comes without a card")
	moderator.post("/language", http.StatusSeeOther, "language", "zh-CN")
	mustContain(t, moderator.get("/t/health/models/bold", http.StatusOK), "校准", "阅读模型卡", "英语、法语")

	// A model of campaigns is not one of those that are listed.
	campaigns, err := filepath.Abs(filepath.Join("..", "..", "models", "launch-campaigns"))
	if err == nil {
		err = os.Symlink(campaigns, filepath.Join(models, "launch-campaigns"))
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"none", "..", ".hidden", "launch-campaigns"} {
		owner.get("/t/health/models/"+name, http.StatusNotFound)
		owner.get("/t/health/models/"+name+"/promote", http.StatusNotFound)
	}
	if err := os.WriteFile(filepath.Join(models, "bold", "manifest.json"), []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	mustContain(t, owner.get("/t/health/models", http.StatusOK), "This model cannot be read.", "globalbrain model verify bold")
	mustContain(t, owner.get("/t/health/models/bold", http.StatusOK), "This model cannot be read.")
	owner.get("/t/health/models/bold/promote", http.StatusNotFound)
}

func TestAModelThatIsGoneIsSaidInTheRoom(t *testing.T) {
	t.Parallel()
	tw, models, owner, _ := newModelTown(t)
	owner.post("/t/health/models/bold/promote", http.StatusSeeOther, "seen", "0", "reason", "Better.")
	if _, err := tw.db.Super.Exec(t.Context(), `update model_promotion set model_hash = 'another'`); err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(filepath.Join(models, "bold")); err != nil {
		t.Fatal(err)
	}
	mustContain(t, owner.get("/t/health/models", http.StatusOK), "bold 1.0.0 was chosen and cannot be served here: another model answers instead.", `role="alert"`)
}

func TestWithoutAModelTheRoomSaysSo(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	owner := tw.arrive("Olga", "olga@example.org")
	olga, err := tw.store.AccountByEmail(t.Context(), "olga@example.org")
	if err == nil {
		err = tw.owner.AppointOwner(t.Context(), tw.health.ID, olga.ID)
	}
	if err != nil {
		t.Fatal(err)
	}
	mustContain(t, owner.get("/t/health/models", http.StatusOK), "No model is loaded here.")
	owner.get("/t/health/models/ideas-minilm", http.StatusNotFound)
}
