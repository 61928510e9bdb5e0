package site

import (
	"net/http"
	"slices"
	"strconv"

	"github.com/go-chi/chi/v5"
	"github.com/google/uuid"

	"globalbrain/internal/errs"
	"globalbrain/internal/idea"
	"globalbrain/internal/money"
	"globalbrain/internal/postgres"
	"globalbrain/internal/tenant"
)

// studioPage is where a founder writes: the form, and live advice beside it.
type studioPage struct {
	Base
	Idea            idea.Idea
	Call            idea.Call
	Edit            int64
	Stepper         stepper
	Decision        string      // the moderator's words while changes are requested
	Theirs          *idea.Draft // what another tab saved meanwhile
	Alike           *alikeQuestion
	Pictures        []ownPicture
	Near            bool // one of them looks nearly like another idea's
	LanguageOptions []Option
	AIOptions       []Option
	Advice          advicePanel
	MayWithdraw     bool
}

// pathID reads an id of the path; a text that is none is like one that nobody has.
func pathID(r *http.Request, name string) (uuid.UUID, error) {
	id, err := uuid.Parse(chi.URLParam(r, name))
	if err != nil {
		return uuid.Nil, errs.New(errs.NotFound, "not_found", "This was not found.")
	}
	return id, nil
}

// visibleIdea returns the idea of the path if the reader may see it; anything
// else is not found, so that nobody learns what exists.
func (s *Server) visibleIdea(r *http.Request) (postgres.IdeaView, error) {
	id, err := pathID(r, "idea")
	if err != nil {
		return postgres.IdeaView{}, err
	}
	v, err := s.Store.Idea(r.Context(), s.tenant(r).ID, id)
	if err == nil && !v.MaySee(s.person(r).ID, s.person(r).May(tenant.Moderate)) {
		err = errs.New(errs.NotFound, "not_found", "This was not found.")
	}
	return v, err
}

// ownIdea returns the idea of the path if the reader founded it.
func (s *Server) ownIdea(r *http.Request) (postgres.IdeaView, error) {
	v, err := s.visibleIdea(r)
	if err == nil && v.Founder != s.person(r).ID {
		err = errs.New(errs.Forbidden, "idea.not_yours", "Only the founder can do this.")
	}
	return v, err
}

func (s *Server) studio(w http.ResponseWriter, r *http.Request) error {
	v, err := s.ownIdea(r)
	if err != nil {
		return err
	}
	if err := v.MayEdit(s.person(r).ID); err != nil {
		return s.redirect(w, r, s.base(r).URL("/ideas/"+v.ID.String()), "")
	}
	page, err := s.studioPage(r, v)
	if err != nil {
		return err
	}
	page.Advice, err = s.advise(r, v.Idea)
	if err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, "studio", page)
}

// studioPage fills the page from what is stored.
func (s *Server) studioPage(r *http.Request, v postgres.IdeaView) (studioPage, error) {
	call, err := s.Store.Call(r.Context(), s.tenant(r).ID, v.Call)
	if err != nil {
		return studioPage{}, err
	}
	b := s.base(r)
	page := studioPage{
		Base: b.With(draftValues(b, v.Draft)...), Idea: v.Idea, Call: call, Edit: v.Edit,
		Stepper: ideaStepper(b, v.State), LanguageOptions: languageOptions(b, "idea.language_none"), AIOptions: aiOptions(b),
		MayWithdraw: idea.Allowed(v.State, idea.Withdrawn),
	}
	if page.Pictures, err = s.ownPictures(r, v); err != nil {
		return studioPage{}, err
	}
	page.Near = slices.ContainsFunc(page.Pictures, func(p ownPicture) bool { return len(p.Near) > 0 })
	if v.State == idea.ChangesRequested {
		if page.Decision, err = s.founderNote(r, v.Idea); err != nil {
			return studioPage{}, err
		}
	}
	return page, nil
}

// draftValues are the form's values for a stored draft.
func draftValues(b Base, d idea.Draft) []string {
	goal, rights := "", ""
	if d.Goal.Minor > 0 {
		goal = d.Goal.Input(b.Locale())
	}
	if d.RightsConfirmed {
		rights = "yes"
	}
	return []string{
		"title", d.Title, "problem", d.Problem, "solution", d.Solution, "team", d.Team,
		"goal", goal, "language", d.Language, "ai_use", string(d.AIUse), "rights", rights,
	}
}

// readDraft reads the form. A goal that cannot be read keeps the stored one and
// is the error, so that everything else is saved all the same.
func (s *Server) readDraft(r *http.Request, stored idea.Draft) (draft idea.Draft, edit int64, err error) {
	draft = idea.Draft{
		Title: r.PostFormValue("title"), Problem: r.PostFormValue("problem"), Solution: r.PostFormValue("solution"), Team: r.PostFormValue("team"),
		Language: r.PostFormValue("language"), AIUse: idea.AIUse(r.PostFormValue("ai_use")), RightsConfirmed: r.PostFormValue("rights") == "yes",
	}
	edit, parseErr := strconv.ParseInt(r.PostFormValue("edit"), 10, 64)
	if parseErr != nil {
		return draft, 0, errs.New(errs.Invalid, "form", "The form could not be read. Please send it again.")
	}
	typed := r.PostFormValue("goal")
	if typed == "" {
		return draft, edit, nil
	}
	draft.Goal, err = money.Parse(typed, s.tenant(r).Currency, s.base(r).Locale())
	if err != nil {
		draft.Goal = stored.Goal
		err = onField(err, "goal")
	}
	return draft, edit, err
}

// onField turns an error about one value into one about the field it came from.
func onField(err error, name string) error {
	if !errs.Is(err, errs.Invalid) {
		return err
	}
	var f errs.Fields
	f.AddErr(name, err)
	return f.Err()
}
