package site

import (
	"errors"
	"net/http"
	"slices"

	"globalbrain/internal/errs"
	"globalbrain/internal/idea"
	"globalbrain/internal/postgres"
)

// studioSave stores the draft and, when asked to, submits it. On a refusal the
// page comes back with everything that was typed.
func (s *Server) studioSave(w http.ResponseWriter, r *http.Request) error {
	v, err := s.ownIdea(r)
	if err != nil {
		return err
	}
	submit := r.PostFormValue("act") == "submit"
	v, err = s.saveTyped(r, v)
	if err != nil && submit {
		err = withMissing(err, v.Draft)
	}
	if err != nil {
		return s.studioAgain(w, r, v, err)
	}
	here := s.base(r).URL("/ideas/" + v.ID.String())
	if !submit {
		return s.redirect(w, r, here+"/edit", "studio.saved_flash")
	}
	var alike []idea.Likeness
	if v.CheckComplete() == nil { // else the founder hears of that first
		var question *alikeQuestion
		if alike, question, err = s.alike(r, v); question != nil {
			return s.studioAsk(w, r, v, question, err)
		}
		if err != nil {
			return s.studioAgain(w, r, v, err)
		}
	}
	if _, err := s.Store.SubmitIdea(r.Context(), s.tenant(r).ID, s.person(r).ID, v.ID, v.Edit, alike...); err != nil {
		return s.studioAgain(w, r, v, err)
	}
	return s.redirect(w, r, here, "studio.submitted")
}

// studioAsk shows the saved draft with the question above it, and what is wrong
// with the answer, if there was one. The question itself is no refusal.
func (s *Server) studioAsk(w http.ResponseWriter, r *http.Request, v postgres.IdeaView, question *alikeQuestion, wrong error) error {
	page, err := s.studioPage(r, v)
	if err != nil {
		return err
	}
	status := http.StatusOK
	if wrong != nil {
		page.Base, status = page.Refused(wrong), statusOf(wrong)
	}
	page.Alike = question
	if page.Advice, err = s.advise(r, v.Idea); err != nil {
		return err
	}
	return s.render(w, r, status, "studio", page)
}

// saveTyped stores what the form says and returns the idea as it is then. When
// only the goal cannot be read, the rest is stored and the error is about the goal.
func (s *Server) saveTyped(r *http.Request, v postgres.IdeaView) (postgres.IdeaView, error) {
	draft, edit, goalErr := s.readDraft(r, v.Draft)
	if goalErr != nil && edit == 0 {
		return v, goalErr
	}
	saved, err := s.Store.SaveDraft(r.Context(), s.tenant(r).ID, s.person(r).ID, v.ID, edit, draft)
	if err != nil {
		return v, err
	}
	v.Idea = saved
	return v, goalErr
}

// withMissing joins a complaint about the goal with all that a submission lacks,
// so that who submits hears everything at once.
func withMissing(err error, d idea.Draft) error {
	goal, ok := errors.AsType[*errs.Error](err)
	if !ok || len(goal.Fields) != 1 || goal.Fields[0].Name != "goal" {
		return err
	}
	d.Goal.Minor = 0
	rest, ok := errors.AsType[*errs.Error](d.CheckComplete())
	if !ok {
		return err
	}
	f := slices.Clone(errs.Fields(rest.Fields))
	for i := range f {
		if f[i].Name == "goal" {
			f[i] = goal.Fields[0]
		}
	}
	return f.Err()
}

// studioAgain shows the form once more. After a save in another tab it carries
// the newest edit number, so that saving again is a decision to overwrite.
func (s *Server) studioAgain(w http.ResponseWriter, r *http.Request, v postgres.IdeaView, cause error) error {
	if !isRefusal(cause) && errs.CodeOf(cause) != "idea.unverified" {
		return cause
	}
	conflict := errs.CodeOf(cause) == "idea.edited_elsewhere"
	if conflict {
		now, err := s.Store.Idea(r.Context(), s.tenant(r).ID, v.ID)
		if err != nil {
			return errors.Join(cause, err)
		}
		v = now
	}
	page, err := s.studioPage(r, v)
	if err != nil {
		return errors.Join(cause, err)
	}
	page.Base = page.Refused(cause)
	if conflict {
		page.Theirs = &v.Draft
	}
	if page.Advice, err = s.advise(r, v.Idea); err != nil {
		return errors.Join(cause, err)
	}
	return s.render(w, r, statusOf(cause), "studio", page)
}

// studioTyped saves what is being typed and answers with fresh advice. It is
// called by the page's script; the form itself works without it.
func (s *Server) studioTyped(w http.ResponseWriter, r *http.Request) error {
	v, err := s.ownIdea(r)
	if err != nil {
		return err
	}
	draft, edit, _ := s.readDraft(r, v.Draft) // a goal that is half typed is no error yet
	saved, err := s.Store.SaveDraft(r.Context(), s.tenant(r).ID, s.person(r).ID, v.ID, edit, draft)
	page, status := studioPage{Base: s.base(r), Idea: saved, Edit: saved.Edit}, http.StatusOK
	if err != nil {
		if !isRefusal(err) {
			return err
		}
		page.Base, status = page.Refused(err), statusOf(err)
		page.Idea = v.Idea
		page.Idea.Draft = draft
	}
	if page.Advice, err = s.advise(r, page.Idea); err != nil {
		return err
	}
	return s.fragment(w, r, status, "studio", "typed", page)
}
