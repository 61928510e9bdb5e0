package scoring

import (
	"bufio"
	"fmt"
	"os"
	"runtime"
	"strings"
	"testing"
)

// resident returns the process's memory in kilobytes.
func resident(t *testing.T) float64 {
	t.Helper()
	status, err := os.Open("/proc/self/status")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = status.Close() }()
	lines := bufio.NewScanner(status)
	for lines.Scan() {
		if rest, ok := strings.CutPrefix(lines.Text(), "VmRSS:"); ok {
			var kilobytes float64
			if _, err := fmt.Sscan(rest, &kilobytes); err != nil {
				t.Fatal(err)
			}
			return kilobytes
		}
	}
	t.Fatal("the system does not say how much memory is in use")
	return 0
}

// It is not parallel: the memory is the whole process's.
func TestSwapsLeaveTheMemoryWhereItWas(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("memory is handed back on Linux only")
	}
	s := open(t, options(t))
	score := func() {
		if _, err := s.Score(t.Context(), draft); err != nil {
			t.Fatal(err)
		}
	}
	score()
	if err := s.Swap(shipped(t)); err != nil {
		t.Fatal(err)
	}
	score()
	before := resident(t)
	for range 6 {
		if err := s.Swap(shipped(t)); err != nil {
			t.Fatal(err)
		}
		score()
	}
	if after := resident(t); after > 1.1*before {
		t.Errorf("%.0f MB before six swaps, %.0f MB after", before/1024, after/1024)
	}
}
