package site

import (
	"html/template"
	"net/http"
	"slices"
	"time"

	"github.com/go-chi/chi/v5"

	"globalbrain/internal/scoring"
)

// modelPage is everything that is known of one installed model.
type modelPage struct {
	Base
	modelRow
	Created   string
	BaseModel string
	Licence   string
	FullHash  string
	MinTokens int
	MaxTokens int
	Share     float64 // of the scale; intervals that span more of it are an abstention
	Level     float64 // with which intervals hold; 0: nobody measured them
	Train     []countedLine
	Test      []countedLine
	Set       []countedLine // aside, with the reason
	Compared  []comparedRow
	Brier     string
	BaseRate  string
	ECE       string
	Plot      *reliabilityPlot // nil: the manifest has no bins
	Slices    []sliceRow
	Card      template.HTML
}

// comparedRow is one way of scoring that was measured, the model itself first.
type comparedRow struct {
	Name  string
	Words []string // its figures, in the order of figureNames
}

// sliceRow is the model's figures on some of the test ideas, beside the baseline's.
type sliceRow struct {
	Name                             string
	Ideas                            int
	SuccessAUC, RatingAUC, Spearman  string
	BaseSuccess, BaseRating, BaseRho string
}

func (s *Server) model(w http.ResponseWriter, r *http.Request) error {
	room, err := s.modelRoom(r)
	if err != nil {
		return err
	}
	found, err := s.Models.Find(chi.URLParam(r, "model"))
	if err != nil {
		return err
	}
	page := modelPage{Base: s.base(r)}
	page.modelRow = modelRowOf(page.Base, found, &room)
	if found.Err == nil {
		page.describe(found.Manifest)
	}
	card, err := s.Models.Card(found.Folder)
	if err != nil {
		return err
	}
	if page.Card, err = page.Document(card); err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, "model", page)
}

// describe fills the page with what a manifest says.
func (p *modelPage) describe(m *scoring.Manifest) {
	f := m.Figures()
	p.Created, p.BaseModel, p.Licence, p.FullHash = p.madeOn(m.Created), m.Base, m.Licence, m.Hash()
	p.MinTokens, p.MaxTokens, p.Share, p.Level = m.Abstain.MinTokens, m.Tokenizer.MaxTokens, m.Abstain.MaxIntervalShare, m.Conformal.Level
	p.Train, p.Test, p.Set = countedLines(f.Rows.Train), countedLines(f.Rows.Test), countedLines(f.Rows.Quarantine)
	p.compare(f)
	c := f.Calibration
	for _, x := range []struct {
		from *float64
		to   *string
	}{{c.Brier, &p.Brier}, {c.BrierOfBaseRate, &p.BaseRate}, {c.ECE, &p.ECE}} {
		*x.to = p.measured(x.from)
	}
	p.Plot = plotOf(p.Base, c.Reliability)
	p.slice(f)
}

// compare lists every way of scoring that was measured, with all figures.
func (p *modelPage) compare(f scoring.Figures) {
	var names []string
	for _, part := range []scoring.Ordered[map[string]scoring.Estimate]{f.Success, f.Rating} {
		for _, e := range part {
			if !slices.Contains(names, e.Key) {
				names = append(names, e.Key)
			}
		}
	}
	for _, name := range names {
		row := comparedRow{Name: name}
		alone := scoring.Figures{Success: only(f.Success, name), Rating: only(f.Rating, name)}
		for _, cell := range figureCells(p.Base, alone) {
			row.Words = append(row.Words, cell.Words)
		}
		p.Compared = append(p.Compared, row)
	}
}

// only keeps one member.
func only(o scoring.Ordered[map[string]scoring.Estimate], name string) scoring.Ordered[map[string]scoring.Estimate] {
	return scoring.Ordered[map[string]scoring.Estimate]{{Key: name, Value: o.Get(name)}}
}

// slice fills the table of slices.
func (p *modelPage) slice(f scoring.Figures) {
	if len(f.Success) == 0 {
		return
	}
	own := f.Success[0].Key
	of := func(from map[string]float64, name string) string {
		if x, ok := from[name]; ok {
			return p.Number(x, 3)
		}
		return ""
	}
	for _, e := range f.Slices {
		v := e.Value
		p.Slices = append(p.Slices, sliceRow{
			Name: e.Key, Ideas: v.Ideas,
			SuccessAUC: of(v.SuccessAUC, own), RatingAUC: of(v.RatingAUC, own), Spearman: of(v.RatingSpearman, own),
			BaseSuccess: of(v.SuccessAUC, baseline), BaseRating: of(v.RatingAUC, baseline), BaseRho: of(v.RatingSpearman, baseline),
		})
	}
}

// madeOn writes the day of a manifest's time; what is no time stays as it is.
func (b Base) madeOn(created string) string {
	at, err := time.Parse(time.RFC3339, created)
	if err != nil {
		return created
	}
	return b.Date(at)
}

// measured writes a figure, "" when there is none.
func (b Base) measured(x *float64) string {
	if x == nil {
		return ""
	}
	return b.Number(*x, 3)
}
