package site

import (
	"errors"
	"net/http"
	"slices"
	"time"

	"globalbrain/internal/errs"
	"globalbrain/internal/idea"
)

// callsPage lists the tenant's calls and takes a new one.
type callsPage struct {
	Base
	Calls []idea.Call
}

func (s *Server) calls(w http.ResponseWriter, r *http.Request) error {
	list, err := s.Store.Calls(r.Context(), s.tenant(r).ID)
	if err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, "calls", callsPage{s.base(r), list})
}

func (s *Server) callCreate(w http.ResponseWriter, r *http.Request) error {
	c, err := readCall(r)
	if err == nil {
		_, err = s.Store.CreateCall(r.Context(), s.tenant(r).ID, s.person(r).ID, c)
	}
	if err != nil {
		list, listErr := s.Store.Calls(r.Context(), s.tenant(r).ID)
		if listErr != nil {
			return listErr
		}
		err = inForm(err)
		return s.again(w, r, err, "calls", callsPage{s.base(r).Refused(err), list})
	}
	return s.redirect(w, r, s.base(r).URL("/calls"), "calls.created")
}

// callFields are the form's names of fields that the domain names otherwise.
var callFields = map[string]string{"title": "title_en", "brief": "brief_en", "closes_at": "closes"}

// inForm puts complaints about a call beside the fields of the form.
func inForm(err error) error {
	e, ok := errors.AsType[*errs.Error](err)
	if !ok || len(e.Fields) == 0 {
		return err
	}
	f := slices.Clone(errs.Fields(e.Fields))
	for i := range f {
		if name := callFields[f[i].Name]; name != "" {
			f[i].Name = name
		}
	}
	return f.Err()
}

func readCall(r *http.Request) (idea.Call, error) {
	c := idea.Call{
		Slug:  r.PostFormValue("slug"),
		Title: map[string]string{"en": r.PostFormValue("title_en")},
		Brief: map[string]string{"en": r.PostFormValue("brief_en")},
	}
	if zh := r.PostFormValue("title_zh"); zh != "" {
		c.Title["zh-CN"] = zh
	}
	if zh := r.PostFormValue("brief_zh"); zh != "" {
		c.Brief["zh-CN"] = zh
	}
	typed := r.PostFormValue("closes")
	if typed == "" {
		return c, nil
	}
	day, err := time.Parse(time.DateOnly, typed)
	if err != nil {
		return c, onField(errs.Wrap(err, errs.Invalid, "idea.call_day", "Type the last day as year-month-day, such as 2030-12-31."), "closes_at")
	}
	c.ClosesAt = day.AddDate(0, 0, 1)
	return c, nil
}
