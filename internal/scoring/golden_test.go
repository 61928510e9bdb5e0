package scoring

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"go.uber.org/goleak"
)

// What the tests run on, from this folder: `make build` and the shipped model.
var (
	models  = cmp.Or(os.Getenv("GLOBALBRAIN_MODELS"), filepath.Join("..", "..", "models"))
	program = filepath.Join("..", "..", "bin", "globalbrain")
)

// shipped returns the folder of the model that the project ships.
func shipped(t testing.TB) string {
	t.Helper()
	folder := filepath.Join(models, DefaultModel)
	if _, err := os.Stat(filepath.Join(folder, manifestName)); err != nil {
		t.Fatalf("the shipped model is missing (%v): `make train DATA=...` builds it", err)
	}
	return folder
}

func library(t testing.TB) string {
	t.Helper()
	cache, _ := os.UserCacheDir()
	path, err := FindRuntime(os.Getenv("GLOBALBRAIN_ONNXRUNTIME"), program, cache)
	if err != nil {
		t.Fatal(err)
	}
	return path
}

func options(t testing.TB) Options {
	t.Helper()
	shipped(t)
	return Options{Models: models, Library: library(t)}
}

// open returns a scorer of the test's own.
func open(t testing.TB, o Options) *Scorer {
	t.Helper()
	s, err := Open(o)
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

// shared is the scorer of the tests that only ask.
var shared struct {
	sync.Mutex
	scorer *Scorer
}

func scorer(t testing.TB) *Scorer {
	t.Helper()
	shared.Lock()
	defer shared.Unlock()
	if shared.scorer == nil {
		s, err := Open(options(t))
		if err != nil {
			t.Fatal(err)
		}
		shared.scorer = s
	}
	return shared.scorer
}

func TestMain(m *testing.M) {
	code := m.Run()
	if shared.scorer != nil {
		if err := shared.scorer.Close(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			code = 1
		}
	}
	if err := goleak.Find(); err != nil && code == 0 {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

// golden reads a JSON Lines file of the shipped model.
func golden[T any](t testing.TB, name string) []T {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(shipped(t), name))
	if err != nil {
		t.Fatal(err)
	}
	var rows []T
	lines := bufio.NewScanner(bytes.NewReader(content))
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var row T
		if err := json.Unmarshal(lines.Bytes(), &row); err != nil {
			t.Fatalf("%s, line %d: %v", name, len(rows)+1, err)
		}
		rows = append(rows, row)
	}
	if err := lines.Err(); err != nil || len(rows) == 0 {
		t.Fatalf("%s: %d rows, %v", name, len(rows), err)
	}
	return rows
}
