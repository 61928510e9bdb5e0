package site

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"text/template/parse"

	"globalbrain/internal/text"
	"globalbrain/web"
)

// uses are the keys that code and templates name, each with the place of one
// use; a key that is put together ends in *, which stands for anything.
type uses map[string]string

func (u uses) add(key, where string) { u[key] = where }

func catalog(t *testing.T) *text.Catalog {
	t.Helper()
	c, err := text.Load(web.Locales())
	if err != nil {
		t.Fatal(err)
	}
	return c
}

var pluralEnd = regexp.MustCompile(`\.(zero|one|two|few|many|other)$`)

func TestEveryLanguageHasEveryKey(t *testing.T) {
	t.Parallel()
	c := catalog(t)
	en := c.In(text.Reference)
	for _, tag := range c.Languages()[1:] {
		other := c.In(tag)
		for _, key := range en.Keys() {
			if pluralEnd.MatchString(key) {
				key = pluralEnd.ReplaceAllString(key, ".other") // which forms there are is the language's own
			}
			if !other.Has(key) {
				t.Errorf("%s lacks %q", tag, key)
			} else if a, b := verbs(en.Raw(key)), verbs(other.Raw(key)); !slices.Equal(a, b) {
				t.Errorf("%s: %q takes %v, in English %v", tag, key, b, a)
			}
		}
		for _, key := range other.Keys() {
			if !en.Has(key) {
				t.Errorf("%s has %q, which English lacks", tag, key)
			}
		}
	}
}

var verb = regexp.MustCompile(`%\[\d+\][.0-9]*[a-z]`)
var bareVerb = regexp.MustCompile(`%[a-z]`)

// verbs lists the arguments that a sentence takes, in the order of their numbers.
func verbs(sentence string) []string {
	list := slices.Compact(slices.Sorted(slices.Values(verb.FindAllString(sentence, -1))))
	return append(list, bareVerb.FindAllString(sentence, -1)...)
}

func TestArgumentsOfSentencesAreNumbered(t *testing.T) {
	t.Parallel()
	c := catalog(t)
	for _, tag := range c.Languages() {
		l := c.In(tag)
		for _, key := range l.Keys() {
			if bareVerb.MatchString(l.Raw(key)) {
				t.Errorf("%s: %q: write %%[1]s, not %%s: another language may need another order", tag, key)
			}
		}
	}
}

func TestEveryKeyThatIsUsedExistsAndEveryKeyIsUsed(t *testing.T) {
	t.Parallel()
	en := catalog(t).In(text.Reference)
	used := uses{}
	used.inTemplates(t)
	used.inCode(t)
	if len(used) < 100 {
		t.Fatalf("only %d keys were found: the scan sees nothing", len(used))
	}
	known := en.Keys()
	reached := map[string]bool{}
	for key, where := range used {
		found := false
		for _, k := range known {
			if matches(key, k) || matches(key, pluralEnd.ReplaceAllString(k, "")) {
				found, reached[k] = true, true
			}
		}
		if !found {
			t.Errorf("%s uses %q, which no locale has", where, key)
		}
	}
	for _, k := range known {
		if !reached[k] {
			t.Errorf("%q is used nowhere", k)
		}
	}
}

func matches(pattern, key string) bool {
	ok, err := filepath.Match(pattern, key)
	return err == nil && ok
}

// inTemplates notes the keys that templates give to T, N, Input, Choice and Tick.
func (u uses) inTemplates(t *testing.T) {
	t.Helper()
	pages, err := parsePages(web.Templates())
	if err != nil {
		t.Fatal(err)
	}
	for name, set := range pages {
		for _, tmpl := range set.Templates() {
			if tmpl.Tree != nil {
				u.walk(tmpl.Tree.Root, "a template of "+name)
			}
		}
	}
}

func (u uses) walk(n parse.Node, where string) {
	switch n := n.(type) {
	case *parse.ListNode:
		if n != nil {
			for _, each := range n.Nodes {
				u.walk(each, where)
			}
		}
	case *parse.ActionNode:
		u.walk(n.Pipe, where)
	case *parse.TemplateNode:
		u.walk(n.Pipe, where)
	case *parse.IfNode:
		u.branch(&n.BranchNode, where)
	case *parse.RangeNode:
		u.branch(&n.BranchNode, where)
	case *parse.WithNode:
		u.branch(&n.BranchNode, where)
	case *parse.PipeNode:
		if n != nil {
			for _, c := range n.Cmds {
				u.command(c, where)
			}
		}
	}
}

func (u uses) branch(b *parse.BranchNode, where string) {
	u.walk(b.Pipe, where)
	u.walk(b.List, where)
	u.walk(b.ElseList, where)
}

func (u uses) command(c *parse.CommandNode, where string) {
	for _, a := range c.Args {
		if p, ok := a.(*parse.PipeNode); ok {
			u.walk(p, where)
		}
	}
	method := ""
	switch f := c.Args[0].(type) {
	case *parse.FieldNode:
		method = f.Ident[len(f.Ident)-1]
	case *parse.VariableNode:
		method = f.Ident[len(f.Ident)-1]
	}
	at := map[string]int{"T": 1, "N": 1, "Input": 2, "Choice": 2, "Tick": 2}[method]
	if at == 0 || len(c.Args) <= at {
		return
	}
	switch arg := c.Args[at].(type) {
	case *parse.StringNode:
		u.add(arg.Text, where)
	case *parse.PipeNode: // (printf "role.%s" .)
		if printf := arg.Cmds[0].Args; len(printf) > 1 {
			if format, ok := printf[1].(*parse.StringNode); ok {
				u.add(bareVerb.ReplaceAllString(format.Text, "*"), where)
			}
		}
	}
	for _, a := range c.Args[at+1:] {
		if s, ok := a.(*parse.StringNode); ok && strings.HasPrefix(s.Text, "hint=") {
			u.add(strings.TrimPrefix(s.Text, "hint="), where)
		}
	}
}

// keyAt says which argument of a call is a locale key, counted from 0.
var keyAt = map[string]int{"T": 0, "N": 0, "redirect": 3}

// codeAt says which argument of a call is an error's code.
var codeAt = map[string]int{"New": 1, "Wrap": 2, "Add": 1}

// speakEnglish are packages whose errors never reach a page: the sandbox is
// another program, and the API answers programs.
var speakEnglish = []string{"../api", "../payments/sandbox"}

// inCode notes the keys that Go code names, and those of every error's code.
func (u uses) inCode(t *testing.T) {
	t.Helper()
	err := filepath.WalkDir("..", func(name string, e fs.DirEntry, err error) error {
		if err == nil && e.IsDir() && slices.Contains(speakEnglish, name) {
			return fs.SkipDir
		}
		if err != nil || e.IsDir() || filepath.Ext(name) != ".go" || strings.HasSuffix(name, "_test.go") {
			return err
		}
		source, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		files := token.NewFileSet()
		file, err := parser.ParseFile(files, name, source, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			where := ""
			if n != nil {
				where = files.Position(n.Pos()).String()
			}
			switch n := n.(type) {
			case *ast.CallExpr:
				u.call(n, where)
			case *ast.CompositeLit: // a row of a table: {errs.Conflict, "exists", ...}
				if len(n.Elts) >= 2 && isKind(n.Elts[0]) {
					u.note(n.Elts[1], "error.", where)
				}
			case *ast.ValueSpec: // a key that is chosen before it is used
				u.keys(n.Values, where)
			case *ast.AssignStmt:
				u.keys(n.Rhs, where)
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func (u uses) call(c *ast.CallExpr, where string) {
	name := ""
	ofErrs := false
	switch f := c.Fun.(type) {
	case *ast.SelectorExpr:
		name = f.Sel.Name
		x, isName := f.X.(*ast.Ident)
		ofErrs = isName && x.Name == "errs"
	case *ast.Ident:
		name = f.Name
	}
	if at, ok := codeAt[name]; ok && len(c.Args) > at && (ofErrs || name == "Add") {
		if name != "Add" || len(c.Args) >= 3 {
			u.note(c.Args[at], "error.", where)
		}
		return
	}
	if at, ok := keyAt[name]; ok && len(c.Args) > at {
		u.note(c.Args[at], "", where)
	}
	if name == "letter" && len(c.Args) > 2 {
		if kind := constant(c.Args[2]); kind != "" {
			u.add("mail."+kind+".subject", where)
			u.add("mail."+kind+".body", where)
		}
	}
}

// keys notes strings that look like flash keys and are given to a variable.
func (u uses) keys(values []ast.Expr, where string) {
	for _, v := range values {
		if s := constant(v); strings.HasPrefix(s, "flash.") {
			u.add(s, where)
		}
	}
}

func isKind(e ast.Expr) bool {
	sel, ok := e.(*ast.SelectorExpr)
	if !ok {
		return false
	}
	x, ok := sel.X.(*ast.Ident)
	return ok && x.Name == "errs"
}

// note adds a constant key, or the constant beginning and end of one that is
// put together.
func (u uses) note(e ast.Expr, prefix, where string) {
	if key := constant(e); key != "" && !strings.ContainsAny(key, " ") && strings.Trim(key, "*") != "" {
		u.add(prefix+key, where)
	}
}

func constant(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.BasicLit:
		if e.Kind == token.STRING {
			s, err := strconv.Unquote(e.Value)
			if err == nil {
				return s
			}
		}
	case *ast.BinaryExpr:
		if e.Op == token.ADD {
			left, right := constant(e.X), constant(e.Y)
			if left == "" && right == "" {
				return ""
			}
			return orStar(left) + orStar(right)
		}
	}
	return ""
}

func orStar(s string) string {
	if s == "" {
		return "*"
	}
	return s
}
