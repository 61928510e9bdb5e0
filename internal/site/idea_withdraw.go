package site

import "net/http"

// withdrawPage asks before an idea is withdrawn for good.
type withdrawPage struct {
	Base
	Idea ideaTitle
}

type ideaTitle struct{ ID, Title string }

func (s *Server) withdrawForm(w http.ResponseWriter, r *http.Request) error {
	v, err := s.ownIdea(r)
	if err != nil {
		return err
	}
	if err := v.MayWithdraw(s.person(r).ID); err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, "withdraw", withdrawPage{s.base(r), ideaTitle{v.ID.String(), v.Title}})
}

func (s *Server) withdraw(w http.ResponseWriter, r *http.Request) error {
	v, err := s.ownIdea(r)
	if err != nil {
		return err
	}
	if _, err := s.Store.WithdrawIdea(r.Context(), s.tenant(r).ID, s.person(r).ID, v.ID, ""); err != nil {
		return s.again(w, r, err, "withdraw", withdrawPage{s.base(r).Refused(err), ideaTitle{v.ID.String(), v.Title}})
	}
	return s.redirect(w, r, s.base(r).URL("/ideas/"+v.ID.String()), "withdraw.done")
}
