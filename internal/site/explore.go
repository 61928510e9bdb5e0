package site

import (
	"net/http"
	"slices"

	"github.com/google/uuid"

	"globalbrain/internal/idea"
	"globalbrain/internal/postgres"
)

// explorePage lists public ideas with filters; the address says it all.
type explorePage struct {
	Base
	CallOptions     []Option
	StateOptions    []Option
	LanguageOptions []Option
	Filtered        bool
	Cards           []ideaCard
	Pager           pager
}

// shownIdeas is the length of a page of cards.
const shownIdeas = 24

func (s *Server) explore(w http.ResponseWriter, r *http.Request) error {
	ctx, t, b, q := r.Context(), s.tenant(r), s.base(r), r.URL.Query()
	calls, err := s.Store.Calls(ctx, t.ID)
	if err != nil {
		return err
	}
	f := postgres.IdeaFilter{Language: q.Get("language"), Search: q.Get("q")}
	if call, err := uuid.Parse(q.Get("call")); err == nil {
		f.Call = call
	}
	if state := idea.State(q.Get("state")); state.Public() && slices.Contains(idea.States, state) {
		f.States = []idea.State{state}
	}
	list, err := s.Store.Ideas(ctx, t.ID, f, q.Get("after"), shownIdeas)
	if err != nil {
		return err
	}
	page := explorePage{
		Base: b.With("q", f.Search, "call", q.Get("call"), "state", q.Get("state"), "language", f.Language), Pager: b.pager(list.Next),
		Filtered:    f.Search != "" || f.Call != uuid.Nil || len(f.States) > 0 || f.Language != "",
		CallOptions: []Option{{Value: "", Label: b.T("explore.any")}}, StateOptions: []Option{{Value: "", Label: b.T("explore.any")}},
		LanguageOptions: languageOptions(b, "explore.any"),
	}
	for _, c := range calls {
		page.CallOptions = append(page.CallOptions, Option{Value: c.ID.String(), Label: b.In(c.Title)})
	}
	for _, state := range idea.States {
		if state.Public() {
			page.StateOptions = append(page.StateOptions, Option{Value: string(state), Label: b.T("idea.state_" + string(state))})
		}
	}
	page.Cards = ideaCards(b, list.Items, calls)
	if err := s.fundCards(r, page.Cards); err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, "explore", page)
}

// ideaCards turns rows of a list into cards.
func ideaCards(b Base, list []postgres.IdeaCard, calls []idea.Call) []ideaCard {
	titles := map[uuid.UUID]string{}
	for _, c := range calls {
		titles[c.ID] = b.In(c.Title)
	}
	cards := make([]ideaCard, 0, len(list))
	for _, i := range list {
		card := ideaCard{
			Base: b, ID: i.ID, URL: b.URL("/ideas/" + i.ID.String()), Title: i.Title, Problem: shorten(plain(i.Problem), 160),
			Call: titles[i.Call], Language: i.Language,
		}
		if i.Cover != nil {
			card.Picture, card.Alt = b.URL("/ideas/"+i.ID.String()+"/pictures/"+i.Cover.ID.String()), i.Cover.Alt
		}
		cards = append(cards, card)
	}
	return cards
}
