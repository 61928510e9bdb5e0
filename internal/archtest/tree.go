package archtest

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"slices"
	"strings"
)

// CheckTree returns every breach of the rules about files: what may lie in the
// root, names that say nothing, and lengths.
func CheckTree(root fs.FS) ([]string, error) {
	var breaches []string
	top, err := fs.ReadDir(root, ".")
	if err != nil {
		return nil, fmt.Errorf("read the root: %w", err)
	}
	for _, e := range top {
		name := e.Name()
		if !strings.HasPrefix(name, ".") && !slices.Contains(topLevel, name) && !slices.Contains(buildOutputs, name) {
			breaches = append(breaches, name+": not a name of the top level")
		}
	}
	err = fs.WalkDir(root, ".", func(p string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if e.IsDir() {
			hidden := strings.HasPrefix(e.Name(), ".") && p != "."
			if hidden || slices.Contains(foreignFolders, e.Name()) || slices.Contains(buildOutputs, p) {
				return fs.SkipDir
			}
			return nil
		}
		found, err := checkFile(root, p)
		breaches = append(breaches, found...)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("walk the tree: %w", err)
	}
	return breaches, nil
}

func checkFile(root fs.FS, p string) ([]string, error) {
	base, ext := path.Base(p), path.Ext(p)
	if !slices.Contains(countedExtensions, ext) || strings.Contains(base, ".min.") {
		return nil, nil
	}
	var breaches []string
	if slices.Contains(vagueNames, strings.TrimSuffix(base, ext)) {
		breaches = append(breaches, p+": a file's name says what is inside")
	}
	content, err := fs.ReadFile(root, p)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", p, err)
	}
	if n := bytes.Count(content, []byte("\n")); n > maxLines {
		breaches = append(breaches, fmt.Sprintf("%s: %d lines, at most %d", p, n, maxLines))
	}
	return breaches, nil
}

// CheckClock returns the calls in a Go file that read the clock or wait.
func CheckClock(name string, source []byte) ([]string, error) {
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, name, source, parser.SkipObjectResolution)
	if err != nil {
		return nil, fmt.Errorf("parse: %w", err)
	}
	local := ""
	for _, i := range file.Imports {
		if i.Path.Value == `"time"` {
			local = "time"
			if i.Name != nil {
				local = i.Name.Name
			}
		}
	}
	var breaches []string
	ast.Inspect(file, func(n ast.Node) bool {
		sel, ok := n.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		if x, ok := sel.X.(*ast.Ident); ok && local != "" && x.Name == local && slices.Contains(clockCalls, sel.Sel.Name) {
			breaches = append(breaches, fmt.Sprintf("%s: time.%s; time is an argument on this floor", files.Position(sel.Pos()), sel.Sel.Name))
		}
		return true
	})
	return breaches, nil
}
