// Package launch reads what a founder states about a campaign before it is
// launched (goal, duration, category, media, rewards, team), from JSON in many
// spellings, and turns it into the numbers that the launch model reads.
//
// What happens after launch has no place here: pledges, backers, comments and
// updates are keys it does not know, and so are the creator's counts of
// campaigns created and backed. It does not run the model.
package launch

import (
	"slices"
	"time"

	"globalbrain/internal/picture"
)

// A Plan is what a founder states before launch. Its zero value states nothing.
type Plan struct {
	Title, Blurb           string // where a whole table row was given
	Category, MainCategory string
	Currency               string // ISO 4217, of the goal and of the rewards; empty: US dollars
	Start                  time.Time
	Numbers                map[string]float64 // by the names of Fields; what is not there is not stated
	Pictures               []picture.Measures // as "globalbrain picture" prints them
	Ignored                int                // keys that are not read
}

// Fields are the numbers of a plan, as the model's manifest names them: the goal
// and the rewards' amounts in the plan's currency, duration and delivery in days
// (delivery from the campaign's end), main_video, ships_worldwide and
// north_america from 0 to 1, the others counts.
var Fields = []string{
	"goal", "duration", "main_video", "extra_videos", "images", "words", "collaborators", "delivery",
	"ships_worldwide", "north_america", "rewards", "lowest_reward", "median_reward", "highest_reward",
}

// amounts are the fields that are money.
var amounts = []string{"goal", "lowest_reward", "median_reward", "highest_reward"}

// State sets one of Fields.
func (p *Plan) State(field string, value float64) {
	if p.Numbers == nil {
		p.Numbers = map[string]float64{}
	}
	p.Numbers[field] = value
}

// StateRewards sets what is read of rewards from the amount of each, in any order.
func (p *Plan) StateRewards(amounts []float64) {
	p.State("rewards", float64(len(amounts)))
	if n := len(amounts); n > 0 {
		sorted := slices.Sorted(slices.Values(amounts))
		p.State("lowest_reward", sorted[0])
		p.State("median_reward", (sorted[(n-1)/2]+sorted[n/2])/2)
		p.State("highest_reward", sorted[n-1])
	}
}

// Missing names what the plan does not state, in the order of Fields, then
// category and start.
func (p *Plan) Missing() []string {
	missing := slices.DeleteFunc(slices.Clone(Fields), func(name string) bool {
		_, stated := p.Numbers[name]
		return stated
	})
	if p.Category == "" && p.MainCategory == "" {
		missing = append(missing, "category")
	}
	if p.Start.IsZero() {
		missing = append(missing, "start")
	}
	return missing
}

// Silent reports whether the plan states nothing at all.
func (p *Plan) Silent() bool { return len(p.Missing()) == len(Fields)+2 }
