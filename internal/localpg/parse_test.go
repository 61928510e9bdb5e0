package localpg

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestParseVersion(t *testing.T) {
	t.Parallel()
	tests := []struct {
		line, version string
		major         int
	}{
		{"postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)\n", "15.18", 15},
		{"postgres (PostgreSQL) 17beta1", "17beta1", 17},
		{"postgres (PostgreSQL) 18.0", "18.0", 18},
		{"postgres", "", 0},
		{"postgres (PostgreSQL) devel", "", 0},
		{"", "", 0},
	}
	for _, tt := range tests {
		version, major, err := parseVersion(tt.line)
		if version != tt.version || major != tt.major || (err != nil) != (tt.major == 0) {
			t.Errorf("%q: %q, %d, %v", tt.line, version, major, err)
		}
	}
}

func TestInspectRefusesAnOldServer(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for _, name := range []string{"postgres", "initdb"} {
		script := "#!/bin/sh\necho 'postgres (PostgreSQL) 14.9'\n"
		if err := os.WriteFile(filepath.Join(dir, name), []byte(script), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	_, err := inspect(t.Context(), dir, place{})
	if err == nil || !strings.Contains(err.Error(), "older than 15") {
		t.Errorf("got %v", err)
	}
}

func TestANamedFolderWithoutPostgresIsAnError(t *testing.T) {
	t.Parallel()
	_, err := Start(t.Context(), Options{Dir: clusterDir(t), BinDir: t.TempDir()})
	if err == nil || !strings.Contains(err.Error(), "no postgres") {
		t.Errorf("got %v", err)
	}
}

func FuzzParsePidFile(f *testing.F) {
	f.Add("4242\n/srv/data\n1700000000\n5432\n/srv/run\n\n")
	f.Add("4242\n/srv/data\n")
	f.Add("-1\n\n\n\n\n")
	f.Fuzz(func(t *testing.T, text string) {
		pf, err := parsePidFile(text)
		if err == nil && pf.pid <= 1 {
			t.Errorf("%q gave process %d, which must never be signalled", text, pf.pid)
		}
	})
}
