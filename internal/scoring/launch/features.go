package launch

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"
)

// Features are what the graph reads of a plan, in its order; the lab makes the
// same (models/lab/ideaslab/launch_plan.py).
var Features = []string{
	"log_goal", "duration", "main_video", "log_extra_videos", "log_images", "log_words", "collaborators", "delivery",
	"ships_worldwide", "north_america", "weekend", "hour_sin", "hour_cos", "log_rewards", "log_lowest_reward",
	"log_median_reward", "log_highest_reward", "goal_to_median", "goal_to_highest",
}

// A Reading is how one model reads plans: the part of its manifest about them.
type Reading struct {
	Features       []string              `json:"features"`
	Spans          map[string][2]float64 `json:"spans"` // beyond its span a number counts as the nearer end
	Rates          map[string]float64    `json:"rates"` // US dollars for one unit, by ISO 4217
	MainCategories []string              `json:"main_categories"`
	Categories     []Category            `json:"categories"`
}

// Category is one that the model knows.
type Category struct {
	Name string `json:"name"` // as categoryKey writes it
	Main int    `json:"main"` // the number of its main category, from 1; 0: unknown
}

// Check returns what is wrong with r, or nil.
func (r *Reading) Check() error {
	if !slices.Equal(r.Features, Features) {
		return fmt.Errorf("features %v; need %v", r.Features, Features)
	}
	for _, name := range Fields {
		if span, ok := r.Spans[name]; !ok || span[0] > span[1] {
			return fmt.Errorf("no span of %s", name)
		}
	}
	for _, c := range r.Categories {
		if c.Main < 0 || c.Main > len(r.MainCategories) {
			return fmt.Errorf("category %q: main category %d of %d", c.Name, c.Main, len(r.MainCategories))
		}
	}
	return nil
}

// Vector returns the features of p, NaN where it does not say, and the numbers
// of its category and main category, 0 for those that the model does not know.
func (r *Reading) Vector(p Plan) (features []float32, category, main int64) {
	of := r.numbers(p)
	logged := func(name string) float64 { return math.Log1p(of(name)) }
	goal := math.Log10(max(of("goal"), 1)) // NaN stays NaN
	ratio := func(reward string) float64 { return goal - math.Log10(1+of(reward)) }
	weekend, sin, cos := clock(p.Start)
	for _, x := range []float64{
		goal, of("duration"), of("main_video"), logged("extra_videos"), logged("images"), logged("words"),
		of("collaborators"), of("delivery"), of("ships_worldwide"), of("north_america"), weekend, sin, cos,
		logged("rewards"), logged("lowest_reward"), logged("median_reward"), logged("highest_reward"),
		ratio("median_reward"), ratio("highest_reward"),
	} {
		features = append(features, float32(x))
	}
	category, main = r.category(p)
	return features, category, main
}

// numbers returns a plan's numbers in dollars, inside their spans. Amounts in a
// currency without a rate are as if they were not stated.
func (r *Reading) numbers(p Plan) func(string) float64 {
	rate, known := 1.0, true
	if p.Currency != "" {
		rate, known = r.Rates[p.Currency]
	}
	return func(name string) float64 {
		x, stated := p.Numbers[name]
		if money := slices.Contains(amounts, name); money && stated {
			x, stated = x*rate, known
		}
		if !stated {
			return math.NaN()
		}
		return min(max(x, r.Spans[name][0]), r.Spans[name][1])
	}
}

// Convertible reports whether the plan's amounts can be compared.
func (r *Reading) Convertible(p Plan) bool {
	_, known := r.Rates[p.Currency]
	return known || p.Currency == ""
}

// clock returns whether a moment in UTC is on a weekend, and its hour as a point
// on the dial.
func clock(at time.Time) (weekend, sin, cos float64) {
	if at.IsZero() {
		return math.NaN(), math.NaN(), math.NaN()
	}
	day, turn := at.Weekday(), 2*math.Pi*float64(at.Hour())/24
	return truth(day == time.Saturday || day == time.Sunday), math.Sin(turn), math.Cos(turn)
}

// category finds the plan's categories. A name of either kind may stand in the
// place of the category; without a main category it is the one that the category
// belongs to.
func (r *Reading) category(p Plan) (category, main int64) {
	name, mainName := categoryKey(p.Category), categoryKey(p.MainCategory)
	at := slices.IndexFunc(r.Categories, func(c Category) bool { return c.Name == name })
	category = int64(at) + 1
	main = int64(slices.Index(r.MainCategories, mainName)) + 1
	if main == 0 && at >= 0 {
		main = int64(r.Categories[at].Main)
	}
	if main == 0 {
		main = int64(slices.Index(r.MainCategories, name)) + 1
	}
	return category, main
}

// categoryKey is a category's name as it is compared: lower-case ASCII letters
// and digits.
func categoryKey(name string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 'A' && r <= 'Z':
			return r + 'a' - 'A'
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			return r
		}
		return -1
	}, name)
}
