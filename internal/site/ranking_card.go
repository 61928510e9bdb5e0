package site

import (
	"encoding/json"
	"strings"

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
}

// cardFigure compares the model with the plain baseline on the test round.
type cardFigure struct {
	Key      string // of the sentence that names it
	Model    float64
	Baseline float64
}

// modelCard asks the model that is served about itself.
func (s *Server) modelCard(b Base) modelCard {
	served, ok := s.Coach.(interface{ Manifest() *scoring.Manifest })
	if !ok {
		return modelCard{}
	}
	m := served.Manifest()
	var names []string
	for _, code := range m.Languages {
		names = append(names, languageName(b, code))
	}
	return modelCard{Name: m.Title(), Base: m.Base, Licence: m.Licence, Languages: strings.Join(names, ", "), Figures: cardFigures(m.Metrics)}
}

// The names under which a manifest's metrics keep the two that are compared.
const (
	asShipped = "fine-tuned model (int8, as shipped)"
	baseline  = "tfidf + logistic regression"
)

// cardFigures reads the figures that a manifest has of those that people ask
// for. Metrics are free in form: what is not there is not shown.
func cardFigures(metrics json.RawMessage) []cardFigure {
	type measured map[string][]float64 // the figure, then its 95 % interval
	var all struct {
		Success map[string]measured `json:"success"`
		Rating  map[string]measured `json:"rating"`
	}
	if json.Unmarshal(metrics, &all) != nil {
		return nil
	}
	var list []cardFigure
	add := func(key string, from map[string]measured, name string) {
		ours, theirs := from[asShipped][name], from[baseline][name]
		if len(ours) > 0 && len(theirs) > 0 {
			list = append(list, cardFigure{key, ours[0], theirs[0]})
		}
	}
	add("how.card_auc", all.Success, "auc")
	add("how.card_ndcg", all.Success, "ndcg10_within_call")
	add("how.card_rating", all.Rating, "spearman")
	return list
}
