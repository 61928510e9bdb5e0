package scoring

import (
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
)

// noAdopter refuses folders of other programs.
func noAdopter(string, string) error { return errors.New("not a model folder") }

// verifier checks a folder as the command does.
func verifier(t *testing.T) func(string) error {
	t.Helper()
	return func(folder string) error {
		_, err := Verify(folder, library(t), func(Check) {})
		return err
	}
}

// contents lists everything in a models folder, hidden or not.
func contents(t *testing.T, models string) (names []string) {
	t.Helper()
	entries, err := os.ReadDir(models)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

func TestAModelIsInstalledUnderItsNameAndVersionOnce(t *testing.T) {
	t.Parallel()
	source, models := t.TempDir(), t.TempDir()
	place(t, source, "brain", func(m map[string]any) { m["name"], m["version"] = "brain", "2.0.0" })
	from := filepath.Join(source, "brain")
	done, err := Install(from, models, noAdopter, verifier(t))
	if err != nil || done.Folder != "brain-2.0.0" || done.Already || done.Manifest.Title() != "brain 2.0.0" {
		t.Fatalf("%+v, %v", done, err)
	}
	if _, err := Verify(filepath.Join(models, done.Folder), library(t), func(Check) {}); err != nil {
		t.Error(err)
	}
	if card, err := Card(models, done.Folder); err != nil || !strings.Contains(card, "Model card") {
		t.Errorf("the card is %.40q, %v", card, err)
	}
	again, err := Install(from, models, noAdopter, func(string) error { return errors.New("verified again") })
	if err != nil || !again.Already || again.Folder != done.Folder {
		t.Errorf("the second time: %+v, %v", again, err)
	}
	place(t, source, "other", func(m map[string]any) {
		m["name"], m["version"], m["licence"] = "brain", "2.0.0", "another"
	})
	if _, err := Install(filepath.Join(source, "other"), models, noAdopter, verifier(t)); err == nil || !strings.Contains(err.Error(), "another version") {
		t.Errorf("other content of the same version: %v", err)
	}
	if got := contents(t, models); !slices.Equal(got, []string{"brain-2.0.0"}) {
		t.Errorf("the folder holds %v", got)
	}
	list, err := ListInstalled(models)
	if err != nil || len(list) != 1 || list[0].Err != nil || list[0].Manifest.Hash() != done.Manifest.Hash() {
		t.Errorf("%+v, %v", list, err)
	}
}

func TestALaunchModelIsInstalledOnceAndIsNoModelOfIdeas(t *testing.T) {
	t.Parallel()
	into := t.TempDir()
	for _, already := range []bool{false, true} {
		done, err := Install(filepath.Join(models, DefaultLaunchModel), into, noAdopter, func(string) error { return nil })
		if err != nil || done.Already != already {
			t.Fatalf("%+v, %v", done, err)
		}
	}
	if folders, err := Folders(into); err != nil || len(folders) != 1 {
		t.Errorf("folders: %v, %v", folders, err)
	}
	if list, err := ListInstalled(into); err != nil || len(list) != 0 {
		t.Errorf("models of ideas: %+v, %v", list, err)
	}
}

func TestABadModelIsRefusedWithEveryComplaintAndLeavesNothing(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		edit func(t *testing.T, folder string)
		says []string
	}{
		{"a broken manifest", func(t *testing.T, folder string) {
			t.Helper()
			writeManifest(t, folder, map[string]any{"schema": 7})
		}, []string{"schema 7", "no name", "languages", "temperature"}},
		{"a manifest that is no JSON", func(t *testing.T, folder string) {
			t.Helper()
			swap(t, folder, manifestName, "{")
		}, []string{"manifest.json"}},
		{"missing files", func(t *testing.T, folder string) {
			t.Helper()
			for _, name := range []string{goldenIDs, graphName} {
				if err := os.Remove(filepath.Join(folder, name)); err != nil {
					t.Fatal(err)
				}
			}
		}, []string{goldenIDs, graphName}},
		{"files with other content", func(t *testing.T, folder string) {
			t.Helper()
			swap(t, folder, graphName, "no graph")
			swap(t, folder, vocabularyName, "[PAD]\n")
		}, []string{"model.onnx", "vocab.txt", "the manifest says"}},
		{"a card that leads out of the folder", func(t *testing.T, folder string) {
			t.Helper()
			secret, card := filepath.Join(t.TempDir(), "secret"), filepath.Join(folder, CardName)
			_ = os.Remove(card)
			if err := errors.Join(os.WriteFile(secret, []byte("secret"), 0o600), os.Symlink(secret, card)); err != nil {
				t.Fatal(err)
			}
		}, []string{CardName, "must lie in the folder"}},
		{"a card that is a pipe", func(t *testing.T, folder string) {
			t.Helper()
			card := filepath.Join(folder, CardName)
			_ = os.Remove(card)
			if err := syscall.Mkfifo(card, 0o600); err != nil {
				t.Fatal(err)
			}
		}, []string{CardName, "no plain file"}},
		{"nothing at all", func(t *testing.T, folder string) {
			t.Helper()
			if err := os.RemoveAll(folder); err != nil {
				t.Fatal(err)
			}
		}, []string{"not a model folder"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			source, models := t.TempDir(), t.TempDir()
			place(t, source, "bad", func(m map[string]any) { m["name"] = "bad" })
			c.edit(t, filepath.Join(source, "bad"))
			_, err := Install(filepath.Join(source, "bad"), models, noAdopter, verifier(t))
			if err == nil {
				t.Fatal("installed")
			}
			for _, part := range c.says {
				if !strings.Contains(err.Error(), part) {
					t.Errorf("it does not say %q: %v", part, err)
				}
			}
			if left := contents(t, models); len(left) != 0 {
				t.Errorf("it left %v", left)
			}
		})
	}
}

// swap replaces one file of a folder by another text.
func swap(t *testing.T, folder, name, text string) {
	t.Helper()
	path := filepath.Join(folder, name)
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestWhatAKilledInstallationLeftIsSweptAndNeverListed(t *testing.T) {
	t.Parallel()
	source, models := t.TempDir(), t.TempDir()
	half := filepath.Join(models, unfinished+"123")
	if err := os.MkdirAll(half, 0o755); err != nil {
		t.Fatal(err)
	}
	place(t, half, "inside", func(map[string]any) {})
	if list, err := ListInstalled(models); err != nil || len(list) != 0 {
		t.Errorf("%+v, %v", list, err)
	}
	place(t, source, "brain", func(m map[string]any) { m["name"], m["version"] = "brain", "1" })
	stop := errors.New("killed here")
	if _, err := Install(filepath.Join(source, "brain"), models, noAdopter, func(string) error { return stop }); !errors.Is(err, stop) {
		t.Errorf("got %v", err)
	}
	if left := contents(t, models); len(left) != 0 {
		t.Errorf("left: %v", left)
	}
}

func TestAProcessThatIsKilledWhileItInstallsLeavesNoModel(t *testing.T) {
	t.Parallel()
	if into := os.Getenv("KILLED_INTO"); into != "" { // the process that is killed, by itself, when its copy is complete
		_, err := Install(os.Getenv("KILLED_FROM"), into, noAdopter, func(string) error {
			return syscall.Kill(os.Getpid(), syscall.SIGKILL)
		})
		t.Fatal("survived", err)
	}
	source, models := t.TempDir(), t.TempDir()
	place(t, source, "brain", func(m map[string]any) { m["name"], m["version"] = "brain", "1" })
	from := filepath.Join(source, "brain")
	child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^"+t.Name()+"$") //nolint:gosec // G204: this very program
	child.Env = append(os.Environ(), "KILLED_FROM="+from, "KILLED_INTO="+models)
	err := child.Run()
	status, ok := errors.AsType[*exec.ExitError](err)
	if !ok || status.Sys().(syscall.WaitStatus).Signal() != syscall.SIGKILL {
		t.Fatalf("the process ended with %v", err)
	}
	if left := contents(t, models); len(left) != 1 || !strings.HasPrefix(left[0], unfinished) {
		t.Fatalf("it was not killed half-way: %v", left)
	}
	if list, err := ListInstalled(models); err != nil || len(list) != 0 {
		t.Errorf("it left a model: %+v, %v", list, err)
	}
	if _, err := Install(from, models, noAdopter, verifier(t)); err != nil {
		t.Fatal(err)
	}
	if got := contents(t, models); !slices.Equal(got, []string{"brain-1"}) {
		t.Errorf("the folder holds %v", got)
	}
}

func TestOneInstallsAtATime(t *testing.T) {
	t.Parallel()
	source, models := t.TempDir(), t.TempDir()
	place(t, source, "brain", func(m map[string]any) { m["name"], m["version"] = "brain", "1" })
	from := filepath.Join(source, "brain")
	_, err := Install(from, models, noAdopter, func(string) error {
		if _, err := Install(from, models, noAdopter, nil); err == nil || !strings.Contains(err.Error(), "somebody else is installing") {
			t.Errorf("a second one meanwhile: %v", err)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

func TestAFolderOfAnotherProgramIsAdopted(t *testing.T) {
	t.Parallel()
	models := t.TempDir()
	adopt := func(source, destination string) error {
		if source != "elsewhere" {
			t.Errorf("adopts %s", source)
		}
		from := t.TempDir()
		place(t, from, "made", func(m map[string]any) { m["name"], m["version"] = "made", "3" })
		return fetch(filepath.Join(from, "made"), destination, noAdopter)
	}
	if done, err := Install("elsewhere", models, adopt, verifier(t)); err != nil || done.Folder != "made-3" {
		t.Errorf("%+v, %v", done, err)
	}
}

func TestVerifySaysEachCheck(t *testing.T) {
	t.Parallel()
	models := bookcase(t)
	var names []string
	m, err := Verify(filepath.Join(models, DefaultModel), library(t), func(c Check) {
		names = append(names, c.Name)
		if c.Err != nil || c.Detail == "" {
			t.Errorf("%+v", c)
		}
	})
	if want := []string{"manifest", "files", "graph", goldenClean, goldenIDs, goldenScores}; err != nil || m == nil || !slices.Equal(names, want) {
		t.Errorf("%v, %v", names, err)
	}
}

// A model that gives other numbers than those that were recorded is found out,
// although every file is the one that its manifest names.
func TestVerifyFindsAModelThatScoresOtherwise(t *testing.T) {
	t.Parallel()
	models := t.TempDir()
	place(t, models, "odd", func(m map[string]any) {
		m["calibration"].(map[string]any)["success"].(map[string]any)["intercept"] = 2.5
	})
	var bad []string
	_, err := Verify(filepath.Join(models, "odd"), library(t), func(c Check) {
		if c.Err != nil {
			bad = append(bad, c.Name)
		}
	})
	if err == nil || !slices.Equal(bad, []string{goldenScores}) || !strings.Contains(err.Error(), "probability") {
		t.Errorf("%v, %v", bad, err)
	}
}

func TestAnUnknownFolderIsNoModel(t *testing.T) {
	t.Parallel()
	models := bookcase(t)
	for _, name := range []string{"", ".", "..", "../" + DefaultModel, "none", ".hidden", "a/b", strings.Repeat("x", 200)} {
		if _, err := FindInstalled(models, name); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%q: %v", name, err)
		}
		if _, err := Card(models, name); name != "none" && !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("the card of %q: %v", name, err)
		}
	}
	if found, err := FindInstalled(models, DefaultModel); err != nil || found.Err != nil || found.Manifest == nil {
		t.Errorf("%+v, %v", found, err)
	}
}
