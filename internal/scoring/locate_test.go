package scoring

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestWhereTheLibraryIsFound(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	program := filepath.Join(root, "bin", "globalbrain")
	cache := filepath.Join(root, "cache")
	_, err := FindRuntime("", program, cache)
	if err == nil || !strings.Contains(err.Error(), "make build") || !strings.Contains(err.Error(), "GLOBALBRAIN_ONNXRUNTIME") {
		t.Errorf("got %v; want it to say how to get the library", err)
	}
	for _, place := range []string{ // each before the last
		filepath.Join(cache, "globalbrain", "onnxruntime", RuntimeVersion, libraryName),
		filepath.Join(root, "bin", "lib", libraryName),
	} {
		if err := os.MkdirAll(filepath.Dir(place), 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(place, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		if got, err := FindRuntime("", program, cache); err != nil || got != place {
			t.Errorf("got %q, %v; want %q", got, err, place)
		}
	}
	if _, err := FindRuntime(filepath.Join(root, "none"), program, cache); err == nil {
		t.Error("a library that was named and is not there was replaced by another")
	}
}

func TestWhereTheModelsAreFound(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	program := filepath.Join(root, "bin", "globalbrain")
	beside := filepath.Join(root, "models")
	if err := os.MkdirAll(beside, 0o750); err != nil {
		t.Fatal(err)
	}
	if got, err := FindModels("", program); err != nil || got != beside {
		t.Errorf("got %q, %v; want %q", got, err, beside)
	}
	if got, err := FindModels(root, program); err != nil || got != root {
		t.Errorf("got %q, %v; want the one that was named", got, err)
	}
	if _, err := FindModels(filepath.Join(root, "none"), program); err == nil {
		t.Error("a folder that was named and is not there was replaced by another")
	}
}

// One version is pinned, in the script that fetches it.
func TestThePinnedRuntimeIsTheOneThatIsLookedFor(t *testing.T) {
	t.Parallel()
	script, err := os.ReadFile(filepath.Join("..", "..", "deploy", "onnxruntime.sh"))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(script), "\nversion="+RuntimeVersion+"\n") {
		t.Errorf("deploy/onnxruntime.sh does not pin version %s", RuntimeVersion)
	}
}
