package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"globalbrain/internal/database"
	"globalbrain/internal/pgtest"
	"globalbrain/internal/postgres"
	"globalbrain/internal/scoring"
	"globalbrain/internal/tenant"
)

// modelShop is a models folder of the test's own, and a database if it has one.
type modelShop struct {
	t      *testing.T
	models string
	env    map[string]string
}

func newModelShop(t *testing.T) *modelShop {
	t.Helper()
	args := modelArgs(t)
	s := &modelShop{t: t, models: t.TempDir(), env: map[string]string{}}
	s.env["GLOBALBRAIN_MODELS"], s.env["GLOBALBRAIN_ONNXRUNTIME"] = s.models, args[3]
	s.make(s.models, "ideas-minilm", "1.0.0", "ideas-minilm")
	return s
}

// make puts a variant of the shipped model, under another name, into a folder
// and returns its path. Large files are links.
func (s *modelShop) make(parent, name, version, folder string) string {
	s.t.Helper()
	from, to := filepath.Join(modelArgs(s.t)[1], "ideas-minilm"), filepath.Join(parent, folder)
	if err := os.MkdirAll(to, 0o755); err != nil {
		s.t.Fatal(err)
	}
	files, err := os.ReadDir(from)
	if err != nil {
		s.t.Fatal(err)
	}
	for _, f := range files {
		path, err := filepath.Abs(filepath.Join(from, f.Name()))
		if err == nil && f.Name() != "manifest.json" && f.Name() != scoring.CardName { // which no link may replace
			err = os.Symlink(path, filepath.Join(to, f.Name()))
		}
		if err != nil {
			s.t.Fatal(err)
		}
	}
	raw, err := os.ReadFile(filepath.Join(from, "manifest.json"))
	if err != nil {
		s.t.Fatal(err)
	}
	var manifest map[string]any
	if err := json.Unmarshal(raw, &manifest); err != nil {
		s.t.Fatal(err)
	}
	manifest["name"], manifest["version"] = name, version
	if raw, err = json.Marshal(manifest); err == nil {
		err = os.WriteFile(filepath.Join(to, "manifest.json"), raw, 0o600)
	}
	if err != nil {
		s.t.Fatal(err)
	}
	return to
}

// withDatabase gives the shop a database with two tenants.
func (s *modelShop) withDatabase() *postgres.Store {
	s.t.Helper()
	pg := pgtest.New(s.t)
	s.env["GLOBALBRAIN_OWNER_URL"] = pg.DSN(pgtest.Owner)
	store, err := postgres.NewStore(database.New(pg.Owner))
	if err != nil {
		s.t.Fatal(err)
	}
	for _, slug := range []string{"city", "health"} {
		t := &tenant.Tenant{Slug: slug, Name: map[string]string{"en": slug}, Currency: "EUR", Locales: []string{"en"}, Policy: tenant.DefaultPolicy()}
		if _, err := store.CreateTenant(s.t.Context(), t); err != nil {
			s.t.Fatal(err)
		}
	}
	return store
}

// model runs one act and returns what it wrote.
func (s *modelShop) model(code int, args ...string) (out, complaint string) {
	s.t.Helper()
	var stdout, stderr bytes.Buffer
	got := run(s.t.Context(), append([]string{"model"}, args...), console{func(name string) string { return s.env[name] }, strings.NewReader(""), &stdout, &stderr})
	if got != code {
		s.t.Fatalf("model %v: status %d, want %d\n%s%s", args, got, code, stdout.String(), stderr.String())
	}
	return stdout.String(), stderr.String()
}

// lines reads JSON lines.
func lines[T any](t *testing.T, text string) (list []T) {
	t.Helper()
	for line := range strings.Lines(text) {
		var one T
		if err := json.Unmarshal([]byte(line), &one); err != nil {
			t.Fatalf("%v: %s", err, line)
		}
		list = append(list, one)
	}
	return list
}

func says(t *testing.T, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("it does not say %q:\n%s", part, text)
		}
	}
}

func TestModelsAreListedWithoutADatabase(t *testing.T) {
	t.Parallel()
	s := newModelShop(t)
	if err := os.MkdirAll(filepath.Join(s.models, "broken"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(s.models, "broken", "manifest.json"), []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	out, _ := s.model(0, "list")
	says(t, out, "ideas-minilm 1.0.0", "en", "broken: ", "funded AUC", "?")
	out, _ = s.model(0, "list", "-json")
	list := lines[modelLine](t, out)
	if len(list) != 2 || list[0].Error == "" || list[1].Model != "ideas-minilm" || len(list[1].Hash) != 64 || list[1].UsedBy != nil ||
		list[1].Success == nil || !(list[1].Success.Low < list[1].Success.Value) {
		t.Errorf("%+v", list)
	}
}

func TestAModelIsInstalledVerifiedPromotedAndRolledBack(t *testing.T) {
	t.Parallel()
	s := newModelShop(t)
	s.withDatabase()
	source := s.make(t.TempDir(), "brain", "2.0.0", "anything")
	out, _ := s.model(0, "install", source)
	says(t, out, "brain 2.0.0 is installed as brain-2.0.0", "good", "golden_scores.jsonl")
	out, _ = s.model(0, "install", source, "-json")
	if l := lines[installLine](t, out); len(l) != 1 || !l[0].Already || l[0].Model != "brain-2.0.0" {
		t.Errorf("%+v", l)
	}
	out, _ = s.model(0, "verify", "brain-2.0.0", "-json")
	if l := lines[checkLine](t, out); len(l) < 4 || slices.ContainsFunc(l, func(c checkLine) bool { return !c.Good || c.Model != "brain-2.0.0" }) {
		t.Errorf("%+v", l)
	}
	out, _ = s.model(0, "promote", "brain-2.0.0", "-tenant", "city", "-reason", "Better on new authors.")
	says(t, out, "city is answered by brain 2.0.0", "5s")
	out, _ = s.model(0, "promote", "brain-2.0.0", "-reason", "Good for all.", "-json")
	if l := lines[stepLine](t, out); len(l) != 1 || l[0].Model != "brain-2.0.0" || l[0].Act != "promote" || l[0].Step != 1 || l[0].Tenant != "" {
		t.Errorf("%+v", l)
	}
	used := func(folder string) []string {
		t.Helper()
		out, _ := s.model(0, "list", "-json")
		for _, l := range lines[modelLine](t, out) {
			if l.Model == folder {
				return l.UsedBy
			}
		}
		t.Fatalf("%s is not listed", folder)
		return nil
	}
	if got := used("brain-2.0.0"); !slices.Equal(got, []string{"city", "health"}) {
		t.Errorf("used by %v", got)
	}
	out, _ = s.model(0, "rollback", "-reason", "Slower.")
	says(t, out, "every tenant that chose no model")
	if got := used("brain-2.0.0"); !slices.Equal(got, []string{"city"}) {
		t.Errorf("used by %v", got)
	}
	s.model(0, "rollback", "-tenant", "city", "-reason", "Slower.")
	if got := used("ideas-minilm"); !slices.Equal(got, []string{"city", "health"}) {
		t.Errorf("used by %v", got)
	}
	_, complaint := s.model(1, "rollback", "-tenant", "city", "-reason", "Slower.")
	says(t, complaint, "no promotion to take back")
}

func TestWhatModelRefuses(t *testing.T) {
	t.Parallel()
	s := newModelShop(t)
	bad := s.make(t.TempDir(), "bad", "1", "bad")
	if err := os.Remove(filepath.Join(bad, "vocab.txt")); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		code int
		args []string
		says string
	}{
		{"no act", 2, nil, "globalbrain model ACT"},
		{"an unknown act", 2, []string{"dance"}, `no act "dance"`},
		{"help", 0, []string{"-h"}, ""},
		{"the help of an act", 0, []string{"install", "-h"}, "globalbrain model ACT"},
		{"an unknown flag", 2, []string{"list", "-colour"}, "-colour"},
		{"a name that is not asked for", 2, []string{"list", "ideas-minilm"}, `unexpected "ideas-minilm"`},
		{"no name", 2, []string{"install"}, "name the model"},
		{"two names", 2, []string{"verify", "a", "b"}, `unexpected "b"`},
		{"an unknown model to verify", 1, []string{"verify", "none"}, "checks failed"},
		{"an unknown model to promote", 1, []string{"promote", "none", "-reason", "x"}, `no model "none"`},
		{"a launch model", 1, []string{"promote", scoring.DefaultLaunchModel, "-models", modelArgs(t)[1], "-reason", "x"}, "cannot be served by itself"},
		{"no database", 1, []string{"promote", "ideas-minilm", "-reason", "x"}, "owner-url"},
		{"no reason", 1, []string{"rollback"}, "-reason"},
		{"no folder", 1, []string{"install", "/none/at/all"}, "is no folder"},
		{"an empty folder", 1, []string{"install", t.TempDir()}, "no manifest.json"},
		{"a folder without a file", 1, []string{"install", bad}, "vocab.txt"},
		{"no such models folder", 1, []string{"list", "-models", "/none/at/all"}, "/none/at/all"},
	} {
		_, complaint := s.model(c.code, c.args...)
		if !strings.Contains(complaint, c.says) {
			t.Errorf("%s: it says %q, want %q", c.name, complaint, c.says)
		}
	}
	entries, err := os.ReadDir(s.models)
	if err != nil || len(entries) != 1 {
		t.Errorf("the models folder holds %v, %v", entries, err)
	}
}

func TestAModelWhoseFilesChangedFailsItsVerification(t *testing.T) {
	t.Parallel()
	s := newModelShop(t)
	broken := s.make(s.models, "odd", "1", "odd-1")
	path := filepath.Join(broken, "vocab.txt")
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte("[PAD]\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	s.model(0, "install", filepath.Join(modelArgs(t)[1], scoring.DefaultLaunchModel))
	out, complaint := s.model(1, "verify")
	says(t, out, "FAILED", "vocab.txt", "good", scoring.DefaultLaunchModel)
	says(t, complaint, "1 of ", "checks failed")
	_, complaint = s.model(1, "promote", "odd-1", "-reason", "x")
	says(t, complaint, "vocab.txt")
}

func TestATenantThatIsNotThereHasNoModel(t *testing.T) {
	t.Parallel()
	s := newModelShop(t)
	s.withDatabase()
	_, complaint := s.model(1, "promote", "ideas-minilm", "-tenant", "nowhere", "-reason", "x")
	says(t, complaint, `find tenant "nowhere"`)
}
