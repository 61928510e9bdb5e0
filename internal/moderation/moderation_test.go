package moderation_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"globalbrain/internal/errs"
	"globalbrain/internal/moderation"
)

func fieldsOf(err error) []string {
	var names []string
	if e, ok := errors.AsType[*errs.Error](err); ok && e.Kind == errs.Invalid {
		for _, f := range e.Fields {
			names = append(names, f.Name)
		}
	}
	return names
}

func TestADecisionSaysWhyUnlessItAccepts(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		moderation.Decision
		want []string
	}{
		"accepted without a word":         {moderation.Decision{Verdict: moderation.Accept}, nil},
		"accepted with a note":            {moderation.Decision{Verdict: moderation.Accept, Note: "Good luck."}, nil},
		"accepted and a rule broken":      {moderation.Decision{Verdict: moderation.Accept, Rule: moderation.Spam}, []string{"rule"}},
		"changes with a note":             {moderation.Decision{Verdict: moderation.RequestChanges, Note: "Who pays?"}, nil},
		"changes with a rule and a note":  {moderation.Decision{Verdict: moderation.RequestChanges, Rule: moderation.PersonalData, Note: "Names."}, nil},
		"changes without a note":          {moderation.Decision{Verdict: moderation.RequestChanges, Note: " \n"}, []string{"note"}},
		"rejected with a rule and a note": {moderation.Decision{Verdict: moderation.Reject, Rule: moderation.OffTopic, Note: "Not about streets."}, nil},
		"rejected without a rule":         {moderation.Decision{Verdict: moderation.Reject, Note: "No."}, []string{"rule"}},
		"rejected without a note":         {moderation.Decision{Verdict: moderation.Reject, Rule: moderation.Spam}, []string{"note"}},
		"rejected under an unknown rule":  {moderation.Decision{Verdict: moderation.Reject, Rule: "ugly", Note: "No."}, []string{"rule"}},
		"a verdict that does not exist":   {moderation.Decision{Verdict: "ban", Note: "No."}, []string{"verdict"}},
		"nothing at all":                  {moderation.Decision{}, []string{"verdict", "note"}},
		"a note as long as the limit":     {moderation.Decision{Verdict: moderation.Accept, Note: strings.Repeat("字", moderation.MaxNote)}, nil},
		"a note longer than the limit":    {moderation.Decision{Verdict: moderation.Accept, Note: strings.Repeat("字", moderation.MaxNote+1)}, []string{"note"}},
	} {
		if got := fieldsOf(c.Check()); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

func TestEveryRejectionThatPassesNamesARuleAndSaysWhy(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := moderation.Decision{
			Verdict: rapid.SampledFrom(append(slices.Clone(moderation.Verdicts), "")).Draw(t, "verdict"),
			Rule:    rapid.SampledFrom(append(slices.Clone(moderation.Rules), "", "else")).Draw(t, "rule"),
			Note:    rapid.StringN(0, 20, -1).Draw(t, "note"),
		}
		if d.Check() == nil && d.Verdict != moderation.Accept && (strings.TrimSpace(d.Note) == "" || d.Verdict == moderation.Reject && d.Rule == "") {
			t.Fatalf("passed: %+v", d)
		}
	})
}

func TestNobodyScreensTheirOwnIdea(t *testing.T) {
	t.Parallel()
	founder := uuid.New()
	if err := moderation.MayScreen(founder, founder); !errs.Is(err, errs.Forbidden) {
		t.Errorf("the founder: %v", err)
	}
	if err := moderation.MayScreen(uuid.Nil, founder); !errs.Is(err, errs.Forbidden) {
		t.Errorf("nobody: %v", err)
	}
	if err := moderation.MayScreen(uuid.New(), founder); err != nil {
		t.Errorf("another person: %v", err)
	}
}

func TestChangesAreRequestedOnlySoOften(t *testing.T) {
	t.Parallel()
	for asked, want := range []bool{true, true, true, false, false} {
		if err := moderation.MayAskAgain(asked, 3); (err == nil) != want {
			t.Errorf("after %d times: %v", asked, err)
		}
	}
}
