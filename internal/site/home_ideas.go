package site

import (
	"net/http"

	"globalbrain/internal/postgres"
)

// homeCalls and homeNewest put the open calls and the newest ideas on the home page.
func homeCalls(s *Server, r *http.Request, page *homePage) error {
	calls, err := s.openCalls(r)
	if err != nil {
		return err
	}
	for _, c := range calls {
		page.Calls = append(page.Calls, homeCall{
			Title: page.In(c.Title), Brief: page.In(c.Brief), URL: page.URL("/ideas") + "?call=" + c.ID.String(),
			Post: page.URL("/ideas/new"), Ends: c.ClosesAt,
		})
	}
	return nil
}

func homeNewest(s *Server, r *http.Request, page *homePage) error {
	ctx, t := r.Context(), s.tenant(r).ID
	calls, err := s.Store.Calls(ctx, t)
	if err != nil {
		return err
	}
	list, err := s.Store.Ideas(ctx, t, postgres.IdeaFilter{}, "", 6)
	if err != nil {
		return err
	}
	page.Shelves = append(page.Shelves, shelf{
		Title: page.T("idea.newest"), Reason: page.T("idea.newest_reason"), Cards: ideaCards(page.Base, list.Items, calls),
		Empty: page.T("explore.empty"), More: page.URL("/ideas"),
	})
	return nil
}
