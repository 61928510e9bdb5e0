package site

import (
	"context"
	"math"
	"net/http"
	"strings"
	"unicode"

	"globalbrain/internal/errs"
	"globalbrain/internal/idea"
	"globalbrain/internal/scoring"
	"globalbrain/internal/tenant"
)

// Coach gives advice on a draft by the tenant's model; it is the model's door for
// people who write.
type Coach interface {
	Coach(ctx context.Context, id tenant.ID, t scoring.Text) (scoring.Advice, error)
}

// advicePanel is what stands beside the form: the model's score with its
// intervals, passages that help and hurt, what is missing, and similar ideas.
type advicePanel struct {
	Base
	Off     bool   // no model is loaded
	Reason  string // why the model says nothing; "" when it speaks
	Lines   []signalLine
	Helps   []passageLine
	Hurts   []passageLine
	Missing []string
	Similar []similarLine
}

// signalLine is one figure with its interval on a line of 100 units.
type signalLine struct {
	Name, Words string
	Silent      bool // there is no figure, and Words say why
	From, Width float64
	At          float64
}

type passageLine struct{ Text, Effect string }

// What the panel shows of passages: the strongest few, and none that hardly
// matters. The bound is in log-odds, because the same sentence moves a chance of
// 10 % by fewer points than one of 50 %. Of the passages of the demo's ideas about
// a third stay below it, the median moves them by 0.06.
const (
	shownPassages = 3
	leastShift    = 0.04
	longestQuote  = 220
)

// advise asks the model about a draft, and says what is missing and what ideas are
// like it, which takes no model.
func (s *Server) advise(r *http.Request, i idea.Idea) (advicePanel, error) {
	p := advicePanel{Base: s.base(r)}
	p.Missing = missing(p.Base, i.Draft)
	advice, spoke, err := s.consult(r, i.Draft)
	if err != nil {
		return p, err
	}
	switch {
	case !spoke:
		p.Off = true
	case advice.Score.Abstained:
		p.Reason = abstention(p.Base, advice.Score.Reason)
	default:
		p.Lines = scoreLines(p.Base, advice.Score)
		p.Helps, p.Hurts = passages(p.Base, advice)
	}
	p.Similar, err = s.similar(r, i, advice.Score)
	return p, err
}

// consult reports false for a model that is absent or busy: then it says nothing,
// and writing goes on without it.
func (s *Server) consult(r *http.Request, d idea.Draft) (scoring.Advice, bool, error) {
	if s.Coach == nil {
		return scoring.Advice{}, false, nil
	}
	advice, err := s.Coach.Coach(r.Context(), s.tenant(r).ID, scoring.Text{Title: d.Title, Problem: d.Problem, Solution: d.Solution, Team: d.Team, Language: d.Language})
	if errs.Is(err, errs.Unavailable) || r.Context().Err() != nil { // full, or nobody waits for it any more
		return scoring.Advice{}, false, nil //nolint:nilerr // the panel itself says that there is no advice now
	}
	return advice, err == nil, err
}

// abstention says why the model does not speak.
func abstention(b Base, reason string) string {
	if code, ok := strings.CutPrefix(reason, scoring.ReasonLanguage); ok {
		return b.T("coach.language", languageName(b, code))
	}
	return b.T("coach." + reason)
}

func scoreLines(b Base, s scoring.Score) []signalLine {
	rating := func(name string, r scoring.Rating) signalLine {
		at := func(x float64) float64 { return (x - 1) / 4 * 100 }
		return signalLine{
			Name: b.T(name), Words: b.T("coach.likely", b.Number(r.Low, 1), b.Number(r.High, 1)),
			From: at(r.Low), Width: at(r.High) - at(r.Low), At: at(r.Mean),
		}
	}
	lines := []signalLine{chanceLine(b, b.T("coach.success"), s.Success)}
	if c := s.Criteria; c != nil {
		lines = append(lines, rating("coach.impact", c.Impact), rating("coach.feasibility", c.Feasibility), rating("coach.auditability", c.Auditability))
	}
	return lines
}

// chanceLine shows a probability.
func chanceLine(b Base, name string, c scoring.Chance) signalLine {
	return signalLine{
		Name: name, Words: b.Percent(c.Probability) + " · " + likelySuccess(b, c.Low, c.High),
		From: c.Low * 100, Width: (c.High - c.Low) * 100, At: c.Probability * 100,
	}
}

// likelySuccess is the interval in words; the whole scale stands for none.
func likelySuccess(b Base, low, high float64) string {
	if low == 0 && high == 1 {
		return b.T("coach.uncalibrated")
	}
	return b.T("coach.likely", b.Percent(low), b.Percent(high))
}

// passages splits the model's list, which begins with what helps most.
func passages(b Base, advice scoring.Advice) (helps, hurts []passageLine) {
	list, with := advice.Passages, logOdds(advice.Score.Success.Probability)
	shift := func(p scoring.Passage) float64 { return with - logOdds(advice.Score.Success.Probability-p.Success) }
	for i := 0; i < len(list) && len(helps) < shownPassages && shift(list[i]) > leastShift; i++ {
		helps = append(helps, passage(b, list[i], "+"))
	}
	for i := len(list) - 1; i >= 0 && len(hurts) < shownPassages && shift(list[i]) < -leastShift; i-- {
		hurts = append(hurts, passage(b, list[i], ""))
	}
	return helps, hurts
}

func passage(b Base, p scoring.Passage, sign string) passageLine {
	return passageLine{Text: shorten(p.Text, longestQuote), Effect: b.T("coach.effect", sign+b.Number(p.Success*100, 1))}
}

// logOdds of a probability, kept off both ends, where it is infinite.
func logOdds(p float64) float64 {
	p = min(max(p, 1e-6), 1-1e-6)
	return math.Log(p / (1 - p))
}

// shorten cuts a text to about most characters.
func shorten(text string, most int) string {
	runes := []rune(strings.Join(strings.Fields(text), " "))
	if len(runes) <= most {
		return string(runes)
	}
	return string(runes[:most]) + "…"
}

// fewWords is below what a reader can judge: characters without spaces.
const fewWords = 120

// missing lists what a submission still needs or would gain from; it is plain
// rules, so it works in every language and without the model.
func missing(b Base, d idea.Draft) []string {
	var list []string
	need := func(absent bool, key string) {
		if absent {
			list = append(list, b.T("coach.miss_"+key))
		}
	}
	need(strings.TrimSpace(d.Title) == "", "title")
	need(letters(d.Problem) < fewWords/2, "problem")
	need(letters(d.Solution) < fewWords, "solution")
	need(letters(d.Team) < fewWords/4, "team")
	need(letters(d.Solution) >= fewWords && !strings.ContainsFunc(d.Solution+d.Problem, unicode.IsNumber), "numbers")
	need(d.Goal.Minor == 0, "goal")
	need(d.Language == "", "language")
	need(d.AIUse == "", "ai_use")
	need(!d.RightsConfirmed, "rights")
	return list
}

// letters counts what is written; a Chinese character says as much as about
// three Latin letters.
func letters(text string) int {
	n := 0
	for _, r := range text {
		switch {
		case unicode.Is(unicode.Han, r):
			n += 3
		case !unicode.IsSpace(r):
			n++
		}
	}
	return n
}
