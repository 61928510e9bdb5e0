package migrations_test

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"

	"globalbrain/internal/localpg"
	"globalbrain/internal/pgtest"
)

var update = flag.Bool("update", false, "write schema.sql anew")

// dumpedBy is the major version of Postgres that schema.sql was dumped with.
const dumpedBy = 15

func TestTheCheckedInSchemaIsWhatTheMigrationsMake(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	var version int
	if err := db.Super.QueryRow(t.Context(), "select current_setting('server_version_num')::int / 10000").Scan(&version); err != nil {
		t.Fatal(err)
	}
	if version != dumpedBy {
		t.Skipf("schema.sql was dumped by Postgres %d; %d writes the same schema in other words", dumpedBy, version)
	}
	program, err := db.Program("pg_dump")
	if err != nil {
		t.Fatal(err)
	}
	dump, err := exec.CommandContext(t.Context(), program, "--schema-only", "--dbname", db.DSN(localpg.Superuser)).Output()
	if err != nil {
		t.Fatalf("pg_dump: %v", err)
	}
	got := steady(string(dump))
	if *update {
		if err := os.WriteFile("schema.sql", []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile("schema.sql")
	if err != nil {
		t.Fatal(err)
	}
	if line, ok := firstDifference(got, string(want)); !ok {
		t.Errorf("schema.sql is not what the migrations make, from line %d on; \"make verify\" writes it anew", line)
	}
}

// steady leaves out of a dump what changes from one dump to the next or says
// nothing about the schema: comments, settings of the session, keys.
func steady(dump string) string {
	var kept strings.Builder
	fmt.Fprintf(&kept, "-- The schema after all migrations, as Postgres %d dumps it. \"make verify\" writes this file.\n", dumpedBy)
	blank := false
	for line := range strings.Lines(dump) {
		switch {
		case strings.TrimSpace(line) == "":
			blank = true
		case strings.HasPrefix(line, "--"), strings.HasPrefix(line, `\`), strings.HasPrefix(line, "SET "),
			strings.HasPrefix(line, "SELECT pg_catalog.set_config"):
		default:
			if blank {
				kept.WriteByte('\n')
				blank = false
			}
			kept.WriteString(line)
		}
	}
	return kept.String()
}

// firstDifference returns the number of the first line that is not the same,
// and whether there is none.
func firstDifference(a, b string) (int, bool) {
	if a == b {
		return 0, true
	}
	left, right := strings.Split(a, "\n"), strings.Split(b, "\n")
	n := 0
	for n < len(left) && n < len(right) && left[n] == right[n] {
		n++
	}
	return n + 1, false
}
