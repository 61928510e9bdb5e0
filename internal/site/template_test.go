package site

import (
	"io/fs"
	"path"
	"strings"
	"testing"

	"github.com/jba/templatecheck"

	"globalbrain/web"
)

// TestEveryPageFitsItsStruct checks each template, with the layout and partials
// around it, against the struct that it shows: a field or method that does not
// exist, or a wrong argument, fails here and not in front of a reader.
func TestEveryPageFitsItsStruct(t *testing.T) {
	t.Parallel()
	pages, err := parsePages(web.Templates())
	if err != nil {
		t.Fatal(err)
	}
	for name := range pageTypes {
		if pages[name] == nil {
			t.Errorf("pages.go lists %q, which has no template", name)
		}
	}
	for name, set := range pages {
		shown, listed := pageTypes[name]
		if !listed {
			t.Errorf("page/%s.html is not listed in pages.go", name)
			continue
		}
		layout := set.Lookup("layout")
		if layout == nil {
			t.Fatal("there is no layout")
		}
		if err := templatecheck.CheckHTML(layout, shown); err != nil {
			t.Errorf("page/%s.html: %v", name, err)
		}
	}
}

// TestTemplatesHoldNoCodeAndNoStyle keeps what the content security policy
// would refuse out of every template.
func TestTemplatesHoldNoCodeAndNoStyle(t *testing.T) {
	t.Parallel()
	files := web.Templates()
	err := fs.WalkDir(files, ".", func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || path.Ext(name) != ".html" {
			return err
		}
		raw, err := fs.ReadFile(files, name)
		if err != nil {
			return err
		}
		source := strings.ToLower(string(raw))
		for _, bad := range []string{" style=", "<style", " onclick=", " onsubmit=", " onchange=", " oninput=", "javascript:", "hx-on", "<script>"} {
			if strings.Contains(source, bad) {
				t.Errorf("%s holds %q", name, bad)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
