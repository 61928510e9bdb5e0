package site

import (
	"net/http"

	"globalbrain/internal/scoring"
)

// modelCard is what everybody may know of the model that is served; without a
// model Name is empty.
type modelCard struct {
	Name      string
	Base      string
	Licence   string
	Languages string // those it was trained on, in the reader's words
	Figures   []cardFigure
	Others    []otherModel // who answers in other languages
}

// otherModel answers in languages that the served model does not know.
type otherModel struct{ Name, Languages string }

// cardFigure compares the model with the plain baseline on the test round.
type cardFigure struct {
	Key      string // of the sentence that names it
	Model    float64
	Baseline float64
}

// modelCard asks the model that answers for the tenant about itself.
func (s *Server) modelCard(r *http.Request) modelCard {
	if s.Models == nil {
		return modelCard{}
	}
	routes := s.Models.Routes(r.Context(), s.tenant(r).ID)
	if len(routes) == 0 {
		return modelCard{}
	}
	b, m := s.base(r), routes[0].Manifest
	card := modelCard{Name: m.Title(), Base: m.Base, Licence: m.Licence, Languages: languageNames(b, routes[0].Languages), Figures: cardFigures(m.Figures())}
	for _, other := range routes[1:] {
		card.Others = append(card.Others, otherModel{other.Manifest.Title(), languageNames(b, other.Languages)})
	}
	return card
}

// baseline is the name under which a manifest keeps the figures of the plain way
// that a model is compared with.
const baseline = "tfidf + logistic regression"

// cardFigures are the figures that a manifest has of those that people ask for;
// what is not there is not shown.
func cardFigures(f scoring.Figures) []cardFigure {
	var list []cardFigure
	add := func(key string, from scoring.Ordered[map[string]scoring.Estimate], name string) {
		ours, ok := from.First()[name]
		theirs, compared := from.Get(baseline)[name]
		if ok && compared {
			list = append(list, cardFigure{key, ours.Value, theirs.Value})
		}
	}
	add("how.card_auc", f.Success, "auc")
	add("how.card_ndcg", f.Success, "ndcg10_within_call")
	add("how.card_rating", f.Rating, "spearman")
	return list
}
