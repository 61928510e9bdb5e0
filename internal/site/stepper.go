package site

// stepper shows where an idea or campaign stands, who acts next and until when.
type stepper struct{ Steps []step }

// step is one place on the way.
type step struct {
	Name   string
	Detail string // who acts, until when
	State  string // "done", "now" or "next"
}
