package brain_test

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/uuid"

	"globalbrain/internal/brain"
	"globalbrain/internal/database"
	"globalbrain/internal/errs"
	"globalbrain/internal/pgtest"
	"globalbrain/internal/postgres"
	"globalbrain/internal/promotion"
	"globalbrain/internal/scoring"
	"globalbrain/internal/tenant"
)

const city, health = tenant.ID(1), tenant.ID(2)

var draft = scoring.Text{
	Title:    "Repair bicycles for every school",
	Problem:  "Children in our district walk an hour to school, and old bicycles rust in cellars because nobody mends them.",
	Solution: "We collect old bicycles, mend them with apprentices and lend them to pupils for a small deposit.",
	Team:     "Two mechanics and a teacher who has run the school workshop for nine years.",
}

// world is a brain over a database with two tenants and a models folder with the
// shipped model and variants of it.
type world struct {
	*brain.Brain
	t      *testing.T
	models string
	store  *postgres.Store
	shelf  *scoring.Shelf
	log    *logged
	person uuid.UUID // who owns both tenants
}

type logged struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *logged) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(b)
}

func (l *logged) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

func newWorld(t *testing.T, variants ...string) *world {
	t.Helper()
	w := &world{t: t, models: t.TempDir(), log: &logged{}, person: uuid.New()}
	for n, name := range append([]string{"ideas-minilm"}, variants...) {
		w.place(name, 1+float64(n)/4)
	}
	pg := pgtest.New(t)
	if _, err := pg.Super.Exec(t.Context(), `
		with t as (insert into tenant (slug, name, hue, currency, locales, policy)
		    select s, '{"en": "Town"}', 1, 'EUR', '{en}', '{}' from unnest(array['city', 'health']) s returning id),
		  a as (insert into account (id, email, email_key, name, password_hash, locale, email_verified_at) values ($1, 'a@b.example', 'a@b.example', 'Ann', '', 'en', now()) returning id)
		insert into membership (tenant_id, account_id, roles) select t.id, a.id, '{member,owner}' from t, a`, w.person); err != nil {
		t.Fatal(err)
	}
	var err error
	if w.store, err = postgres.NewStore(database.New(pg.App)); err != nil {
		t.Fatal(err)
	}
	w.shelf, err = scoring.OpenShelf(scoring.Options{Models: w.models, Library: library(t)}, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := w.shelf.Close(); err != nil {
			t.Error(err)
		}
	})
	w.Brain = w.another()
	return w
}

// another is a brain of another process over the same database.
func (w *world) another() *brain.Brain {
	w.t.Helper()
	b, err := brain.New(w.store, w.shelf, slog.New(slog.NewTextHandler(w.log, nil)), nil)
	if err != nil {
		w.t.Fatal(err)
	}
	return b
}

func library(t *testing.T) string {
	t.Helper()
	cache, _ := os.UserCacheDir()
	path, err := scoring.FindRuntime(os.Getenv("GLOBALBRAIN_ONNXRUNTIME"), filepath.Join("..", "..", "bin", "globalbrain"), cache)
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// place puts a variant of the shipped model into the models folder, which is the
// surer the smaller its temperature is.
func (w *world) place(name string, temperature float64) {
	w.t.Helper()
	from, to := filepath.Join("..", "..", "models", "ideas-minilm"), filepath.Join(w.models, name)
	raw, err := os.ReadFile(filepath.Join(from, "manifest.json"))
	if err != nil {
		w.t.Fatal(err)
	}
	var manifest map[string]any
	if err := json.Unmarshal(raw, &manifest); err != nil {
		w.t.Fatal(err)
	}
	manifest["name"], manifest["version"] = name, "1.0.0"
	success := manifest["calibration"].(map[string]any)["success"].(map[string]any)
	success["temperature"] = success["temperature"].(float64) * temperature
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
		w.t.Fatal(err)
	}
}

func (w *world) decision() postgres.Decision {
	return postgres.Decision{By: promotion.By{Account: w.person}, Seen: -1, Reason: "Because."}
}

func (w *world) promote(id tenant.ID, folder string) {
	w.t.Helper()
	if _, err := w.Promote(w.t.Context(), id, folder, w.decision()); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) advice(id tenant.ID) scoring.Score {
	w.t.Helper()
	advice, err := w.Coach(w.t.Context(), id, draft)
	if err != nil {
		w.t.Fatal(err)
	}
	return advice.Score
}

func TestTwoTenantsAreAnsweredByTwoModelsAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "calm", "bold")
	before := w.advice(city)
	w.promote(city, "calm")
	w.promote(health, "bold")
	calm, bold := w.advice(city), w.advice(health)
	if calm.Model != "calm 1.0.0" || bold.Model != "bold 1.0.0" || calm.Success == bold.Success || calm.Success == before.Success {
		t.Fatalf("%+v\n%+v\n%+v", before, calm, bold)
	}
	var people sync.WaitGroup
	for n := range 16 {
		id, want := city, calm
		if n%2 == 1 {
			id, want = health, bold
		}
		people.Go(func() {
			advice, err := w.Coach(t.Context(), id, draft)
			if err != nil || !reflect.DeepEqual(advice.Score, want) {
				t.Errorf("%+v, %v", advice.Score, err)
			}
		})
	}
	people.Wait()
}

func TestARollbackGivesTheVerySameScoresAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "bold")
	before := w.advice(city)
	w.promote(city, "bold")
	if now := w.advice(city); now.Model != "bold 1.0.0" || now.Success == before.Success {
		t.Errorf("%+v", now)
	}
	if _, err := w.RollBack(t.Context(), city, w.decision()); err != nil {
		t.Fatal(err)
	}
	if after := w.advice(city); !reflect.DeepEqual(after, before) {
		t.Errorf("%+v, before %+v", after, before)
	}
	if _, err := w.RollBack(t.Context(), city, w.decision()); errs.CodeOf(err) != "model.first" {
		t.Errorf("a second time: %v", err)
	}
}

// While models change under them, callers are answered by one or the other, and
// nobody is turned away.
func TestPromotionsWhileRequestsRunTurnNobodyAway(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "calm", "bold")
	want := map[string]scoring.Score{}
	for _, name := range []string{"calm", "bold"} {
		w.promote(city, name)
		score := w.advice(city)
		want[score.Model] = score
	}
	var done atomic.Bool
	var people sync.WaitGroup
	for range 4 {
		people.Go(func() {
			for !done.Load() {
				advice, err := w.Coach(t.Context(), city, draft)
				if err != nil || !reflect.DeepEqual(advice.Score, want[advice.Score.Model]) {
					t.Errorf("%+v, %v", advice.Score, err)
					return
				}
			}
		})
	}
	for n := range 6 {
		w.promote(city, []string{"calm", "bold"}[n%2])
	}
	done.Store(true)
	people.Wait()
}

func TestAModelThatIsGoneIsReplacedLoudlyAndKeepsNoScores(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "bold")
	w.promote(city, "bold")
	if err := os.Rename(filepath.Join(w.models, "bold"), filepath.Join(w.models, "elsewhere")); err != nil {
		t.Fatal(err)
	}
	shelf, err := scoring.OpenShelf(scoring.Options{Models: w.models, Library: library(t)}, 0) // a process that starts now
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = shelf.Close() })
	w.shelf = shelf
	w.Brain = w.another()
	for range 3 {
		if score := w.advice(city); score.Model != "ideas-minilm 1.0.0" {
			t.Errorf("answered by %s", score.Model)
		}
	}
	if said := strings.Count(w.log.String(), "another model answers"); said != 1 {
		t.Errorf("said %d times:\n%s", said, w.log)
	}
	room, err := w.Room(t.Context(), city)
	if err != nil || room.Broken == nil || room.Live.Folder != "bold" {
		t.Errorf("%+v, %v", room, err)
	}
	_, chosen, err := w.Chosen(t.Context(), city)
	if err != nil || chosen.Folder != "bold" {
		t.Fatalf("%+v, %v", chosen, err)
	}
	if _, err := w.Score(t.Context(), chosen, draft); err == nil {
		t.Error("a score to be kept was given by another model")
	}
	if _, err := w.Promote(t.Context(), health, "bold", w.decision()); errs.CodeOf(err) != "model.unknown" {
		t.Errorf("it is promoted: %v", err)
	}
}

func TestAFolderThatChangedSinceItsPromotionIsNotServed(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "bold", "calm")
	w.promote(city, "bold")
	w.promote(city, "calm")
	if err := os.RemoveAll(filepath.Join(w.models, "bold")); err != nil {
		t.Fatal(err)
	}
	w.place("bold", 9)
	shelf, err := scoring.OpenShelf(scoring.Options{Models: w.models, Library: library(t)}, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = shelf.Close() })
	w.shelf = shelf
	w.Brain = w.another()
	if _, err := w.RollBack(t.Context(), city, w.decision()); errs.CodeOf(err) != "model.broken" {
		t.Errorf("rolled back to it: %v", err)
	}
	if score := w.advice(city); score.Model != "calm 1.0.0" {
		t.Errorf("answered by %s", score.Model)
	}
}

func TestAnotherProcessNoticesAPromotionWithinItsBound(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "bold")
	other := w.another()
	if _, err := other.Coach(t.Context(), city, draft); err != nil {
		t.Fatal(err)
	}
	w.promote(city, "bold")
	if _, m, err := other.Chosen(t.Context(), city); err != nil || m.Folder != "bold" {
		t.Errorf("a job is told %+v, %v", m, err)
	}
	advice, err := other.Coach(t.Context(), city, draft) // Chosen has read it anew
	if err != nil || advice.Score.Model != "bold 1.0.0" {
		t.Errorf("answered by %s, %v", advice.Score.Model, err)
	}
}

func TestWhatCannotBePromoted(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "bold")
	if err := os.WriteFile(filepath.Join(w.models, "bold", "manifest.json"), []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	for folder, code := range map[string]string{"none": "model.unknown", "../models": "model.unknown", "": "model.unknown", "bold": "model.broken"} {
		if _, err := w.Promote(t.Context(), city, folder, w.decision()); errs.CodeOf(err) != code {
			t.Errorf("%q: %v", folder, err)
		}
	}
	if h, err := w.store.ModelHistory(t.Context(), city); err != nil || len(h) != 0 {
		t.Errorf("%+v, %v", h, err)
	}
	if _, err := w.Coach(context.WithoutCancel(t.Context()), city, scoring.Text{Title: "short"}); err != nil {
		t.Error(err)
	}
}
