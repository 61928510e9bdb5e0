package site

import (
	"strings"

	"globalbrain/internal/scoring"
)

// figureNames are the figures that a model is known by, in the order in which
// they are shown: the more, the better. Each ends the key of its name.
var figureNames = []struct {
	name string
	of   func(scoring.Figures) map[string]scoring.Estimate
	in   string // the figure's name in the manifest
}{
	{"auc", successOf, "auc"},
	{"within", successOf, "auc_within_call"},
	{"ndcg", successOf, "ndcg10_within_call"},
	{"rating_auc", ratingOf, "auc"},
	{"rating_rank", ratingOf, "spearman"},
}

func successOf(f scoring.Figures) map[string]scoring.Estimate { return f.Success.First() }
func ratingOf(f scoring.Figures) map[string]scoring.Estimate  { return f.Rating.First() }

// figureCell is one figure of one model in words; Words is empty when it was not
// measured.
type figureCell struct {
	Name     string
	Words    string
	estimate *scoring.Estimate
}

// figureCells are all figures of a model.
func figureCells(b Base, f scoring.Figures) []figureCell {
	cells := make([]figureCell, len(figureNames))
	for i, figure := range figureNames {
		cells[i].Name = b.T("model.fig_" + figure.name)
		if e, ok := figure.of(f)[figure.in]; ok {
			cells[i].estimate, cells[i].Words = &e, estimateWords(b, e)
		}
	}
	return cells
}

// estimateWords is a figure with its 95 % interval.
func estimateWords(b Base, e scoring.Estimate) string {
	return b.T("model.estimate", b.Number(e.Value, 3), b.Number(e.Low, 3), b.Number(e.High, 3))
}

// languageNames lists languages in the reader's words.
func languageNames(b Base, codes []string) string {
	names := make([]string, len(codes))
	for i, code := range codes {
		names[i] = languageName(b, code)
	}
	return strings.Join(names, b.T("model.comma"))
}

// countedLine is one line of a list of counts.
type countedLine struct {
	Name  string
	Count int
}

func countedLines(o scoring.Ordered[int]) []countedLine {
	list := make([]countedLine, len(o))
	for i, e := range o {
		list[i] = countedLine{strings.ReplaceAll(e.Key, "_", " "), e.Value}
	}
	return list
}
