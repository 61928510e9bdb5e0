package site

import (
	"net/http"

	"github.com/google/uuid"

	"globalbrain/internal/errs"
	"globalbrain/internal/idea"
)

// ideaNewPage offers the open calls; choosing one starts a draft.
type ideaNewPage struct {
	Base
	Calls []idea.Call
}

func (s *Server) openCalls(r *http.Request) ([]idea.Call, error) {
	all, err := s.Store.Calls(r.Context(), s.tenant(r).ID)
	if err != nil {
		return nil, err
	}
	var open []idea.Call
	for _, c := range all {
		if c.TakesIdeas(s.visitOf(r).now) == nil {
			open = append(open, c)
		}
	}
	return open, nil
}

func (s *Server) ideaNew(w http.ResponseWriter, r *http.Request) error {
	calls, err := s.openCalls(r)
	if err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, "ideanew", ideaNewPage{s.base(r), calls})
}

func (s *Server) ideaCreate(w http.ResponseWriter, r *http.Request) error {
	call, err := uuid.Parse(r.PostFormValue("call"))
	if err != nil {
		return errs.New(errs.NotFound, "not_found", "This was not found.")
	}
	made, err := s.Store.CreateIdea(r.Context(), s.tenant(r).ID, s.person(r).ID, call)
	if err != nil {
		if !isRefusal(err) {
			return err
		}
		calls, listErr := s.openCalls(r)
		if listErr != nil {
			return listErr
		}
		return s.render(w, r, statusOf(err), "ideanew", ideaNewPage{s.base(r).Refused(err), calls})
	}
	return s.redirect(w, r, s.base(r).URL("/ideas/"+made.ID.String()+"/edit"), "")
}
