package site

import (
	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"globalbrain/internal/idea"
)

// written are the languages that an idea may be declared to be in.
var written = []string{"en", "zh", "es", "fr", "ja", "pt", "ru", "de", "ar", "hi"}

// languageOptions lists the languages of ideas, after an option for none.
func languageOptions(b Base, none string) []Option {
	options := []Option{{Value: "", Label: b.T(none)}}
	for _, tag := range written {
		options = append(options, Option{Value: tag, Label: b.T("language." + tag)})
	}
	return options
}

// languageName says a language tag in the reader's language.
func languageName(b Base, tag string) string {
	parsed, err := language.Parse(tag)
	if err != nil {
		return tag
	}
	if namer := display.Languages(b.Locale()); namer != nil {
		if name := namer.Name(parsed); name != "" {
			return name
		}
	}
	return tag
}

func aiOptions(b Base) []Option {
	var options []Option
	for _, use := range idea.AIUses {
		options = append(options, Option{Value: string(use), Label: b.T("idea.ai_" + string(use))})
	}
	return options
}

// way is the straight way of an idea, which the stepper shows; the side ways
// take the place of the step at which they leave it.
var way = []idea.State{idea.Drafting, idea.Submitted, idea.Screening, idea.InReview, idea.Shortlisted}

// leaves says at which step of the way a side state is shown.
var leaves = map[idea.State]int{idea.ChangesRequested: 0, idea.Rejected: 3, idea.Withdrawn: 1}

// turns says who acts next.
var turns = map[idea.State]string{
	idea.Drafting: "idea.turn_founder", idea.ChangesRequested: "idea.turn_founder", idea.Shortlisted: "idea.turn_founder",
	idea.Submitted: "idea.turn_moderator", idea.Screening: "idea.turn_moderator", idea.InReview: "idea.turn_experts",
}

func ideaStepper(b Base, at idea.State) stepper {
	now, aside := leaves[at]
	var st stepper
	for i, state := range way {
		if !aside && state == at {
			now = i
		}
		st.Steps = append(st.Steps, step{Name: b.T("idea.state_" + string(state)), State: "next"})
	}
	st.Steps = append(st.Steps, step{Name: b.T("idea.step_campaign"), State: "next"})
	for i := range now {
		st.Steps[i].State = "done"
	}
	current := &st.Steps[now]
	current.State = "now"
	if aside {
		current.Name = b.T("idea.state_" + string(at))
	}
	if key := turns[at]; key != "" {
		current.Detail = b.T(key)
	}
	return st
}
