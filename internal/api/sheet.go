package api

import "globalbrain/internal/review"

// sheetForm is one review: a judgement per criterion of the rubric.
type sheetForm struct {
	Impact       judgementForm `json:"impact"`
	Feasibility  judgementForm `json:"feasibility"`
	Auditability judgementForm `json:"auditability"`
}

// judgementForm answers one criterion.
type judgementForm struct {
	Score      int    `json:"score,omitempty" doc:"1..5; 0 while not answered" minimum:"0" maximum:"5"`
	Confidence int    `json:"confidence,omitempty" doc:"1..5, how sure the reviewer is; 0 while not answered" minimum:"0" maximum:"5"`
	Rationale  string `json:"rationale,omitempty" doc:"Why, in the reviewer's words" maxLength:"4000"`
}

// places returns the place of each criterion, in the rubric's order.
func (f *sheetForm) places() [len(review.Rubric)]*judgementForm {
	return [len(review.Rubric)]*judgementForm{&f.Impact, &f.Feasibility, &f.Auditability}
}

func formOfSheet(s review.Sheet) (f sheetForm) {
	for i, place := range f.places() {
		*place = judgementForm(s[i])
	}
	return f
}

func (f sheetForm) sheet() (s review.Sheet) {
	for i, place := range f.places() {
		s[i] = review.Judgement(*place)
	}
	return s
}
