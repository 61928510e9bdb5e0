package site

import (
	"cmp"
	"math"
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/google/uuid"

	"globalbrain/internal/campaign"
	"globalbrain/internal/idea"
	"globalbrain/internal/money"
	"globalbrain/internal/scoring"
	"globalbrain/internal/scoring/launch"
)

// estimatePanel is what the launch model says of a plan to the founder, and to
// nobody else: three chances apart, and what the plan does not state.
type estimatePanel struct {
	Lines   []estimateLine // none: no launch model answers
	Missing string
}

// estimateLine is one of the three, with a sentence on what it is.
type estimateLine struct {
	signalLine
	Note string
}

// estimate asks the launch model about an idea's text and the plan as it was
// saved last. A model that is absent or fails is never in the way of planning.
func (s *Server) estimate(r *http.Request, said idea.Version, pictures int, c campaign.Campaign) estimatePanel {
	if s.Launcher == nil {
		return estimatePanel{}
	}
	e, err := s.Launcher.Estimate(scoring.Campaign{
		Title: said.Title, Blurb: strings.TrimSpace(said.Problem + " " + said.Solution), Language: said.Language,
		Plan: statedPlan(said.Draft, pictures, c),
	})
	if err != nil {
		s.Log.ErrorContext(r.Context(), "a plan is shown without its estimate", "campaign", c.ID, "error", err)
		return estimatePanel{}
	}
	b := s.base(r)
	return estimatePanel{Lines: estimateLines(b, e), Missing: notStated(b, e.Missing)}
}

// statedPlan is what a founder has stated, in the launch model's terms. A number
// that is zero because nobody has filled it in yet is not stated, and neither are
// the words of a script that does not part them.
func statedPlan(d idea.Draft, pictures int, c campaign.Campaign) launch.Plan {
	p := launch.Plan{Currency: c.Goal.Currency}
	if c.Goal.IsPositive() {
		p.State("goal", major(c.Goal))
	}
	if c.Duration > 0 {
		p.State("duration", float64(c.Duration)/float64(24*time.Hour))
	}
	if c.ID != uuid.Nil { // before the first save, no reward is no decision
		amounts := make([]float64, len(c.Rewards))
		for i, reward := range c.Rewards {
			amounts[i] = major(reward.Amount)
		}
		p.StateRewards(amounts)
	}
	p.State("images", float64(pictures))
	if text := d.Problem + " " + d.Solution + " " + d.Team; !strings.ContainsFunc(text, runsOn) {
		p.State("words", float64(len(strings.Fields(text))))
	}
	return p
}

// runsOn reports whether r is of a script that does not part words by spaces.
func runsOn(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar)
}

// major is an amount in units such as euros, as a model reads it.
func major(a money.Amount) float64 {
	exponent, _ := money.Exponent(a.Currency) // an amount that was stored has a currency
	return float64(a.Minor) / math.Pow10(exponent)
}

// estimateLines show the three chances; one that is not given says why.
func estimateLines(b Base, e scoring.Launch) []estimateLine {
	line := func(part string, c *scoring.Chance, why string) estimateLine {
		l := signalLine{Name: b.T("estimate." + part), Words: why, Silent: true}
		if c != nil {
			l = chanceLine(b, l.Name, *c)
		}
		return estimateLine{l, b.T("estimate.note_" + part)}
	}
	why := b.T("estimate.too_short")
	if code, ok := strings.CutPrefix(e.Reason, scoring.ReasonLanguage); ok {
		why = b.T("estimate.language", languageName(b, code))
	}
	return []estimateLine{
		line("text", e.Text, why),
		line("plan", e.Metadata, b.T("estimate.empty")),
		line("both", e.Both, b.T("estimate.apart")),
	}
}

// missingNames says several of the launch model's fields in one word.
var missingNames = map[string]string{
	"main_video": "videos", "extra_videos": "videos",
	"lowest_reward": "amounts", "median_reward": "amounts", "highest_reward": "amounts",
}

// notStated lists in words what a plan does not state.
func notStated(b Base, missing []string) string {
	var names []string
	for _, field := range missing {
		name := b.T("estimate.miss_" + cmp.Or(missingNames[field], field))
		if currency, ok := strings.CutPrefix(field, scoring.MissingRate); ok {
			name = b.T("estimate.rate", currency)
		}
		names = append(names, name)
	}
	return strings.Join(slices.Compact(names), b.T("model.comma"))
}
