package site

import (
	"bytes"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"path"
	"reflect"
	"strings"
	"sync"
)

// parsePages makes one set of templates for each page: the layout, every
// partial, and the page itself, which defines "title" and "main".
func parsePages(files fs.FS) (map[string]*template.Template, error) {
	shared, err := template.New("").Funcs(functions).ParseFS(files, "layout/*.html", "partial/*.html")
	if err != nil {
		return nil, fmt.Errorf("parse the layout and partials: %w", err)
	}
	list, err := fs.Glob(files, "page/*.html")
	if err != nil {
		return nil, fmt.Errorf("list the pages: %w", err)
	}
	pages := map[string]*template.Template{}
	for _, name := range list {
		set, err := shared.Clone()
		if err == nil {
			set, err = set.ParseFS(files, name)
		}
		if err != nil {
			return nil, fmt.Errorf("parse %s: %w", name, err)
		}
		pages[strings.TrimSuffix(path.Base(name), ".html")] = set
	}
	return pages, nil
}

// functions are what templates may call beside the methods of Base; they need
// no language.
var functions = template.FuncMap{
	"cover":       cover,
	"tenantcover": tenantCover,
}

var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// render writes a whole page. Nothing is sent before the last byte is made, so
// a page is complete or a problem page takes its place.
func (s *Server) render(w http.ResponseWriter, r *http.Request, status int, name string, page any) error {
	if want, known := pageTypes[name]; !known || reflect.TypeOf(want) != reflect.TypeOf(page) {
		return fmt.Errorf("render %s: a %T is not the page that pages.go lists", name, page)
	}
	return s.fragment(w, r, status, name, "layout", page)
}

// fragment writes one named template of a page's set, for answers to htmx.
func (s *Server) fragment(w http.ResponseWriter, r *http.Request, status int, name, block string, view any) error {
	set := s.pages[name]
	if set == nil {
		return fmt.Errorf("render %s: no such page", name)
	}
	b, _ := buffers.Get().(*bytes.Buffer)
	defer buffers.Put(b)
	b.Reset()
	if err := set.ExecuteTemplate(b, block, view); err != nil {
		return fmt.Errorf("render %s: %w", name, err)
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(b.Bytes()) // the client may be gone; there is nobody to tell
	}
	return nil
}

// again shows a form once more with what was typed and what is wrong with it,
// when err is about the input; any other error is returned. page must carry
// err by Base.Refused.
func (s *Server) again(w http.ResponseWriter, r *http.Request, err error, name string, page any) error {
	if !isRefusal(err) {
		return err
	}
	return s.render(w, r, statusOf(err), name, page)
}

// redirect leads to another page of the site after an act, and says there what
// was done: key and args name a sentence; "" says nothing.
func (s *Server) redirect(w http.ResponseWriter, r *http.Request, where, key string, args ...string) error {
	if key != "" {
		s.putFlash(w, flash{Key: key, Args: args})
	}
	http.Redirect(w, r, where, http.StatusSeeOther) //nolint:gosec // G710: our own paths, and "next" through localPath
	return nil
}
