package archtest

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

const module = "globalbrain"

func root(t *testing.T) string {
	t.Helper()
	dir, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

func listed(t *testing.T) []Package {
	t.Helper()
	packages, err := List(root(t))
	if err != nil {
		t.Fatal(err)
	}
	return packages
}

func TestEveryImportGoesDown(t *testing.T) {
	t.Parallel()
	packages := listed(t)
	if !slices.ContainsFunc(packages, func(p Package) bool { return p.ImportPath == module+"/internal/errs" }) {
		t.Fatal("the list of packages does not hold internal/errs: the check would see nothing")
	}
	for _, breach := range Check(module, house, packages) {
		t.Error(breach)
	}
}

func TestTheTableAllowsNoMoreThanIsNeeded(t *testing.T) {
	t.Parallel()
	for _, breach := range Unused(module, house, listed(t)) {
		t.Error(breach)
	}
}

func TestTheDomainHasNoClock(t *testing.T) {
	t.Parallel()
	c := checker{module: module, table: house}
	for _, p := range listed(t) {
		rel, ours := c.below(p.ImportPath)
		r, known := c.rowOf(rel)
		if !ours || !known || r.floor > domain || r.io {
			continue
		}
		for _, name := range p.GoFiles {
			source, err := os.ReadFile(filepath.Join(p.Dir, name))
			if err != nil {
				t.Fatal(err)
			}
			breaches, err := CheckClock(rel+"/"+name, source)
			if err != nil {
				t.Error(err)
			}
			for _, breach := range breaches {
				t.Error(breach)
			}
		}
	}
}

func TestTheTreeIsTidy(t *testing.T) {
	t.Parallel()
	breaches, err := CheckTree(os.DirFS(root(t)))
	if err != nil {
		t.Fatal(err)
	}
	for _, breach := range breaches {
		t.Error(breach)
	}
}

func TestTheTableItselfNeverGoesRound(t *testing.T) {
	t.Parallel()
	floors := map[string]row{}
	for _, r := range house {
		if _, twice := floors[r.path]; twice {
			t.Errorf("%s has two rows", r.path)
		}
		floors[r.path] = r
	}
	var visit func(r row, seen []string)
	visit = func(r row, seen []string) {
		if slices.Contains(seen, r.path) {
			t.Errorf("round: %s", strings.Join(append(seen, r.path), " -> "))
			return
		}
		for _, s := range r.sideways {
			next, known := floors[s]
			if !known || next.floor != r.floor {
				t.Errorf("%s: %s is not on its floor", r.path, s)
				continue
			}
			visit(next, append(slices.Clone(seen), r.path))
		}
	}
	for _, r := range house {
		visit(r, nil)
	}
}

func TestCheckOnMadeUpGraphs(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		pkg  Package
		want string // part of the one breach; empty: none
	}{
		{"a handler may use the domain and a store", Package{ImportPath: "globalbrain/internal/site", Imports: []string{"globalbrain/internal/idea", "globalbrain/internal/postgres", "net/http"}}, ""},
		{"site may use middleware", Package{ImportPath: "globalbrain/internal/site", Imports: []string{"globalbrain/internal/middleware"}}, ""},
		{"the domain may not use a store", Package{ImportPath: "globalbrain/internal/idea", Imports: []string{"globalbrain/internal/postgres"}}, "goes up"},
		{"the ground may not use the domain", Package{ImportPath: "globalbrain/internal/money", Imports: []string{"globalbrain/internal/pledge"}}, "goes up"},
		{"site may not use api", Package{ImportPath: "globalbrain/internal/site", Imports: []string{"globalbrain/internal/api"}}, "sideways"},
		{"site may not use worker", Package{ImportPath: "globalbrain/internal/site", Imports: []string{"globalbrain/internal/worker"}}, "sideways"},
		{"api may not use worker", Package{ImportPath: "globalbrain/internal/api", Imports: []string{"globalbrain/internal/worker"}}, "sideways"},
		{"middleware may not use site", Package{ImportPath: "globalbrain/internal/middleware", Imports: []string{"globalbrain/internal/site"}}, "sideways"},
		{"postgres may use database", Package{ImportPath: "globalbrain/internal/postgres", Imports: []string{"globalbrain/internal/database"}}, ""},
		{"database may not use postgres", Package{ImportPath: "globalbrain/internal/database", Imports: []string{"globalbrain/internal/postgres"}}, "sideways"},
		{"scoring may not use database", Package{ImportPath: "globalbrain/internal/scoring", Imports: []string{"globalbrain/internal/database"}}, "sideways"},
		{"only the command reads the configuration", Package{ImportPath: "globalbrain/internal/site", Imports: []string{"globalbrain/internal/config"}}, "reads the configuration"},
		{"the command reads the configuration", Package{ImportPath: "globalbrain/cmd/globalbrain", Imports: []string{"globalbrain/internal/config"}}, ""},
		{"code that ships may not use pgtest", Package{ImportPath: "globalbrain/internal/postgres", Imports: []string{"globalbrain/internal/pgtest"}}, "only tests may"},
		{"the command may not use pgtest", Package{ImportPath: "globalbrain/cmd/globalbrain", Imports: []string{"globalbrain/internal/pgtest"}}, "only tests may"},
		{"tests may use pgtest", Package{ImportPath: "globalbrain/internal/postgres", XTestImports: []string{"globalbrain/internal/pgtest"}}, ""},
		{"tests may not go up", Package{ImportPath: "globalbrain/internal/idea", TestImports: []string{"globalbrain/internal/site"}}, "goes up"},
		{"pgtest may not use site", Package{ImportPath: "globalbrain/internal/pgtest", Imports: []string{"globalbrain/internal/site"}}, "goes up"},
		{"pgtest may use localpg", Package{ImportPath: "globalbrain/internal/pgtest", Imports: []string{"globalbrain/internal/localpg", "os"}}, ""},
		{"the domain does not speak HTTP", Package{ImportPath: "globalbrain/internal/idea", Imports: []string{"net/http"}}, "no I/O"},
		{"the domain does not speak SQL", Package{ImportPath: "globalbrain/internal/ledger", Imports: []string{"database/sql"}}, "no I/O"},
		{"the domain does not open files", Package{ImportPath: "globalbrain/internal/ledger", Imports: []string{"os"}}, "no I/O"},
		{"the domain may parse an address", Package{ImportPath: "globalbrain/internal/account", Imports: []string{"net/mail"}}, ""},
		{"the domain does not know pgx", Package{ImportPath: "globalbrain/internal/idea", Imports: []string{"github.com/jackc/pgx/v5"}}, "libraries of its row"},
		{"the ground stands on nothing else", Package{ImportPath: "globalbrain/internal/errs", Imports: []string{"github.com/google/uuid"}}, "libraries of its row"},
		{"a prefix of a path is not a folder of it", Package{ImportPath: "globalbrain/internal/ideas"}, "not in the house"},
		{"a package without a row", Package{ImportPath: "globalbrain/internal/gadgets"}, "not in the house"},
		{"an import without a row", Package{ImportPath: "globalbrain/internal/site", Imports: []string{"globalbrain/internal/gadgets"}}, "not in the house"},
		{"a vague package name", Package{ImportPath: "globalbrain/internal/idea/util"}, "says what is inside"},
		{"a package below a row lives under it", Package{ImportPath: "globalbrain/internal/payments/sandbox", Imports: []string{"globalbrain/internal/payments", "net/http"}}, ""},
		{"another module's package is passed over", Package{ImportPath: "example.org/x", Imports: []string{"globalbrain/internal/site"}}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			expect(t, Check(module, house, []Package{tt.pkg}), tt.want)
		})
	}
}

func TestUnusedOnMadeUpTables(t *testing.T) {
	t.Parallel()
	table := []row{{path: "internal/a", sideways: []string{"internal/b"}, libs: []string{uuid}}, {path: "internal/b"}}
	a := Package{ImportPath: "globalbrain/internal/a/inside", Imports: []string{"globalbrain/internal/b"}, TestImports: []string{uuid}}
	b := Package{ImportPath: "globalbrain/internal/b"}
	tests := []struct {
		name     string
		packages []Package
		want     string
	}{
		{"all is used, in part by a test", []Package{a, b}, ""},
		{"an edge that is not there", []Package{{ImportPath: a.ImportPath, TestImports: a.TestImports}, b}, "need not be allowed internal/b"},
		{"a library that is not there", []Package{{ImportPath: a.ImportPath, Imports: a.Imports}, b}, "need not be allowed github.com/google/uuid"},
		{"a row without a package", []Package{a}, "a row without a package"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			expect(t, Unused(module, table, tt.packages), tt.want)
		})
	}
}

func TestCheckTreeOnMadeUpTrees(t *testing.T) {
	t.Parallel()
	long := &fstest.MapFile{Data: []byte(strings.Repeat("x\n", maxLines+1))}
	short := &fstest.MapFile{Data: []byte("x\n")}
	tests := []struct {
		name string
		tree fstest.MapFS
		want string
	}{
		{"a tidy tree", fstest.MapFS{"go.mod": short, "cmd/globalbrain/main.go": short, ".ci/run": short}, ""},
		{"a stray folder in the root", fstest.MapFS{"docs/x.md": short}, "not a name of the top level"},
		{"a long file", fstest.MapFS{"internal/idea/idea.go": long}, "501 lines"},
		{"a long test", fstest.MapFS{"internal/idea/idea_test.go": long}, "501 lines"},
		{"a long file that is not ours", fstest.MapFS{"web/static/vendor/htmx.js": long, "web/static/x.min.js": long, "bin/x.go": long}, ""},
		{"a vague file name", fstest.MapFS{"internal/idea/helpers.go": short}, "says what is inside"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			breaches, err := CheckTree(tt.tree)
			if err != nil {
				t.Fatal(err)
			}
			expect(t, breaches, tt.want)
		})
	}
}

func TestCheckClockOnMadeUpFiles(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, source, want string }{
		{"time as an argument", "package x\nimport \"time\"\nfunc F(now time.Time) time.Time { return now.Add(time.Hour) }", ""},
		{"the clock read", "package x\nimport \"time\"\nfunc F() time.Time { return time.Now() }", "time.Now"},
		{"the clock read under another name", "package x\nimport clock \"time\"\nfunc F() { clock.Sleep(1) }", "time.Sleep"},
		{"the clock passed as a value", "package x\nimport \"time\"\nvar now = time.Now", "time.Now"},
		{"a variable called time", "package x\ntype c struct{ Now int }\nfunc F(time c) int { return time.Now }", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			breaches, err := CheckClock("x.go", []byte(tt.source))
			if err != nil {
				t.Fatal(err)
			}
			expect(t, breaches, tt.want)
		})
	}
}

func expect(t *testing.T, breaches []string, want string) {
	t.Helper()
	switch {
	case want == "" && len(breaches) > 0:
		t.Errorf("unexpected: %q", breaches)
	case want != "" && (len(breaches) != 1 || !strings.Contains(breaches[0], want)):
		t.Errorf("got %q, want one breach with %q", breaches, want)
	}
}
