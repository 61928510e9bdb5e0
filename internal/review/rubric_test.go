package review_test

import (
	"errors"
	"strings"
	"testing"

	"globalbrain/internal/errs"
	"globalbrain/internal/review"
)

func sheet(score int, rationale string) review.Sheet {
	var s review.Sheet
	for i := range s {
		s[i] = review.Judgement{Score: score, Confidence: 3, Rationale: rationale}
	}
	return s
}

func TestAFinalReviewAnswersEveryCriterion(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("because ", 6)
	cases := []struct {
		name   string
		sheet  review.Sheet
		fields []string
	}{
		{"a full sheet is final", sheet(4, long), nil},
		{"nothing answered is nine complaints", review.Sheet{}, []string{"impact_score", "impact_confidence", "impact_rationale", "feasibility_score", "feasibility_confidence", "feasibility_rationale", "auditability_score", "auditability_confidence", "auditability_rationale"}},
		{"a score off the scale is refused", sheet(6, long), []string{"impact_score", "feasibility_score", "auditability_score"}},
		{"space around a rationale does not count", sheet(4, strings.Repeat(" ", 60)+"short"), []string{"impact_rationale", "feasibility_rationale", "auditability_rationale"}},
		{"Chinese characters count as one each", sheet(4, strings.Repeat("好", 40)), nil},
		{"39 characters are too few", sheet(4, strings.Repeat("好", 39)), []string{"impact_rationale", "feasibility_rationale", "auditability_rationale"}},
		{"a rationale has an end", sheet(4, strings.Repeat("x", review.MaxRationale+1)), []string{"impact_rationale", "feasibility_rationale", "auditability_rationale"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			err := c.sheet.CheckFinal(40)
			var got []string
			if e, ok := errors.AsType[*errs.Error](err); ok {
				for _, f := range e.Fields {
					got = append(got, f.Name)
				}
			}
			if strings.Join(got, " ") != strings.Join(c.fields, " ") {
				t.Errorf("complaints about %v, want %v", got, c.fields)
			}
		})
	}
}

func TestADraftIsSavedAsTyped(t *testing.T) {
	t.Parallel()
	if err := (review.Sheet{}).CheckDraft(); err != nil {
		t.Errorf("an empty draft: %v", err)
	}
	if err := sheet(2, "half a thou").CheckDraft(); err != nil {
		t.Errorf("half a draft: %v", err)
	}
	if err := sheet(9, "").CheckDraft(); !errs.Is(err, errs.Invalid) {
		t.Errorf("a score of 9: %v, want invalid", err)
	}
	if n := sheet(2, "why").Answered(); n != 3 {
		t.Errorf("answered %d, want 3", n)
	}
}
