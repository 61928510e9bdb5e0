package site

import (
	"bytes"
	"fmt"
	"html/template"
	"net/http"
	"time"

	"github.com/google/uuid"

	"globalbrain/internal/idea"
	"globalbrain/internal/money"
	"globalbrain/internal/postgres"
)

// ideaPage is where people decide: the pitch, and beside it what the model,
// the experts and the crowd say, and the campaign.
type ideaPage struct {
	Base
	ID           uuid.UUID
	Call         pageCall
	Founder      string
	Title        string
	Problem      string
	Solution     string
	Team         string
	Goal         money.Amount
	Language     string
	LanguageName string
	AIUse        idea.AIUse
	SubmittedAt  time.Time
	Stepper      stepper
	Pictures     []idea.Image
	Decision     string
	History      []idea.Transition
	MayEdit      bool
	Actions      []meLink
	Blocks       []template.HTML // what other areas show beside the pitch
}

type pageCall struct {
	ID    uuid.UUID
	Title map[string]string
}

// ideaPart adds to the page of an idea: an action, or a block made by s.block.
type ideaPart func(s *Server, r *http.Request, v postgres.IdeaView, page *ideaPage) error

// ideaParts are the parts of an idea's page in their order, each in its area's own file.
var ideaParts = []ideaPart{campaignPart, ideaActions, ideaSignals}

func (s *Server) idea(w http.ResponseWriter, r *http.Request) error {
	v, err := s.visibleIdea(r)
	if err != nil {
		return err
	}
	b, said := s.base(r), v.Said
	page := ideaPage{
		Base: b, ID: v.ID, Call: pageCall{v.Call, v.CallTitle}, Founder: v.FounderName,
		Title: said.Title, Problem: said.Problem, Solution: said.Solution, Team: said.Team, Goal: said.Goal,
		Language: said.Language, LanguageName: languageName(b, said.Language), AIUse: said.AIUse,
		SubmittedAt: v.SubmittedAt, Stepper: ideaStepper(b, v.State), Pictures: v.Images,
		MayEdit: v.MayEdit(s.person(r).ID) == nil,
	}
	if page.MayEdit && v.Version == 0 {
		return s.redirect(w, r, b.URL("/ideas/"+v.ID.String()+"/edit"), "") // a draft has no other page
	}
	if v.Founder == s.person(r).ID {
		if page.History, err = s.Store.IdeaHistory(r.Context(), s.tenant(r).ID, v.ID); err != nil {
			return err
		}
		if page.Decision, err = s.founderNote(r, v.Idea); err != nil {
			return err
		}
	}
	for _, add := range ideaParts {
		if err := add(s, r, v, &page); err != nil {
			return err
		}
	}
	return s.render(w, r, http.StatusOK, "idea", page)
}

// founderNote is what the last decision about the newest version tells the
// founder; a version that nobody has decided about has none.
func (s *Server) founderNote(r *http.Request, i idea.Idea) (string, error) {
	list, err := s.Store.ScreeningDecisions(r.Context(), s.tenant(r).ID, i.ID)
	if err != nil || len(list) == 0 || list[0].Version != i.Version {
		return "", err
	}
	last := list[0]
	if last.Rule == "" {
		return last.Note, nil
	}
	return s.base(r).T("moderation.rule_"+string(last.Rule)) + "\n" + last.Note, nil
}

// block renders one named partial for the page of an idea.
func (s *Server) block(name string, view any) (template.HTML, error) {
	var b bytes.Buffer
	if err := s.pages["idea"].ExecuteTemplate(&b, name, view); err != nil {
		return "", fmt.Errorf("render block %s: %w", name, err)
	}
	return template.HTML(b.String()), nil // #nosec G203 -- html/template has just escaped it
}
