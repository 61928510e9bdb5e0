// Package moderation knows how an idea is screened before experts see it: what
// a moderator may decide, under which rules, what the founder must be told, and
// who may not decide. It does not know where an idea goes next, nor how anything
// is stored.
package moderation

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/google/uuid"

	"globalbrain/internal/errs"
)

// Verdict is what a moderator decides about one version of an idea.
type Verdict string

// The verdicts.
const (
	Accept         Verdict = "accept"          // it becomes public and goes to the experts
	RequestChanges Verdict = "request_changes" // back to the founder, who may submit again
	Reject         Verdict = "reject"          // it breaks a rule
)

// Verdicts lists the verdicts in the order in which a form offers them.
var Verdicts = []Verdict{Accept, RequestChanges, Reject}

// Rule is one reason for which an idea is turned down. Its code is stored and
// shown in every language by the locales.
type Rule string

// The rules.
const (
	OffTopic     Rule = "off_topic"     // does not answer the call
	Incomplete   Rule = "incomplete"    // says too little to be judged
	Unsafe       Rule = "unsafe"        // could hurt people, or breaks the law
	Plagiarised  Rule = "plagiarised"   // somebody else's work
	PersonalData Rule = "personal_data" // shows private facts about others
	Hateful      Rule = "hateful"       // attacks people for what they are
	Misleading   Rule = "misleading"    // claims what is not so
	Spam         Rule = "spam"          // advertises, or says nothing
)

// Rules lists every rule in the order in which a form offers them.
var Rules = []Rule{OffTopic, Incomplete, Unsafe, Plagiarised, PersonalData, Hateful, Misleading, Spam}

// MaxNote is the longest note in characters; the database holds the same.
const MaxNote = 4000

// Decision is a verdict with its grounds. The founder sees all of it.
type Decision struct {
	Verdict Verdict
	Rule    Rule   // the rule that was broken; a rejection must name one
	Note    string // in words; only an acceptance may leave it out
}

// Check returns an Invalid error that names every field that breaks a rule.
func (d Decision) Check() error {
	var f errs.Fields
	if !slices.Contains(Verdicts, d.Verdict) {
		f.Add("verdict", "moderation.verdict", "Choose what to do with the idea.")
	}
	switch {
	case d.Rule != "" && !slices.Contains(Rules, d.Rule):
		f.Add("rule", "moderation.rule", "Choose the rule that the idea breaks.")
	case d.Verdict == Reject && d.Rule == "":
		f.Add("rule", "moderation.rule", "Choose the rule that the idea breaks.")
	case d.Verdict == Accept && d.Rule != "":
		f.Add("rule", "moderation.rule_accepted", "An idea that is accepted breaks no rule.")
	}
	switch {
	case utf8.RuneCountInString(d.Note) > MaxNote:
		f.Add("note", "moderation.note_long", "A note has at most %d characters.", MaxNote)
	case d.Verdict != Accept && strings.TrimSpace(d.Note) == "":
		f.Add("note", "moderation.note", "Tell the founder why, in your own words.")
	}
	return f.Err()
}

// MayScreen returns nil when the person may decide about the founder's idea,
// else a Forbidden. Nobody screens an idea of their own, whatever their roles.
func MayScreen(person, founder uuid.UUID) error {
	if person == uuid.Nil || person == founder {
		return errs.New(errs.Forbidden, "moderation.own", "You cannot screen your own idea. Another moderator will.")
	}
	return nil
}

// MayAskAgain returns nil while changes have been requested fewer than most
// times, else a Conflict: then the idea is accepted or rejected as it stands.
func MayAskAgain(asked, most int) error {
	if asked >= most {
		return errs.New(errs.Conflict, "moderation.cycles", "Changes have been requested %d times already. Accept the idea or reject it.", asked)
	}
	return nil
}
