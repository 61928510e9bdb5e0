package site

import (
	"net/http"
	"strconv"

	"github.com/google/uuid"

	"globalbrain/internal/errs"
	"globalbrain/internal/idea"
	"globalbrain/internal/moderation"
	"globalbrain/internal/postgres"
)

// screeningPage shows one idea to a moderator, the material left, the decision right.
type screeningPage struct {
	Base
	Idea           screenedIdea
	Founder        string
	Score          string
	Pictures       []idea.Image
	Near           []nearPicture // other ideas' pictures that look nearly like them
	Own            bool
	Likely         []likelyRow
	MayTake        bool
	MayDecide      bool
	VerdictOptions []Option
	RuleOptions    []Option
}

type screenedIdea struct {
	ID      string
	Version int
	idea.Draft
}

func (s *Server) screeningPage(r *http.Request, v postgres.IdeaView) (screeningPage, error) {
	b := s.base(r)
	page := screeningPage{
		Base: b, Idea: screenedIdea{v.ID.String(), v.Version, v.Said.Draft}, Founder: v.FounderName, Pictures: v.Images,
		Own: v.Founder == s.person(r).ID, MayTake: v.State == idea.Submitted, MayDecide: v.State == idea.Screening,
		RuleOptions: []Option{{Value: "", Label: b.T("moderation.rule_none")}},
	}
	for _, verdict := range moderation.Verdicts {
		page.VerdictOptions = append(page.VerdictOptions, Option{Value: string(verdict), Label: b.T("moderation.verdict_" + string(verdict))})
	}
	for _, rule := range moderation.Rules {
		page.RuleOptions = append(page.RuleOptions, Option{Value: string(rule), Label: b.T("moderation.rule_" + string(rule))})
	}
	near, err := s.nearPictures(r, v, true, uuid.Nil)
	if err != nil {
		return page, err
	}
	for _, own := range v.Images {
		page.Near = append(page.Near, near[own.ID]...)
	}
	if page.Likely, err = s.likely(r, v); err != nil {
		return page, err
	}
	if blind, err := s.Store.BlindIdeas(r.Context(), s.tenant(r).ID, s.person(r).ID); err != nil || blind.Hides(v.ID) {
		return page, err // a moderator who reviews the idea too judges it blind
	}
	score, err := s.Store.IdeaScore(r.Context(), s.tenant(r).ID, v.ID)
	switch {
	case errs.Is(err, errs.NotFound):
		return page, nil
	case err != nil:
		return page, err
	}
	page.Score = scoreWords(b, &score)
	return page, nil
}

func (s *Server) screening(w http.ResponseWriter, r *http.Request) error {
	v, err := s.visibleIdea(r)
	if err != nil {
		return err
	}
	page, err := s.screeningPage(r, v)
	if err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, "screening", page)
}

func (s *Server) screeningTake(w http.ResponseWriter, r *http.Request) error {
	v, err := s.visibleIdea(r)
	if err != nil {
		return err
	}
	if _, err := s.Store.TakeForScreening(r.Context(), s.tenant(r).ID, s.person(r).ID, v.ID); err != nil {
		return s.screeningAgain(w, r, v, err)
	}
	return s.redirect(w, r, s.base(r).URL("/moderation/"+v.ID.String()), "moderation.taken")
}

func (s *Server) screeningDecide(w http.ResponseWriter, r *http.Request) error {
	v, err := s.visibleIdea(r)
	if err != nil {
		return err
	}
	version, err := strconv.Atoi(r.PostFormValue("version"))
	if err != nil {
		return errs.New(errs.Invalid, "form", "The form could not be read. Please send it again.")
	}
	d := moderation.Decision{Verdict: moderation.Verdict(r.PostFormValue("verdict")), Rule: moderation.Rule(r.PostFormValue("rule")), Note: r.PostFormValue("note")}
	if _, err := s.Store.DecideScreening(r.Context(), s.tenant(r).ID, s.person(r).ID, v.ID, version, d); err != nil {
		return s.screeningAgain(w, r, v, err)
	}
	return s.redirect(w, r, s.base(r).URL("/moderation"), "moderation.decided")
}

// screeningAgain shows the idea once more as it stands now, with what was typed.
func (s *Server) screeningAgain(w http.ResponseWriter, r *http.Request, v postgres.IdeaView, cause error) error {
	if now, err := s.Store.Idea(r.Context(), s.tenant(r).ID, v.ID); err == nil {
		v = now
	}
	page, err := s.screeningPage(r, v)
	if err != nil {
		return err
	}
	page.Base = page.Refused(cause)
	return s.again(w, r, cause, "screening", page)
}
