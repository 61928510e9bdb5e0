package site

import (
	"net/http"

	"globalbrain/internal/idea"
	"globalbrain/internal/postgres"
	"globalbrain/internal/tenant"
)

// moderationPage is the screening queue, the longest wait first.
type moderationPage struct {
	Base
	Rows  []waitingRow
	Pager pager
}

type waitingRow struct{ URL, Title, Founder, Why, State string }

// queueLength is the length of a page of a work queue.
const queueLength = 50

func (s *Server) moderation(w http.ResponseWriter, r *http.Request) error {
	list, err := s.Store.ScreeningQueue(r.Context(), s.tenant(r).ID, r.URL.Query().Get("after"), queueLength)
	if err != nil {
		return err
	}
	blind, err := s.Store.BlindIdeas(r.Context(), s.tenant(r).ID, s.person(r).ID)
	if err != nil {
		return err
	}
	b := s.base(r)
	page := moderationPage{Base: b, Pager: b.pager(list.Next)}
	for _, i := range list.Items {
		if blind.Hides(i.ID) {
			i.Score = nil
		}
		page.Rows = append(page.Rows, waitingRow{
			URL: b.URL("/moderation/" + i.ID.String()), Title: i.Title, Founder: i.FounderName,
			Why: b.T("moderation.waiting", b.Ago(i.SubmittedAt)) + scoreNote(b, i.Score), State: waitingState(b, i),
		})
	}
	return s.render(w, r, http.StatusOK, "moderation", page)
}

// waitingState says where an idea stands, and with whom once somebody reads it.
func waitingState(b Base, i postgres.Waiting) string {
	if i.State == idea.Screening {
		return b.T("moderation.with", i.ModeratorName)
	}
	return b.T("idea.state_" + string(i.State))
}

// scoreNote is what the model said, in a few words after a dot.
func scoreNote(b Base, score *idea.Score) string {
	if words := scoreWords(b, score); words != "" {
		return " · " + words
	}
	return ""
}

func scoreWords(b Base, score *idea.Score) string {
	switch {
	case score == nil:
		return ""
	case score.Abstained:
		return abstention(b, score.Reason)
	}
	return b.T("moderation.score", b.Percent(score.Success.Value)+" ("+likelySuccess(b, score.Success.Low, score.Success.High)+")")
}

// moderationNeeds tells a moderator on my page what waits.
func moderationNeeds(s *Server, r *http.Request, page *mePage) error {
	if !s.person(r).May(tenant.Moderate) {
		return nil
	}
	list, err := s.Store.ScreeningQueue(r.Context(), s.tenant(r).ID, "", 5)
	if err != nil {
		return err
	}
	for _, i := range list.Items {
		if i.State == idea.Submitted || i.ModeratorID == s.person(r).ID {
			page.Needs = append(page.Needs, meRow{Title: i.Title, Detail: page.T("moderation.need"), URL: page.URL("/moderation/" + i.ID.String()), When: i.SubmittedAt})
		}
	}
	return nil
}

// myIdeas lists a person's own ideas on my page.
func myIdeas(s *Server, r *http.Request, page *mePage) error {
	list, err := s.Store.Ideas(r.Context(), s.tenant(r).ID, postgres.IdeaFilter{Founder: s.person(r).ID}, "", queueLength)
	if err != nil {
		return err
	}
	section := meSection{Title: page.T("idea.mine"), Empty: page.T("idea.mine_empty"), Action: meLink{Label: page.T("nav.post"), URL: page.URL("/ideas/new")}}
	for _, i := range list.Items {
		row := meRow{Title: i.Title, Detail: page.T("idea.state_" + string(i.State)), URL: page.URL("/ideas/" + i.ID.String()), When: i.UpdatedAt}
		if row.Title == "" {
			row.Title = page.T("studio.untitled")
		}
		section.Rows = append(section.Rows, row)
		if need := map[idea.State]string{idea.Drafting: "idea.need_draft", idea.ChangesRequested: "idea.need_changes"}[i.State]; need != "" {
			row.Detail = page.T(need)
			page.Needs = append(page.Needs, row)
		}
	}
	page.Sections = append(page.Sections, section)
	return nil
}
