package site

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"slices"
	"strings"
)

// asset is one static file, plain and compressed once for all.
type asset struct {
	mediaType string
	plain     []byte
	zipped    []byte // nil when that saves nothing
}

// assets are the static files by the path that browsers ask for, which holds a
// hash of the content: a file under one path never changes, so browsers keep it.
type assets struct {
	byPath  map[string]asset
	address func(name string) (string, error)
}

// firstSheets come first in the one style sheet that pages load; the others
// follow by name.
var firstSheets = []string{"css/tokens.css", "css/base.css"}

// newAssets reads every file and joins the style sheets into app.css: one
// request, whatever the number of areas.
func newAssets(files fs.FS) (*assets, error) {
	list := map[string][]byte{}
	err := fs.WalkDir(files, ".", func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		list[name], err = fs.ReadFile(files, name)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read the static files: %w", err)
	}
	list["app.css"] = joinSheets(list)
	a := &assets{byPath: map[string]asset{}}
	addresses := map[string]string{}
	for name, content := range list {
		sum := sha256.Sum256(content)
		ext := path.Ext(name)
		hashed := "/static/" + strings.TrimSuffix(name, ext) + "." + hex.EncodeToString(sum[:6]) + ext
		addresses[name] = hashed
		a.byPath[hashed] = asset{mediaType: mime.TypeByExtension(ext), plain: content, zipped: zip(content)}
	}
	a.address = func(name string) (string, error) {
		if where, known := addresses[name]; known {
			return where, nil
		}
		return "", fmt.Errorf("static file %s does not exist", name)
	}
	return a, nil
}

func joinSheets(list map[string][]byte) []byte {
	var rest []string
	for name := range list {
		if path.Dir(name) == "css" && path.Ext(name) == ".css" && !slices.Contains(firstSheets, name) {
			rest = append(rest, name)
		}
	}
	slices.Sort(rest)
	var all bytes.Buffer
	for _, name := range append(slices.Clone(firstSheets), rest...) {
		all.Write(list[name])
		all.WriteByte('\n')
	}
	return all.Bytes()
}

func zip(content []byte) []byte {
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		return nil
	}
	if _, err := w.Write(content); err != nil || w.Close() != nil || b.Len() > len(content)*9/10 {
		return nil
	}
	return b.Bytes()
}

// serveStatic answers for a static file.
func (s *Server) serveStatic(w http.ResponseWriter, r *http.Request) error {
	file, known := s.static.byPath[r.URL.Path]
	if !known {
		return s.notFound(w, r)
	}
	h := w.Header()
	h.Set("Content-Type", file.mediaType)
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Set("Vary", "Accept-Encoding")
	content := file.plain
	if file.zipped != nil && strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		h.Set("Content-Encoding", "gzip")
		content = file.zipped
	}
	h.Set("Content-Length", fmt.Sprint(len(content)))
	if r.Method != http.MethodHead {
		_, _ = w.Write(content) // the client may be gone; there is nobody to tell
	}
	return nil
}
