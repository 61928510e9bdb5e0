package site

import (
	"net/http"
	"strings"
)

// reviewWrite saves a draft or hands the review in. On a refusal the page comes
// back with everything that was typed, and the draft is kept.
func (s *Server) reviewWrite(w http.ResponseWriter, r *http.Request) error {
	task, err := s.reviewTask(r)
	if err != nil {
		return err
	}
	ctx, t, me, sheet := r.Context(), s.tenant(r), s.person(r).ID, readSheet(r)
	b := s.base(r)
	if r.PostFormValue("do") != "submit" {
		if err := s.Store.SaveReviewDraft(ctx, t.ID, task.Assignment.ID, me, sheet); err != nil {
			return s.reviewAgain(w, r, err)
		}
		return s.redirect(w, r, b.URL("/desk/"+task.Assignment.ID.String()), "review.saved_flash")
	}
	if err := s.Store.SubmitReview(ctx, t, task.Assignment.ID, me, sheet); err != nil {
		if isRefusal(err) && sheet.CheckDraft() == nil && task.Assignment.Writable() == nil {
			if kept := s.Store.SaveReviewDraft(ctx, t.ID, task.Assignment.ID, me, sheet); kept != nil && !isRefusal(kept) {
				return kept
			}
		}
		return s.reviewAgain(w, r, err)
	}
	return s.redirect(w, r, b.URL("/desk"), "review.submitted")
}

// reviewTyped keeps what is being typed and says so; the page's script calls it.
func (s *Server) reviewTyped(w http.ResponseWriter, r *http.Request) error {
	task, err := s.reviewTask(r)
	if err != nil {
		return err
	}
	page := reviewPage{Base: s.base(r), SavedAt: s.base(r).Now()}
	err = s.Store.SaveReviewDraft(r.Context(), s.tenant(r).ID, task.Assignment.ID, s.person(r).ID, readSheet(r))
	if err != nil {
		if !isRefusal(err) {
			return err
		}
		page.Base = page.Refused(err)
	}
	return s.fragment(w, r, http.StatusOK, "review", "reviewsaved", page)
}

func (s *Server) reviewAgain(w http.ResponseWriter, r *http.Request, cause error) error {
	if !isRefusal(cause) {
		return cause
	}
	task, err := s.reviewTask(r)
	if err != nil {
		return err
	}
	page, err := s.reviewPage(s.base(r).Refused(cause), task)
	if err != nil {
		return err
	}
	return s.again(w, r, cause, "review", page)
}

// lines gives a text the line ends of Go; browsers send others.
func lines(text string) string { return strings.ReplaceAll(text, "\r\n", "\n") }

// reviewAnswer takes what a reviewer says to an assignment beside writing: accept,
// decline, a conflict of interest, or stepping back.
func (s *Server) reviewAnswer(w http.ResponseWriter, r *http.Request) error {
	id, err := pathID(r, "assignment")
	if err != nil {
		return err
	}
	ctx, t, me, why := r.Context(), s.tenant(r).ID, s.person(r).ID, r.PostFormValue("reason")
	b := s.base(r)
	where, words := b.URL("/desk"), ""
	switch r.PostFormValue("do") {
	case "accept":
		where, words = b.URL("/desk/"+id.String()), "desk.accepted"
		err = s.Store.AcceptAssignment(ctx, t, id, me)
	case "decline":
		words = "desk.declined"
		err = s.Store.DeclineAssignment(ctx, t, id, me, why)
	case "conflict":
		words = "desk.conflicted"
		err = s.Store.DeclareConflict(ctx, t, id, me, why)
	case "recuse":
		words = "desk.recused"
		err = s.Store.RecuseFromAssignment(ctx, t, id, me, why)
	default:
		return s.notFound(w, r)
	}
	if err != nil {
		return s.reviewAgain(w, r, err)
	}
	return s.redirect(w, r, where, words)
}
