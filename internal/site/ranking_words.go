package site

import (
	"math"
	"strings"

	"globalbrain/internal/ranking"
	"globalbrain/internal/review"
	"globalbrain/internal/scoring"
)

// sourceLine is one signal as people see it: a dot on a line with its interval,
// and the same in words. A source that says nothing has an empty line and Why.
type sourceLine struct {
	Source string // "model", "expert", "crowd" or "": its colour
	Name   string
	Known  bool
	Words  string
	Why    string
	From   float64 // the interval and the mean on a line of 100 units
	Width  float64
	At     float64
}

// share is a stretch of the stacked bar.
type share struct {
	Source string
	Name   string
	From   float64 // of 100
	Width  float64
	Words  string // what the source gave
}

// receiptView is a receipt as people read it.
type receiptView struct {
	Base
	Rank     int
	Ideas    int
	Range    string // "4–11"; "" when the rank is sure
	Sentence string
	Fused    sourceLine
	Sources  []sourceLine
	Shares   []share
}

// eighty is how many standard deviations hold the middle 80 % of a Gaussian.
const eighty = 1.2816

// onScale places a rating of 1..5 on a line of 100 units.
func onScale(points float64) float64 { return min(max((points-1)/4*100, 0), 100) }

func likely(b Base, mean, deviation float64) (words string, from, width, at float64) {
	low, high := max(mean-eighty*deviation, review.Lowest), min(mean+eighty*deviation, review.Highest)
	low, high = min(low, review.Highest), max(high, review.Lowest)
	return b.T("ranking.likely", b.Number(mean, 1), b.Number(low, 1), b.Number(high, 1)), onScale(low), onScale(high) - onScale(low), onScale(mean)
}

func receiptOf(b Base, r ranking.Receipt) receiptView {
	v := receiptView{Base: b, Rank: r.Rank, Ideas: r.Ideas}
	if r.RankHigh > r.RankLow {
		v.Range = b.T("ranking.range", r.RankLow, r.RankHigh)
	}
	v.Sentence = sentence(b, r)
	v.Fused = sourceLine{Name: b.T("ranking.fused"), Known: true}
	v.Fused.Words, v.Fused.From, v.Fused.Width, v.Fused.At = likely(b, r.Posterior.Mean, r.Posterior.Deviation)
	v.Sources = []sourceLine{
		said(b, "model", b.T("ranking.model"), r.Signals.Model, modelSilence(b, r)),
		said(b, "expert", b.T("ranking.experts"), r.Signals.Experts, b.T("ranking.no_reviews")),
		said(b, "crowd", b.T("ranking.crowd"), r.Signals.Crowd, b.T("ranking.no_support")),
	}
	if r.Ratings > 0 {
		v.Sources[1].Words += " · " + b.N("ranking.reviews", r.Ratings)
	}
	if r.Signals.Crowd.Known {
		v.Sources[2].Words += " · " + b.N("ranking.supporters", int(r.Support))
	}
	v.Shares = sharesOf(b, r)
	return v
}

func said(b Base, source, name string, s ranking.Signal, why string) sourceLine {
	line := sourceLine{Source: source, Name: name, Known: s.Known, Why: why}
	if s.Known {
		line.Words, line.From, line.Width, line.At = likely(b, s.Mean, math.Sqrt(s.Variance))
	}
	return line
}

func modelSilence(b Base, r ranking.Receipt) string {
	if r.Abstained == "" {
		return b.T("ranking.not_scored")
	}
	if code, ok := strings.CutPrefix(r.Abstained, scoring.ReasonLanguage); ok {
		return b.T("ranking.silent_language", languageName(b, code))
	}
	return b.T("ranking.silent_" + r.Abstained)
}

// sharesOf lays what each signal weighs side by side.
func sharesOf(b Base, r ranking.Receipt) []share {
	var list []share
	at := 0.0
	add := func(source, name string, part, gift float64) {
		if part <= 0 {
			return
		}
		list = append(list, share{Source: source, Name: name, From: at, Width: part * 100, Words: b.T("ranking.share", b.Percent(part), signed(b, gift))})
		at += part * 100
	}
	add("expert", b.T("ranking.experts"), r.Posterior.Shares.Experts, r.Gift.Experts)
	add("model", b.T("ranking.model"), r.Posterior.Shares.Model, r.Gift.Model)
	add("crowd", b.T("ranking.crowd"), r.Posterior.Shares.Crowd, r.Gift.Crowd)
	add("base", b.T("ranking.base"), r.Posterior.Shares.Base, 0)
	return list
}

// signed writes a number of points with its sign.
func signed(b Base, points float64) string {
	text := b.Number(math.Abs(points), 1)
	switch {
	case text == b.Number(0, 1):
		return text
	case points > 0:
		return "+" + text
	}
	return "−" + text
}

// sentence says why an idea stands where it stands.
func sentence(b Base, r ranking.Receipt) string {
	var parts []string
	for _, reason := range r.Reasons {
		if reason.Count > 0 {
			parts = append(parts, b.N("ranking.few."+reason.Code, reason.Count))
			continue
		}
		parts = append(parts, b.T("ranking.why."+reason.Code, signed(b, reason.Points)))
	}
	return b.T("ranking.sentence", r.Rank, r.Ideas, strings.Join(parts, b.T("ranking.join")))
}
