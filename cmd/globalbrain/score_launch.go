package main

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"globalbrain/internal/scoring"
	"globalbrain/internal/scoring/launch"
)

// launchKeys are the keys of an idea's line that make it a campaign.
type launchKeys struct {
	Launch json.RawMessage `json:"launch"`
	Blurb  string          `json:"blurb"`
	Goal   json.RawMessage `json:"goal"`
}

// campaign returns the campaign that a line describes, or nil: with launch, even
// an empty one, or with blurb, when the line itself is read as the launch, as a
// row of a table of campaigns is. What the line says of its text fills t.
func (k launchKeys) campaign(t *scoring.Text, line []byte) (*scoring.Campaign, error) {
	raw := bytes.TrimSpace(k.Launch)
	switch {
	case len(raw) > 0 && string(raw) != "null":
	case k.Blurb != "":
		raw = line
	default:
		return nil, nil //nolint:nilnil // an idea that is no campaign is usual
	}
	plan, err := launch.Parse(raw)
	if err != nil {
		return nil, err
	}
	if err := k.ask(&plan); err != nil {
		return nil, err
	}
	blurb := cmp.Or(k.Blurb, plan.Blurb)
	t.Title = cmp.Or(t.Title, plan.Title)
	if t.Problem == "" && t.Solution == "" {
		t.Problem = blurb
	}
	if blurb == "" {
		blurb = strings.TrimSpace(t.Problem + " " + t.Solution)
	}
	return &scoring.Campaign{Title: t.Title, Blurb: blurb, Language: t.Language, Plan: plan}, nil
}

// ask states the idea's own goal in a plan that has none.
func (k launchKeys) ask(plan *launch.Plan) error {
	if _, stated := plan.Numbers["goal"]; stated || len(k.Goal) == 0 {
		return nil
	}
	idea, err := launch.Parse(fmt.Appendf(nil, `{"goal":%s}`, k.Goal))
	if err != nil {
		return errors.New(strings.TrimPrefix(err.Error(), "launch."))
	}
	goal, stated := idea.Numbers["goal"]
	if !stated || plan.Currency != "" && idea.Currency != "" && plan.Currency != idea.Currency {
		return nil
	}
	plan.Currency = cmp.Or(plan.Currency, idea.Currency)
	plan.State("goal", goal)
	return nil
}

// openLauncher loads the launch model of that name. It returns nil where the one
// that ships is not there and no other was named.
func openLauncher(models, name, library string) (*scoring.Launcher, error) {
	_, err := os.Stat(filepath.Join(models, name)) //nolint:gosec // G703: the operator names both
	if name == scoring.DefaultLaunchModel && errors.Is(err, os.ErrNotExist) {
		return nil, nil //nolint:nilnil // everything else works without it
	}
	return scoring.OpenLauncher(models, name, library)
}

var errNoLauncher = errors.New("this idea has a launch, and the folder of models has no " + scoring.DefaultLaunchModel + "; name another with -launch-model")

// estimate adds what the launch model says to a line. Success becomes the chance
// by the campaign's text alone, so that who reads no further is not told what a
// plan promises; criteria stay the ideas model's, unless the line is an abstention.
func (s *scoreStream) estimate(line *scoreLine, c *scoring.Campaign) error {
	if s.launcher == nil {
		return errNoLauncher
	}
	e, err := s.launcher.Estimate(*c)
	if err != nil {
		return err
	}
	for _, chance := range []*scoring.Chance{e.Text, e.Metadata, e.Both} {
		if chance != nil {
			chance.Probability, chance.Low, chance.High = sixDigits(chance.Probability), sixDigits(chance.Low), sixDigits(chance.High)
		}
	}
	line.Model += " + " + e.Model
	line.Language = e.Language
	line.Success, line.Uncalibrated = e.Text, false
	if line.Abstained, line.Reason = e.Text == nil, e.Reason; line.Abstained {
		line.Criteria = nil
	}
	line.Launch = &e
	return nil
}
