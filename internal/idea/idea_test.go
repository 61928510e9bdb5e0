package idea_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"globalbrain/internal/errs"
	"globalbrain/internal/idea"
	"globalbrain/internal/money"
)

func complete() idea.Draft {
	return idea.Draft{
		Title: "Shade for bus stops", Problem: "It is hot.", Solution: "Plants on the roof.", Team: "A welder.",
		Goal: money.Amount{Minor: 100_000, Currency: "EUR"}, Language: "en", AIUse: idea.AINone, RightsConfirmed: true,
	}
}

func fieldsOf(t *testing.T, err error) []string {
	t.Helper()
	if err == nil {
		return nil
	}
	e, ok := errors.AsType[*errs.Error](err)
	if !ok || e.Kind != errs.Invalid {
		t.Fatalf("not an Invalid error: %v", err)
	}
	names := []string{}
	for _, f := range e.Fields {
		names = append(names, f.Name)
	}
	return names
}

func TestASubmissionIsRefusedWithTheNameOfEachMissingField(t *testing.T) {
	t.Parallel()
	if got := fieldsOf(t, complete().CheckComplete()); got != nil {
		t.Fatalf("a complete draft lacks %v", got)
	}
	if got := fieldsOf(t, idea.Draft{}.CheckComplete()); !slices.Equal(got, []string{"title", "problem", "solution", "team", "goal", "language", "ai_use", "rights"}) {
		t.Errorf("an empty draft lacks %v", got)
	}
	for name, c := range map[string]struct {
		change func(*idea.Draft)
		field  string
	}{
		"a title of spaces":             {func(d *idea.Draft) { d.Title = " \n\t" }, "title"},
		"a title of ideographic spaces": {func(d *idea.Draft) { d.Title = "\u3000" }, "title"},
		"no problem":                    {func(d *idea.Draft) { d.Problem = "" }, "problem"},
		"no solution":                   {func(d *idea.Draft) { d.Solution = "" }, "solution"},
		"no team":                       {func(d *idea.Draft) { d.Team = "" }, "team"},
		"no goal":                       {func(d *idea.Draft) { d.Goal.Minor = 0 }, "goal"},
		"a negative goal":               {func(d *idea.Draft) { d.Goal.Minor = -5 }, "goal"},
		"an enormous goal":              {func(d *idea.Draft) { d.Goal.Minor = idea.MaxGoal + 1 }, "goal"},
		"no language":                   {func(d *idea.Draft) { d.Language = "" }, "language"},
		"a language that is none":       {func(d *idea.Draft) { d.Language = "English!" }, "language"},
		"no disclosure":                 {func(d *idea.Draft) { d.AIUse = "" }, "ai_use"},
		"an unknown disclosure":         {func(d *idea.Draft) { d.AIUse = "maybe" }, "ai_use"},
		"rights not declared":           {func(d *idea.Draft) { d.RightsConfirmed = false }, "rights"},
		"a title that is too long":      {func(d *idea.Draft) { d.Title = strings.Repeat("字", 121) }, "title"},
	} {
		d := complete()
		c.change(&d)
		if got := fieldsOf(t, d.CheckComplete()); !slices.Equal(got, []string{c.field}) {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestADraftIsSavedAsTypedUpToItsLimits(t *testing.T) {
	t.Parallel()
	if err := idea.CheckDraft(idea.Draft{}); err != nil {
		t.Errorf("an empty draft: %v", err)
	}
	for _, l := range idea.Limits {
		for _, c := range []struct {
			characters int
			fits       bool
		}{{l.Max, true}, {l.Max + 1, false}} {
			d, text := idea.Draft{}, strings.Repeat("字", c.characters)
			switch l.Field {
			case "title":
				d.Title = text
			case "problem":
				d.Problem = text
			case "solution":
				d.Solution = text
			case "team":
				d.Team = text
			}
			if err := idea.CheckDraft(d); (err == nil) != c.fits {
				t.Errorf("%s of %d characters: %v", l.Field, c.characters, err)
			}
		}
	}
	if idea.MaxLength("nonsense") != 0 || idea.MaxLength("title") != 120 {
		t.Error("MaxLength does not read the table")
	}
}

func TestCleaningKeepsWhatWasTypedAndDropsWhatCannotBeKept(t *testing.T) {
	t.Parallel()
	d := idea.Draft{Title: "a\x00b", Problem: "one\r\ntwo\rthree\nfour", Solution: "bad \xff end"}.Clean()
	if d.Title != "ab" || d.Problem != "one\ntwo\nthree\nfour" || d.Solution != "bad \uFFFD end" {
		t.Errorf("%+v", d)
	}
	rapid.Check(t, func(t *rapid.T) {
		once := idea.Draft{Problem: rapid.String().Draw(t, "problem")}.Clean()
		if once.Clean() != once || strings.ContainsAny(once.Problem, "\r\x00") {
			t.Fatalf("%q", once.Problem)
		}
	})
}

func TestOnlyTheFounderSubmitsWithAProvedAddress(t *testing.T) {
	t.Parallel()
	i := idea.Idea{Founder: uuid.New(), State: idea.Drafting, Draft: complete()}
	for name, c := range map[string]struct {
		person   uuid.UUID
		verified bool
		state    idea.State
		want     errs.Kind
	}{
		"somebody else":       {uuid.New(), true, idea.Drafting, errs.Forbidden},
		"a visitor":           {uuid.Nil, true, idea.Drafting, errs.Forbidden},
		"an unproved address": {i.Founder, false, idea.Drafting, errs.Forbidden},
		"a second time":       {i.Founder, true, idea.Submitted, errs.Conflict},
		"after a rejection":   {i.Founder, true, idea.Rejected, errs.Conflict},
	} {
		at := i
		at.State = c.state
		if err := at.Submit(c.person, c.verified); !errs.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, s := range []idea.State{idea.Drafting, idea.ChangesRequested} {
		i.State = s
		if err := i.Submit(i.Founder, true); err != nil {
			t.Errorf("the founder from %s: %v", s, err)
		}
	}
	i.Title = ""
	if err := i.Submit(i.Founder, true); !errs.Is(err, errs.Invalid) {
		t.Errorf("without a title: %v", err)
	}
}

func TestWhoSeesAndEditsAnIdeaDependsOnItsState(t *testing.T) {
	t.Parallel()
	i := idea.Idea{Founder: uuid.New()}
	public := []idea.State{idea.InReview, idea.Shortlisted}
	editable := []idea.State{idea.Drafting, idea.ChangesRequested}
	for _, s := range idea.States {
		i.State = s
		if !i.MaySee(i.Founder, false) {
			t.Errorf("%s: the founder is locked out", s)
		}
		if got := i.MaySee(uuid.Nil, false); got != slices.Contains(public, s) {
			t.Errorf("%s: a visitor sees it: %v", s, got)
		}
		if got := i.MaySee(uuid.New(), false); got != slices.Contains(public, s) {
			t.Errorf("%s: a member sees it: %v", s, got)
		}
		if got := slices.Contains(idea.StatesSeen(false), s); got != slices.Contains(public, s) {
			t.Errorf("%s is listed among what everybody sees: %v", s, got)
		}
		if got := slices.Contains(idea.StatesSeen(true), s); got != (s != idea.Drafting) {
			t.Errorf("%s is listed among what moderators see: %v", s, got)
		}
		if got := i.MaySee(uuid.New(), true); got != (s != idea.Drafting) {
			t.Errorf("%s: a moderator sees it: %v", s, got)
		}
		if err := i.MayEdit(i.Founder); (err == nil) != slices.Contains(editable, s) {
			t.Errorf("%s: the founder edits: %v", s, err)
		}
		if err := i.MayEdit(uuid.New()); !errs.Is(err, errs.Forbidden) {
			t.Errorf("%s: somebody else edits: %v", s, err)
		}
		if err := i.MayWithdraw(i.Founder); (err == nil) != idea.Allowed(s, idea.Withdrawn) {
			t.Errorf("%s: the founder withdraws: %v", s, err)
		}
	}
	orphan := idea.Idea{State: idea.Drafting}
	if orphan.MaySee(uuid.Nil, false) || orphan.MayEdit(uuid.Nil) == nil {
		t.Error("a visitor passes for the founder of an idea without one")
	}
}

func TestEveryWalkStartsOnTheDeskAndAnAcceptedIdeaWasScreened(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		at := idea.Drafting
		for range rapid.IntRange(1, 30).Draw(t, "steps") {
			var next []idea.State
			for _, to := range idea.States {
				if idea.Move(at, to) == nil {
					next = append(next, to)
				}
			}
			if len(next) == 0 {
				if at != idea.Rejected && at != idea.Withdrawn {
					t.Fatalf("a walk ended in %s", at)
				}
				return
			}
			before := at
			at = rapid.SampledFrom(next).Draw(t, "next")
			if at == idea.Drafting {
				t.Fatal("an idea became a draft again")
			}
			if at.Public() && !before.Public() && before != idea.Screening {
				t.Fatalf("%s became public as %s without a moderator", before, at)
			}
		}
	})
	if err := idea.Move(idea.Drafting, idea.InReview); !errs.Is(err, errs.Conflict) {
		t.Errorf("a draft in review: %v", err)
	}
}

func TestACallTakesIdeasBetweenItsTwoTimes(t *testing.T) {
	t.Parallel()
	noon := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	c := idea.Call{OpensAt: noon, ClosesAt: noon.Add(time.Hour)}
	for at, want := range map[time.Duration]bool{-1: false, 0: true, time.Hour - 1: true, time.Hour: false} {
		if err := c.TakesIdeas(noon.Add(at)); (err == nil) != want {
			t.Errorf("%s after noon: %v", at, err)
		}
	}
	c.ClosesAt = time.Time{}
	if err := c.TakesIdeas(noon.AddDate(10, 0, 0)); err != nil {
		t.Errorf("a call without an end: %v", err)
	}
}

func TestACallNamesEachOfItsBadFields(t *testing.T) {
	t.Parallel()
	noon := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	good := idea.Call{Slug: "cooler-streets", Title: map[string]string{"en": "Cooler streets"}, Brief: map[string]string{"en": "Shade."}, OpensAt: noon}
	if err := good.Check(); err != nil {
		t.Errorf("a good call: %v", err)
	}
	bad := idea.Call{Slug: "Cooler Streets", Title: map[string]string{"zh-CN": "清凉街道"}, OpensAt: noon, ClosesAt: noon}
	if got := fieldsOf(t, bad.Check()); !slices.Equal(got, []string{"slug", "title", "brief", "closes_at"}) {
		t.Errorf("a bad call: %v", got)
	}
}
