// Package review knows how experts judge ideas: the rubric, rounds, assignments
// and reviews with their states, conflicts of interest, who reviews what, and
// how many raw scores become one debiased judgement per idea. It does not know
// how reviews are stored or shown, and it never sees the model's score.
package review

import (
	"strings"
	"unicode/utf8"

	"globalbrain/internal/errs"
)

// Criterion is one question of the rubric.
type Criterion string

// The criteria, each scored from Lowest to Highest.
const (
	Impact       Criterion = "impact"
	Feasibility  Criterion = "feasibility"
	Auditability Criterion = "auditability"
)

// Rubric lists the criteria in the order in which they are asked and stored.
// The words at both ends of each scale are locale texts, named by
// "rubric.<criterion>.low" and "rubric.<criterion>.high".
var Rubric = [3]Criterion{Impact, Feasibility, Auditability}

// The ends of every scale, of scores and of confidence alike.
const (
	Lowest  = 1
	Highest = 5
)

// MaxRationale is the length of a rationale, in characters.
const MaxRationale = 4000

// A Judgement answers one criterion. Zero means not answered yet.
type Judgement struct {
	Score      int    `json:"score"`      // 1..5
	Confidence int    `json:"confidence"` // 1..5, how sure the reviewer is
	Rationale  string `json:"rationale"`  // why, in the reviewer's words
}

// A Sheet is one review: a judgement per criterion, in the rubric's order.
type Sheet [len(Rubric)]Judgement

// Mean returns the sheet's mean score, in rating points.
func (s Sheet) Mean() float64 {
	sum := 0
	for _, j := range s {
		sum += j.Score
	}
	return float64(sum) / float64(len(s))
}

// Confidence returns the sheet's mean confidence, 1..5.
func (s Sheet) Confidence() float64 {
	sum := 0
	for _, j := range s {
		sum += j.Confidence
	}
	return float64(sum) / float64(len(s))
}

// Answered counts the criteria that carry a score, a confidence and any
// rationale: the progress of a draft.
func (s Sheet) Answered() int {
	n := 0
	for _, j := range s {
		if j.Score > 0 && j.Confidence > 0 && strings.TrimSpace(j.Rationale) != "" {
			n++
		}
	}
	return n
}

// CheckDraft refuses only what a form could never send: a draft is saved as
// typed, so missing answers are fine.
func (s Sheet) CheckDraft() error {
	var f errs.Fields
	for i, j := range s {
		name := string(Rubric[i])
		if j.Score != 0 && !onScale(j.Score) {
			f.Add(name+"_score", "review.score", "Choose a score from %d to %d.", Lowest, Highest)
		}
		if j.Confidence != 0 && !onScale(j.Confidence) {
			f.Add(name+"_confidence", "review.confidence", "Choose a confidence from %d to %d.", Lowest, Highest)
		}
		if utf8.RuneCountInString(j.Rationale) > MaxRationale {
			f.Add(name+"_rationale", "review.rationale_long", "Keep the rationale within %d characters.", MaxRationale)
		}
	}
	return f.Err()
}

// CheckFinal says what is missing before the sheet may become final: every
// criterion needs a score, a confidence and a rationale of at least
// minRationale characters, not counting space around it.
func (s Sheet) CheckFinal(minRationale int) error {
	var f errs.Fields
	for i, j := range s {
		name := string(Rubric[i])
		if !onScale(j.Score) {
			f.Add(name+"_score", "review.score", "Choose a score from %d to %d.", Lowest, Highest)
		}
		if !onScale(j.Confidence) {
			f.Add(name+"_confidence", "review.confidence", "Choose a confidence from %d to %d.", Lowest, Highest)
		}
		switch n := utf8.RuneCountInString(strings.TrimSpace(j.Rationale)); {
		case n < minRationale:
			f.Add(name+"_rationale", "review.rationale_short", "Say why in at least %d characters; this has %d.", minRationale, n)
		case n > MaxRationale:
			f.Add(name+"_rationale", "review.rationale_long", "Keep the rationale within %d characters.", MaxRationale)
		}
	}
	return f.Err()
}

func onScale(n int) bool { return n >= Lowest && n <= Highest }
