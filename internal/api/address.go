package api

import (
	"strings"

	"github.com/google/uuid"

	"globalbrain/internal/errs"
)

// InTenant is the input of what has no other parameter than its tenant. It is
// exported, as other parts of inputs are, because huma reads embedded structs
// only when they are.
type InTenant struct {
	Tenant string `path:"tenant" doc:"The tenant's slug" maxLength:"32"`
}

// Paging is the input of a list in pages.
type Paging struct {
	Next string `query:"next" doc:"The next of the page before; empty for the first page" maxLength:"512"`
	Size int    `query:"size" doc:"How many items at most" minimum:"1" maximum:"100" default:"25"`
}

// page is one page of a list in key order.
type page[T any] struct {
	Items []T    `json:"items"`
	Next  string `json:"next,omitempty" doc:"Opens the following page; absent on the last one"`
}

type pageOutput[T any] struct{ Body page[T] }

// list is a whole list that needs no pages.
type list[T any] struct {
	Items []T `json:"items"`
}

type listOutput[T any] struct{ Body list[T] }

// each turns the items of a list into their JSON form.
func each[From, To any](items []From, form func(From) To) []To {
	out := make([]To, len(items))
	for i, item := range items {
		out[i] = form(item)
	}
	return out
}

// idOf reads an id of a path. What is no id is not found, like an id that
// nothing has.
func idOf(typed string) (uuid.UUID, error) {
	id, err := uuid.Parse(typed)
	if err != nil || len(typed) != 36 {
		return uuid.Nil, notFound()
	}
	return id, nil
}

func notFound() error { return errs.New(errs.NotFound, "not_found", "This was not found.") }

func inATenant(path string) bool { return strings.HasPrefix(path, "/tenants/{tenant}/") }

// areaOf groups operations in the document by the first word of their path.
func areaOf(path string) string {
	path = strings.TrimPrefix(path, "/tenants/{tenant}")
	area, _, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	if area == "" {
		return "tenants"
	}
	return area
}
