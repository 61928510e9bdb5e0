package api_test

import (
	"net/http"
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
	if len(tw.routes()) < 60 {
		t.Errorf("%d operations", len(tw.routes()))
	}
}
