package site

import "net/http"

// homeClosing puts the campaigns that end next on the home page, where there
// are any.
func homeClosing(s *Server, r *http.Request, page *homePage) error {
	ctx, t := r.Context(), s.tenant(r).ID
	list, err := s.Store.IdeasClosingSoon(ctx, t, shelfLength)
	if err != nil || len(list) == 0 {
		return err
	}
	calls, err := s.Store.Calls(ctx, t)
	if err != nil {
		return err
	}
	page.Shelves = append(page.Shelves, shelf{
		Title: page.T("home.closing"), Reason: page.T("home.closing_reason"), Cards: ideaCards(page.Base, list, calls),
	})
	return nil
}
