// Package web carries what pages are made of: templates, static files and the
// sentences of every language. It does not know how they are used.
package web

import (
	"embed"
	"io/fs"
)

//go:embed templates static locales
var files embed.FS

// Templates holds layout, partial and page.
func Templates() fs.FS { return folder("templates") }

// Static holds style sheets, scripts and vendored files.
func Static() fs.FS { return folder("static") }

// Locales holds one folder of sentences for each language.
func Locales() fs.FS { return folder("locales") }

func folder(name string) fs.FS {
	sub, err := fs.Sub(files, name)
	if err != nil {
		panic(err) // only a malformed constant name can do this
	}
	return sub
}
