package api_test

import (
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// document fetches the OpenAPI document.
func (tw *town) document() *answer {
	tw.t.Helper()
	return tw.nobody().send(http.MethodGet, "/openapi.json", nil).want(http.StatusOK)
}

// routes lists every operation of the document as method and path.
func (tw *town) routes() [][2]string {
	tw.t.Helper()
	var list [][2]string
	paths, _ := tw.document().at("paths").(object)
	for path, item := range paths {
		methods, _ := item.(object)
		for method := range methods {
			list = append(list, [2]string{strings.ToUpper(method), path})
		}
	}
	return list
}

func TestTheDocumentIsOpenAPI31AndDescribesEveryOperation(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	doc := tw.document()
	if v := doc.text("openapi"); !strings.HasPrefix(v, "3.1") {
		t.Errorf("version %q", v)
	}
	ids := map[string]bool{}
	for _, r := range tw.routes() {
		name, op := r[0]+" "+r[1], []any{"paths", r[1], strings.ToLower(r[0])}
		is := func(path ...any) any { return doc.at(append(slices.Clone(op), path...)...) }
		if id, _ := is("operationId").(string); id == "" || ids[id] || is("summary") == nil || is("tags") == nil {
			t.Errorf("%s: the id %q, the summary %v, the tags %v", name, id, is("summary"), is("tags"))
		} else {
			ids[id] = true
		}
		for _, status := range []string{"401", "403", "404", "422", "500"} {
			if ref := is("responses", status, "content", "application/problem+json", "schema", "$ref"); ref != "#/components/schemas/Problem" {
				t.Errorf("%s: the answer %s is %v", name, status, ref)
			}
		}
		unsafe := r[0] != get && strings.HasPrefix(r[1], "/tenants/{tenant}/")
		params, _ := is("parameters").([]any)
		if keyed := slices.ContainsFunc(params, func(p any) bool { return p.(object)["name"] == "Idempotency-Key" }); keyed != unsafe {
			t.Errorf("%s: an Idempotency-Key is asked for: %v", name, keyed)
		}
	}
	if len(ids) < 65 {
		t.Errorf("only %d operations", len(ids))
	}
}

func TestSchemasOfTheDocumentHavePlainNamesAndAreThere(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	doc := tw.document()
	schemas, _ := doc.at("components", "schemas").(object)
	for name := range schemas {
		if strings.HasSuffix(name, "Form") || strings.ContainsAny(name, "[]./") || name != strings.ToUpper(name[:1])+name[1:] {
			t.Errorf("a schema is called %q", name)
		}
	}
	for _, ref := range regexp.MustCompile(`#/components/schemas/([^"]+)`).FindAllSubmatch(doc.raw, -1) {
		if schemas[string(ref[1])] == nil {
			t.Errorf("%s is referred to and absent", ref[1])
		}
	}
}
