package site

import (
	"net/http"
	"slices"
)

// heldPage keeps what somebody sent whose session had ended: after signing in
// in another tab, one button sends it again.
type heldPage struct {
	Base
	Action string
	Fields []heldField
}

type heldField struct{ Name, Value string }

func (s *Server) holdForm(w http.ResponseWriter, r *http.Request) error {
	return readInput(func(w http.ResponseWriter, r *http.Request) error {
		page := heldPage{Base: s.base(r), Action: r.URL.RequestURI()}
		for name, values := range r.PostForm {
			for _, v := range values {
				page.Fields = append(page.Fields, heldField{name, v})
			}
		}
		slices.SortStableFunc(page.Fields, func(a, b heldField) int {
			switch {
			case a.Name < b.Name:
				return -1
			case a.Name > b.Name:
				return 1
			}
			return 0
		})
		return s.render(w, r, http.StatusUnauthorized, "held", page)
	})(w, r)
}
