// Package archtest holds the house to its plan: which package may import which,
// what may lie where, how long a file may be. Its rules are the table in
// rules.go. It knows import paths and file names and nothing of what the code does.
package archtest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"path"
	"slices"
	"strings"
)

// A Package is what `go list -json` says of one package.
type Package struct {
	Dir          string
	ImportPath   string
	Name         string
	Standard     bool
	GoFiles      []string
	Imports      []string
	TestImports  []string
	XTestImports []string
}

// List returns the packages below root and all that they depend on.
func List(root string) ([]Package, error) {
	cmd := exec.Command("go", "list", "-e", "-deps", "-json=Dir,ImportPath,Name,Standard,GoFiles,Imports,TestImports,XTestImports", "./...")
	cmd.Dir = root
	var complaint bytes.Buffer
	cmd.Stderr = &complaint
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("list packages: %w: %s", err, complaint.String())
	}
	var packages []Package
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		var p Package
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			return packages, nil
		} else if err != nil {
			return nil, fmt.Errorf("read package list: %w", err)
		}
		packages = append(packages, p)
	}
}

// Check returns every breach of the table by the packages of the module, one
// sentence each. Packages of other modules are passed over.
func Check(module string, table []row, packages []Package) []string {
	c := checker{module: module, table: table}
	for _, p := range packages {
		if rel, ours := c.below(p.ImportPath); ours {
			c.checkPackage(rel, p)
		}
	}
	return c.breaches
}

// Unused returns what the table permits and no package does: an edge or a
// library that is not there any more, or a row without a package.
func Unused(module string, table []row, packages []Package) []string {
	c := checker{module: module, table: table}
	used := map[string][]string{}
	for _, p := range packages {
		rel, ours := c.below(p.ImportPath)
		if r, listed := c.rowOf(rel); ours && listed {
			used[r.path] = slices.Concat(used[r.path], []string{""}, p.Imports, p.TestImports, p.XTestImports)
		}
	}
	for _, r := range table {
		if used[r.path] == nil {
			c.complain("%s: a row without a package", r.path)
			continue
		}
		for _, s := range r.sideways {
			if !slices.ContainsFunc(used[r.path], func(i string) bool { return within(i, module+"/"+s) }) {
				c.complain("%s need not be allowed %s", r.path, s)
			}
		}
		for _, lib := range r.libs {
			if !slices.ContainsFunc(used[r.path], func(i string) bool { return within(i, lib) }) {
				c.complain("%s need not be allowed %s", r.path, lib)
			}
		}
	}
	return c.breaches
}

type checker struct {
	module   string
	table    []row
	breaches []string
}

func (c *checker) complain(format string, args ...any) {
	c.breaches = append(c.breaches, fmt.Sprintf(format, args...))
}

// below returns the path under the module, and whether it is in the module.
func (c *checker) below(importPath string) (string, bool) {
	if importPath == c.module {
		return ".", true
	}
	return strings.CutPrefix(importPath, c.module+"/")
}

func (c *checker) rowOf(rel string) (row, bool) {
	for _, r := range c.table {
		if within(rel, r.path) {
			return r, true
		}
	}
	return row{}, false
}

func (c *checker) checkPackage(rel string, p Package) {
	if slices.Contains(vagueNames, p.Name) || slices.Contains(vagueNames, path.Base(rel)) {
		c.complain("%s: a package's name says what is inside", rel)
	}
	from, listed := c.rowOf(rel)
	if !listed {
		c.complain("%s: not in the house; give it a row in internal/archtest/rules.go", rel)
		return
	}
	for _, imported := range p.Imports {
		c.checkImport(rel, from, imported)
	}
	for _, imported := range slices.Concat(p.TestImports, p.XTestImports) {
		c.checkTestImport(rel, from, imported)
	}
}

// checkImport holds the code that ships to its row.
func (c *checker) checkImport(rel string, from row, imported string) {
	target, ours := c.below(imported)
	switch {
	case ours:
		c.checkFloor(rel, from, target)
	case standard(imported):
		if from.floor <= domain && !from.io && withinAny(imported, ioPackages) && !withinAny(imported, pureBelow) {
			c.complain("%s imports %s: this floor has no I/O", rel, imported)
		}
	case !withinAny(imported, from.libs):
		c.complain("%s imports %s: not among the libraries of its row", rel, imported)
	}
}

func (c *checker) checkFloor(rel string, from row, target string) {
	to, listed := c.rowOf(target)
	switch {
	case !listed:
		c.complain("%s imports %s, which is not in the house", rel, target)
	case to.path == from.path:
	case to.floor == proof:
		c.complain("%s imports %s: only tests may", rel, target)
	case from.floor == proof && to.floor <= outside && to.path != "internal/config":
	case to.path == "internal/config" && from.path != configReader:
		c.complain("%s imports %s: only %s reads the configuration", rel, target, configReader)
	case to.floor > from.floor || from.floor == proof:
		c.complain("%s imports %s: that goes up", rel, target)
	case to.floor == from.floor && !slices.Contains(from.sideways, to.path):
		c.complain("%s imports %s: that goes sideways", rel, target)
	}
}

// checkTestImport lets tests use the proof floor, the test libraries and the
// neighbours on their own floor, but never what is above them.
func (c *checker) checkTestImport(rel string, from row, imported string) {
	target, ours := c.below(imported)
	if !ours {
		if !standard(imported) && !withinAny(imported, from.libs) && !withinAny(imported, testLibs) {
			c.complain("the tests of %s import %s: neither among the libraries of its row nor of tests", rel, imported)
		}
		return
	}
	to, listed := c.rowOf(target)
	switch {
	case !listed:
		c.complain("the tests of %s import %s, which is not in the house", rel, target)
	case to.floor == proof || from.floor == proof:
	case to.floor > from.floor:
		c.complain("the tests of %s import %s: that goes up", rel, target)
	}
}

// standard tells the standard library's paths, whose first element has no dot.
func standard(importPath string) bool {
	first, _, _ := strings.Cut(importPath, "/")
	return !strings.Contains(first, ".")
}

func within(p, folder string) bool {
	return p == folder || strings.HasPrefix(p, folder+"/")
}

func withinAny(p string, folders []string) bool {
	return slices.ContainsFunc(folders, func(f string) bool { return within(p, f) })
}
