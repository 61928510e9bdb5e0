package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func bench(t testing.TB, args ...string) (out, complaints string, err error) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	err = runBench(t.Context(), args, console{os.Getenv, nil, &stdout, &stderr})
	return stdout.String(), stderr.String(), err
}

func TestBenchScorePrintsOneLine(t *testing.T) {
	t.Parallel()
	out, _, err := bench(t, slices.Concat([]string{"score", "-n", "8", "-rounds", "1", "-calls", "4", "-swaps", "1"}, modelArgs(t))...)
	if err != nil {
		t.Fatal(err)
	}
	var got map[string]any
	if err := json.Unmarshal([]byte(out), &got); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{
		"ideas_per_second", "onnxruntime_ideas_per_second", "ratio", "cpu_ratio", "prepare_share", "idle_ms", "idle_p99_ms",
		"p50_ms", "p99_ms", "lanes_p99_ms", "coach_p95_ms", "rss_mb", "swaps_rss_ratio",
	} {
		if n, ok := got[name].(float64); !ok || n <= 0 {
			t.Errorf("%s is %v", name, got[name])
		}
	}
}

func TestBenchSoakPrintsTheMemoryAsItGoes(t *testing.T) {
	t.Parallel()
	out, _, err := bench(t, slices.Concat([]string{"soak", "-ideas", "60", "-lines", "1", "-short"}, modelArgs(t))...)
	if err != nil {
		t.Fatal(err)
	}
	var got soakLine
	if err := json.Unmarshal([]byte(out), &got); err != nil {
		t.Fatalf("%q: %v", out, err)
	}
	if got.Ideas != 60 || got.Asked < 30 || got.RSS <= 0 || got.Heap <= 0 || got.Growth != 1 {
		t.Errorf("got %+v", got)
	}
}

func TestBenchIsCalledWronglyAndSaysHow(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{nil, {"nothing"}, {"score", "-n", "0"}, {"soak", "-ideas", "-1"}, {"compare", "more"}, {"score", "-x"}} {
		if _, complaints, err := bench(t, args...); !errors.Is(err, errUsage) || !strings.Contains(complaints, "bench") {
			t.Errorf("%q: %v, it said %q", args, err, complaints)
		}
	}
}

func TestBenchExplainsItselfWhenAsked(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"-h"}, {"help"}, {"score", "-h"}} {
		if _, said, err := bench(t, args...); !errors.Is(err, flag.ErrHelp) || !strings.Contains(said, "globalbrain bench score") {
			t.Errorf("%q: %v, it said %q", args, err, said)
		}
	}
}

// A stand-in speaks the protocol of the lab's module, so that the table is made
// where there is no lab: it is told what it answers, and the rest is real.
func TestBenchComparePrintsATableWithWhatIsThere(t *testing.T) {
	t.Parallel()
	few := slices.Concat([]string{"compare", "-n", "4", "-rounds", "1", "-calls", "4", "-swaps", "1"}, modelArgs(t))
	out, _, err := bench(t, append(few, "-python", filepath.Join(t.TempDir(), "none"))...)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Count(out, "there is no Python at") != len(rivals) || !strings.Contains(out, "bare ONNX Runtime") || strings.Contains(out, "NaN") {
		t.Errorf("without Python:\n%s", out)
	}
	speaker := filepath.Join(t.TempDir(), "python")
	script := "#!/bin/sh\nread -r ideas\necho '{\"setting\":\"all at once\"}'\nwhile read -r line; do echo '{\"seconds\":8}'; done\n"
	if err := os.WriteFile(speaker, []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}
	out, _, err = bench(t, append(few, "-python", speaker)...)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Count(out, "(all at once)") != len(rivals) || strings.Count(out, "met") < 2 {
		t.Errorf("with rivals that take 8 seconds:\n%s", out)
	}
	if err := os.WriteFile(speaker, []byte("#!/bin/sh\necho 'No module named ideaslab' >&2\nexit 1\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	out, _, err = bench(t, append(few, "-python", speaker)...)
	if err != nil || strings.Count(out, "No module named ideaslab") != len(rivals) {
		t.Errorf("with a Python that ends: %v\n%s", err, out)
	}
}

func TestLanesServeCallsInTheirOrder(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name                      string
		arrivals, durations, want []float64
		lanes                     int
	}{
		{"an idle lane serves at once", []float64{0, 10}, []float64{5, 5}, []float64{5, 5}, 1},
		{"who comes while the lane is busy waits", []float64{0, 1, 2}, []float64{5, 5, 5}, []float64{5, 9, 13}, 1},
		{"another lane takes the second, and the third waits for the first that is free", []float64{0, 1, 2}, []float64{5, 2, 4}, []float64{5, 2, 5}, 2},
	} {
		if got := laneTimes(c.arrivals, c.durations, c.lanes); !slices.Equal(got, c.want) {
			t.Errorf("%s: got %v, want %v", c.name, got, c.want)
		}
	}
	at := arrivalsOf(1000, 10)
	if !slices.IsSorted(at) || math.Abs(at[999]/1000-10) > 1 {
		t.Errorf("1000 arrivals, 10 apart on average, end at %g", at[999])
	}
}
