package idea

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/google/uuid"

	"globalbrain/internal/errs"
	"globalbrain/internal/money"
)

// Draft is what a founder writes. Anything may be missing: a draft is saved as
// it was typed, and only sizes are limited until it is submitted.
type Draft struct {
	Title           string
	Problem         string // Markdown, as Solution and Team are
	Solution        string
	Team            string
	Goal            money.Amount // Minor is 0 while none is given
	Language        string       // BCP 47: the language it is written in; "" while not stated
	AIUse           AIUse        // "" while not disclosed
	RightsConfirmed bool         // the founder declares that the idea is theirs to post
}

// AIUse discloses how much of the text a machine wrote.
type AIUse string

// The disclosures.
const (
	AINone      AIUse = "none"      // none of it
	AIAssisted  AIUse = "assisted"  // a machine helped; a person wrote it
	AIGenerated AIUse = "generated" // most of it
)

// AIUses lists the disclosures that a submission may make.
var AIUses = []AIUse{AINone, AIAssisted, AIGenerated}

// MaxGoal is the largest goal in minor units; it keeps sums far below 63 bits.
const MaxGoal = 1_000_000_000_000

// Limit is the greatest length of one text.
type Limit struct {
	Field string // the form, JSON and column name
	Max   int    // characters (Unicode code points, as Postgres counts them)
}

// Limits is the one table of lengths. The forms read it, and a test compares the
// table's checks in the database with it.
var Limits = []Limit{{"title", 120}, {"problem", 5000}, {"solution", 10000}, {"team", 5000}}

// MaxLength returns the greatest length of a text of Limits in characters, 0
// for a name that is not one.
func MaxLength(field string) int {
	for _, l := range Limits {
		if l.Field == field {
			return l.Max
		}
	}
	return 0
}

// Text returns the draft's text of the given name in Limits.
func (d Draft) Text(field string) string {
	switch field {
	case "title":
		return d.Title
	case "problem":
		return d.Problem
	case "solution":
		return d.Solution
	case "team":
		return d.Team
	}
	return ""
}

// Clean returns the draft with line ends as \n, which is how its length is
// counted, and without what no database keeps: NUL and broken UTF-8.
func (d Draft) Clean() Draft {
	for _, text := range []*string{&d.Title, &d.Problem, &d.Solution, &d.Team} {
		*text = lineEnds.Replace(strings.ToValidUTF8(*text, "\uFFFD"))
	}
	return d
}

var lineEnds = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\x00", "")

// languageRule is the shape of BCP 47 tags that people choose from.
var languageRule = regexp.MustCompile(`^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$`)

// CheckDraft returns an Invalid error that names every field that cannot be
// saved. A draft that breaks the rules of Submit can.
func CheckDraft(d Draft) error {
	var f errs.Fields
	d.checkSizes(&f)
	return f.Err()
}

func (d Draft) checkSizes(f *errs.Fields) {
	for _, l := range Limits {
		if n := utf8.RuneCountInString(d.Text(l.Field)); n > l.Max {
			f.Add(l.Field, "idea.long", "This has %d characters; at most %d fit.", n, l.Max)
		}
	}
	if d.Goal.Minor < 0 {
		f.Add("goal", "idea.goal", "Enter a goal of more than zero.")
	}
	if d.Goal.Minor > MaxGoal {
		f.Add("goal", "money.large", "This amount is too large.")
	}
	if d.Language != "" && !languageRule.MatchString(d.Language) {
		f.Add("language", "idea.language", "Choose the language of the text.")
	}
	if d.AIUse != "" && !slices.Contains(AIUses, d.AIUse) {
		f.Add("ai_use", "idea.ai_use", "Say how much of the text a machine wrote.")
	}
}

// CheckComplete returns an Invalid error that names every field that a
// submission lacks or that is too large.
func (d Draft) CheckComplete() error {
	var f errs.Fields
	d.checkSizes(&f)
	for _, m := range []struct{ field, text, code, message string }{
		{"title", d.Title, "idea.title_missing", "Give the idea a title."},
		{"problem", d.Problem, "idea.problem_missing", "Say which problem it solves, and for whom."},
		{"solution", d.Solution, "idea.solution_missing", "Say what you would do."},
		{"team", d.Team, "idea.team_missing", "Say who would do it."},
	} {
		if strings.TrimSpace(m.text) == "" {
			f.Add(m.field, m.code, "%s", m.message)
		}
	}
	if d.Goal.Minor == 0 {
		f.Add("goal", "idea.goal", "Enter a goal of more than zero.")
	}
	if d.Language == "" {
		f.Add("language", "idea.language", "Choose the language of the text.")
	}
	if d.AIUse == "" {
		f.Add("ai_use", "idea.ai_use", "Say how much of the text a machine wrote.")
	}
	if !d.RightsConfirmed {
		f.Add("rights", "idea.rights", "Confirm that the idea is yours to post.")
	}
	return f.Err()
}

// Submit returns nil when the person may hand the idea in as it stands: the
// founder, with a proved e-mail address, from the founder's desk, complete.
func (i Idea) Submit(person uuid.UUID, verified bool) error {
	if !i.isFounder(person) {
		return notYours()
	}
	if err := Move(i.State, Submitted); err != nil {
		return err
	}
	if !verified {
		return errs.New(errs.Forbidden, "idea.unverified", "Confirm your e-mail address first: open the link that we sent you.")
	}
	return i.CheckComplete()
}
