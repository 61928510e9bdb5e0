package site

import (
	"mime"
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"globalbrain/internal/errs"
)

// readInput parses the form of a request before its handler runs, so that a
// body that is too large or malformed is refused and never read as empty. Texts
// lose what no database stores: NUL and bytes that are not UTF-8.
func readInput(h handler) handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		for _, values := range r.URL.Query() {
			for _, v := range values {
				if !utf8.ValidString(v) || strings.ContainsRune(v, 0) {
					return errs.New(errs.NotFound, "not_found", "This was not found.")
				}
			}
		}
		if isSafe(r) {
			return h(w, r)
		}
		mediaType, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
		var err error
		if mediaType == "multipart/form-data" {
			err = r.ParseMultipartForm(1 << 20) //nolint:gosec // G120: the middleware bounds every body
			defer func() {
				if r.MultipartForm != nil {
					_ = r.MultipartForm.RemoveAll() // temporary files; the system clears them too
				}
			}()
		} else {
			err = r.ParseForm()
		}
		if err != nil {
			return errs.Wrap(err, errs.Invalid, "form", "The form could not be read. Please send it again.")
		}
		clean(r.Form)
		clean(r.PostForm)
		return h(w, r)
	}
}

func clean(form url.Values) {
	for _, values := range form {
		for i, v := range values {
			values[i] = strings.ReplaceAll(strings.ToValidUTF8(v, "\uFFFD"), "\x00", "")
		}
	}
}
