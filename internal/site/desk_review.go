package site

import (
	"net/http"
	"strconv"
	"time"

	"globalbrain/internal/money"
	"globalbrain/internal/postgres"
	"globalbrain/internal/review"
)

// reviewPage is one idea on a reviewer's desk: the material left, the rubric
// right, and nothing that anybody or the model said about it.
type reviewPage struct {
	Base
	ID        string
	Call      string
	Idea      reviewedIdea
	DueAt     time.Time
	State     string
	AnswerBy  time.Time // while the invitation waits for an answer
	MayWrite  bool
	Final     bool
	Closed    bool // the round ended without this review
	SavedAt   time.Time
	Rubric    []rubricPart
	Rationale int // characters that a rationale needs
}

// reviewedIdea is what the reviewer reads: the version that was submitted.
type reviewedIdea struct {
	Title    string
	Founder  string
	Language string
	Problem  string
	Solution string
	Team     string
	Goal     money.Amount
}

// rubricPart is one criterion of the form.
type rubricPart struct {
	Name       string
	Question   string
	Low, High  string // the words at the ends of the scale
	Score      scale
	Confidence scale
	Rationale  Field
	Given      review.Judgement
}

// scale is a choice of 1 to 5.
type scale struct {
	Name  string
	Label string
	Low   string
	High  string
	Error string
	Steps []scaleStep
}

type scaleStep struct {
	Value  int
	Chosen bool
	Focus  bool
}

func (s *Server) reviewTask(r *http.Request) (postgres.DeskTask, error) {
	id, err := pathID(r, "assignment")
	if err != nil {
		return postgres.DeskTask{}, err
	}
	return s.Store.ReviewTask(r.Context(), s.tenant(r).ID, id, s.person(r).ID)
}

func (s *Server) review(w http.ResponseWriter, r *http.Request) error {
	task, err := s.reviewTask(r)
	if err != nil {
		return err
	}
	page, err := s.reviewPage(s.base(r), task)
	if err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, "review", page)
}

func (s *Server) reviewPage(b Base, t postgres.DeskTask) (reviewPage, error) {
	a := t.Assignment
	page := reviewPage{
		ID: a.ID.String(), Call: b.In(t.Call),
		Idea: reviewedIdea{
			Title: t.Title, Founder: t.Founder, Language: t.Language, Problem: t.Problem, Solution: t.Solution, Team: t.Team,
			Goal: money.Amount{Minor: t.GoalMinor, Currency: t.Currency},
		},
		DueAt: a.DueAt, State: b.T("assignment." + string(a.State)), SavedAt: t.SavedAt,
		Final: a.State == review.Finalised, Rationale: b.Tenant().Policy.MinRationale,
	}
	open := t.RoundState == review.RoundOpen
	page.Closed = a.State.Pending() && !open
	page.MayWrite = open && a.Writable() == nil
	if a.State == review.Invited && open {
		page.AnswerBy = a.InvitedAt.Add(review.InvitationLasts)
	}
	if b.form.posted == nil {
		b = b.With(sheetValues(t.Sheet)...)
	}
	page.Base = b
	for i, c := range review.Rubric {
		part, err := b.rubricPart(string(c), page.Rationale)
		if err != nil {
			return page, err
		}
		part.Given = t.Sheet[i]
		page.Rubric = append(page.Rubric, part)
	}
	return page, nil
}

func (b Base) rubricPart(name string, rationale int) (rubricPart, error) {
	part := rubricPart{
		Name: b.T("rubric." + name), Question: b.T("rubric." + name + ".question"),
		Low: b.T("rubric." + name + ".low"), High: b.T("rubric." + name + ".high"),
	}
	part.Score = b.scale(name+"_score", b.T("review.score"), part.Low, part.High)
	part.Confidence = b.scale(name+"_confidence", b.T("review.confidence"), b.T("review.confidence_low"), b.T("review.confidence_high"))
	var err error
	part.Rationale, err = b.Input(name+"_rationale", "review.rationale", "rows=4", "max="+strconv.Itoa(review.MaxRationale))
	part.Rationale.Hint = b.T("review.rationale_hint", rationale)
	return part, err
}

func (b Base) scale(name, label, low, high string) scale {
	sc := scale{Name: name, Label: label, Low: low, High: high, Error: b.Err(name)}
	first := len(b.form.refused) > 0 && b.form.refused[0].Name == name
	for n := review.Lowest; n <= review.Highest; n++ {
		sc.Steps = append(sc.Steps, scaleStep{Value: n, Chosen: b.Val(name) == strconv.Itoa(n), Focus: first && n == review.Lowest})
	}
	return sc
}

// sheetValues are the fields of a sheet, as the form names them.
func sheetValues(sheet review.Sheet) []string {
	var pairs []string
	number := func(n int) string {
		if n == 0 {
			return ""
		}
		return strconv.Itoa(n)
	}
	for i, j := range sheet {
		name := string(review.Rubric[i])
		pairs = append(pairs, name+"_score", number(j.Score), name+"_confidence", number(j.Confidence), name+"_rationale", j.Rationale)
	}
	return pairs
}

// readSheet reads what the form holds; what is no number counts as not answered.
func readSheet(r *http.Request) (sheet review.Sheet) {
	number := func(name string) int {
		n, err := strconv.Atoi(r.PostFormValue(name))
		if err != nil {
			return 0
		}
		return n
	}
	for i, c := range review.Rubric {
		name := string(c)
		sheet[i] = review.Judgement{Score: number(name + "_score"), Confidence: number(name + "_confidence"), Rationale: lines(r.PostFormValue(name + "_rationale"))}
	}
	return sheet
}
