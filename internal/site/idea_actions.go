package site

import (
	"net/http"

	"globalbrain/internal/idea"
	"globalbrain/internal/postgres"
	"globalbrain/internal/tenant"
)

// ideaActions leads a founder to withdrawing, and a moderator to the desk while
// the idea waits for a decision.
func ideaActions(s *Server, r *http.Request, v postgres.IdeaView, page *ideaPage) error {
	me, here := s.person(r), v.ID.String()
	if v.MayWithdraw(me.ID) == nil {
		page.Actions = append(page.Actions, meLink{Label: page.T("studio.withdraw"), URL: page.URL("/ideas/" + here + "/withdraw")})
	}
	waits := v.State == idea.Submitted || v.State == idea.Screening
	if waits && me.May(tenant.Moderate) && v.Founder != me.ID {
		page.Actions = append(page.Actions, meLink{Label: page.T("moderation.open"), URL: page.URL("/moderation/" + here)})
	}
	return nil
}
