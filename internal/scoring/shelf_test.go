package scoring

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"globalbrain/internal/errs"
)

// bookcase is a models folder of the test's own: the shipped model and variants
// of it, which share its files.
func bookcase(t *testing.T, variants ...string) string {
	t.Helper()
	folder := t.TempDir()
	place(t, folder, DefaultModel, func(map[string]any) {})
	for _, name := range variants {
		place(t, folder, name, func(m map[string]any) {
			m["name"] = name
			temperature := m["calibration"].(map[string]any)["success"].(map[string]any)
			temperature["temperature"] = temperature["temperature"].(float64) * (1 + float64(len(name))/10)
		})
	}
	return folder
}

// place puts a variant of the shipped model into a models folder. Its large
// files are links: they are not changed.
func place(t testing.TB, models, name string, edit func(manifest map[string]any)) {
	t.Helper()
	from, to := shipped(t), filepath.Join(models, name)
	if err := os.Mkdir(to, 0o755); err != nil {
		t.Fatal(err)
	}
	files, err := os.ReadDir(from)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if f.Name() == manifestName {
			continue
		}
		target, err := filepath.Abs(filepath.Join(from, f.Name()))
		switch {
		case err != nil:
		case f.Name() == CardName: // which no link may replace
			err = copyFile(target, filepath.Join(to, CardName))
		default:
			err = os.Symlink(target, filepath.Join(to, f.Name()))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	raw, err := os.ReadFile(filepath.Join(from, manifestName))
	if err != nil {
		t.Fatal(err)
	}
	var manifest map[string]any
	if err := json.Unmarshal(raw, &manifest); err != nil {
		t.Fatal(err)
	}
	edit(manifest)
	writeManifest(t, to, manifest)
}

func writeManifest(t testing.TB, folder string, manifest map[string]any) {
	t.Helper()
	raw, err := json.Marshal(manifest)
	if err == nil {
		err = os.WriteFile(filepath.Join(folder, manifestName), raw, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func shelf(t *testing.T, o Options, limit int) *Shelf {
	t.Helper()
	s, err := OpenShelf(o, limit)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// ask scores the draft with one model of the shelf.
func ask(t *testing.T, s *Shelf, ref Ref) (score Score) {
	t.Helper()
	err := s.Ask(t.Context(), ref, func(scorer *Scorer) (err error) {
		score, err = scorer.Score(t.Context(), draft)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return score
}

// isOpen lists which models are open beside the program's own.
func (s *Shelf) isOpen() (open []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for ref, b := range s.books {
		if b.scorer != nil {
			open = append(open, ref.Folder)
		}
	}
	return open
}

func TestAShelfServesManyModelsAtOnce(t *testing.T) {
	t.Parallel()
	registry := prometheus.NewPedanticRegistry()
	s := shelf(t, Options{Models: bookcase(t, "one", "fourteen"), Library: library(t), Metrics: registry}, 2)
	own, one, fourteen := ask(t, s, Ref{}), ask(t, s, Ref{Folder: "one"}), ask(t, s, Ref{Folder: "fourteen"})
	if own.Model == one.Model || one.ModelHash == fourteen.ModelHash || own.Success == one.Success || one.Success == fourteen.Success {
		t.Errorf("%+v\n%+v\n%+v", own, one, fourteen)
	}
	var callers sync.WaitGroup
	for n := range 24 {
		ref, want := Ref{}, own
		switch n % 3 {
		case 1:
			ref, want = Ref{Folder: "one", Hash: ""}, one
		case 2:
			ref, want = Ref{Folder: "fourteen"}, fourteen
		}
		callers.Go(func() {
			if got := ask(t, s, ref); !reflect.DeepEqual(got, want) {
				t.Errorf("%s: %+v, want %+v", ref.Folder, got, want)
			}
		})
	}
	callers.Wait()
	if open := metric(t, registry, "models_opened_total", ""); open != 3 {
		t.Errorf("%g models were opened", open)
	}
	if again := ask(t, s, Ref{Folder: DefaultModel, Hash: own.ModelHash}); !reflect.DeepEqual(again, own) || len(s.isOpen()) != 2 {
		t.Errorf("the own model by its name: %+v, open %v", again, s.isOpen())
	}
}

func TestAModelThatWasClosedScoresTheSameWhenItIsOpenedAgain(t *testing.T) {
	t.Parallel()
	s := shelf(t, Options{Models: bookcase(t, "one", "two"), Library: library(t)}, 1)
	before := ask(t, s, Ref{Folder: "one"})
	ask(t, s, Ref{Folder: "two"}) // takes its place
	if open := s.isOpen(); len(open) != 1 || open[0] != "two" {
		t.Errorf("open: %v", open)
	}
	if after := ask(t, s, Ref{Folder: "one"}); !reflect.DeepEqual(after, before) {
		t.Errorf("%+v, before %+v", after, before)
	}
	s.sweep(time.Now().Add(shelfIdle - time.Minute))
	if len(s.isOpen()) != 1 {
		t.Error("closed although it was just asked")
	}
	s.sweep(time.Now().Add(shelfIdle))
	if open := s.isOpen(); len(open) != 0 {
		t.Errorf("still open: %v", open)
	}
}

func TestAModelThatIsBeingAskedIsNotClosed(t *testing.T) {
	t.Parallel()
	s := shelf(t, Options{Models: bookcase(t, "one", "two"), Library: library(t)}, 1)
	err := s.Ask(t.Context(), Ref{Folder: "one"}, func(one *Scorer) error {
		s.sweep(time.Now().Add(time.Hour))
		err := s.Ask(t.Context(), Ref{Folder: "two"}, func(*Scorer) error { return nil })
		if busy, ok := errors.AsType[*errs.Error](err); !ok || busy.Kind != errs.Unavailable || busy.RetryAfter == 0 {
			t.Errorf("a full shelf says %v", err)
		}
		_, err = one.Score(t.Context(), draft)
		return err
	})
	if err != nil {
		t.Error(err)
	}
	ask(t, s, Ref{Folder: "two"})
}

func TestAModelThatCannotBeServedIsSaidToAndTriedAgainLater(t *testing.T) {
	t.Parallel()
	models := bookcase(t, "one")
	registry := prometheus.NewPedanticRegistry()
	s := shelf(t, Options{Models: models, Library: library(t), Metrics: registry}, 0)
	nothing := func(*Scorer) error { return nil }
	for _, c := range []struct {
		name, says string
		ref        Ref
	}{
		{"none of this name", "no such file", Ref{Folder: "two"}},
		{"changed since it was promoted", "promote it again", Ref{Folder: "one", Hash: "abc"}},
		{"not in the folder", "no folder's name", Ref{Folder: "../one"}},
	} {
		err := s.Ask(t.Context(), c.ref, nothing)
		if broken, ok := errors.AsType[*NotServedError](err); !ok || broken.Ref != c.ref || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	if got := metric(t, registry, "models_failed_total", "two"); got != 1 {
		t.Errorf("%g failures were counted", got)
	}
	place(t, models, "two", func(m map[string]any) { m["name"] = "two" })
	if err := s.Ask(t.Context(), Ref{Folder: "two"}, nothing); err == nil {
		t.Error("a failure was not remembered")
	}
	s.mu.Lock()
	s.books[Ref{Folder: "two"}].last = time.Now().Add(-shelfRetry)
	s.mu.Unlock()
	if err := s.Ask(t.Context(), Ref{Folder: "two"}, nothing); err != nil {
		t.Errorf("mended, and still %v", err)
	}
}

func TestACallerWhoLeavesDoesNotTakeTheModelAway(t *testing.T) {
	t.Parallel()
	s := shelf(t, Options{Models: bookcase(t, "one"), Library: library(t)}, 0)
	gone, leave := context.WithCancel(t.Context())
	leave()
	if err := s.Ask(gone, Ref{Folder: "one"}, func(*Scorer) error { return nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	ask(t, s, Ref{Folder: "one"})
}

func TestAShelfThatIsClosedServesNobody(t *testing.T) {
	t.Parallel()
	s := shelf(t, Options{Models: bookcase(t, "one"), Library: library(t)}, 0)
	ask(t, s, Ref{Folder: "one"})
	for range 2 {
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	for _, ref := range []Ref{{}, {Folder: "one"}} {
		err := s.Ask(t.Context(), ref, func(scorer *Scorer) error {
			_, err := scorer.Score(t.Context(), draft)
			return err
		})
		if errs.CodeOf(err) != "scoring.closed" {
			t.Errorf("%q: %v", ref.Folder, err)
		}
	}
}
