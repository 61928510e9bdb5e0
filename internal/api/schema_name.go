package api

import (
	"path"
	"reflect"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

// schemaName names a type in the document: ours without the ending that tells
// it from the domain's, the domain's with its package, since two packages may
// use one word.
func schemaName(t reflect.Type, hint string) string {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	name := huma.DefaultSchemaNamer(t, hint)
	home := path.Base(t.PkgPath())
	if t.Name() == "" || t.PkgPath() == "" || home == "api" {
		return strings.TrimSuffix(name, "Form")
	}
	if strings.HasPrefix(strings.ToLower(name), home) || home == "money" {
		return name
	}
	return strings.ToUpper(home[:1]) + home[1:] + name
}
