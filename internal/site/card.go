package site

import (
	"time"

	"github.com/google/uuid"
)

// ideaCard is an idea on a shelf or in a list; the whole card is one link.
type ideaCard struct {
	Base
	ID       uuid.UUID
	URL      string
	Title    string
	Problem  string // in one line
	Call     string
	Language string // the idea's own language tag
	Picture  string // address of its first picture; "" draws a cover
	Alt      string
	Signals  []cardSignal // model, experts, crowd: those that are known
	Funding  *cardFunding // nil unless a campaign is or was live
	Ends     time.Time    // of the campaign; zero: no campaign
}

// Hue is the tenant's colour, in which a cover is drawn.
func (c ideaCard) Hue() int {
	if t := c.Tenant(); t != nil {
		return t.Hue
	}
	return 210
}

// cardSignal is what one source says: "Experts 4.2".
type cardSignal struct {
	Source string // "model", "expert" or "crowd": its colour
	Label  string
	Figure string
}

// cardFunding is how far a campaign has come.
type cardFunding struct {
	Percent int    // of the goal, 0 or more
	Words   string // "€1,200 of €5,000"
}

// Shown is the length of the bar, which ends at 100.
func (f cardFunding) Shown() int { return min(f.Percent, 100) }
