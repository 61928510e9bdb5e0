package campaign

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"globalbrain/internal/errs"
	"globalbrain/internal/money"
	"globalbrain/internal/tenant"
)

// Plan is what a founder writes before the launch.
type Plan struct {
	Goal     money.Amount
	Duration time.Duration
	Rewards  []Reward // in the order of the page
}

// Limits of a plan. MaxGoal keeps every sum of pledges far below 63 bits.
const (
	MaxRewards     = 10
	MaxTitle       = 120               // characters
	MaxDescription = 2000              // characters
	MaxQuantity    = 1_000_000         // of one reward
	MaxGoal        = 1_000_000_000_000 // minor units
)

// Check returns one Invalid error with every complaint, each under the name of
// its field: "goal", "duration", "rewards.0.title" and so on.
func (p Plan) Check(policy tenant.Policy) error {
	var f errs.Fields
	switch {
	case !p.Goal.IsPositive():
		f.Add("goal", "campaign.goal", "Enter a goal of more than zero.")
	case p.Goal.Minor > MaxGoal:
		f.Add("goal", "money.large", "This amount is too large.")
	}
	if p.Duration < policy.CampaignMin || p.Duration > policy.CampaignMax {
		f.Add("duration", "campaign.duration", "A campaign here lasts from %s to %s.", Length(policy.CampaignMin), Length(policy.CampaignMax))
	}
	if len(p.Rewards) > MaxRewards {
		f.Add("rewards", "campaign.rewards", "A campaign has at most %d rewards.", MaxRewards)
	}
	for i, r := range p.Rewards {
		r.check(&f, fmt.Sprintf("rewards.%d.", i), p.Goal.Currency)
	}
	return f.Err()
}

func (r Reward) check(f *errs.Fields, name, currency string) {
	if n := utf8.RuneCountInString(strings.TrimSpace(r.Title)); n == 0 || n > MaxTitle {
		f.Add(name+"title", "campaign.reward_title", "Give the reward a title of at most %d characters.", MaxTitle)
	}
	if utf8.RuneCountInString(r.Description) > MaxDescription {
		f.Add(name+"description", "campaign.reward_description", "The description has at most %d characters.", MaxDescription)
	}
	switch {
	case !r.Amount.IsPositive() || r.Amount.Currency != currency:
		f.Add(name+"amount", "campaign.reward_amount", "Enter an amount of more than zero.")
	case r.Amount.Minor > MaxGoal:
		f.Add(name+"amount", "money.large", "This amount is too large.")
	}
	if r.Quantity < 0 || r.Quantity > MaxQuantity {
		f.Add(name+"quantity", "campaign.reward_quantity", "Enter how many there are, from 1 to %d, or leave it empty.", MaxQuantity)
	}
}

// Length writes a campaign's length for error messages: whole days as "7 d",
// anything else in minutes.
func Length(d time.Duration) string {
	if d%(24*time.Hour) == 0 {
		return fmt.Sprintf("%d d", d/(24*time.Hour))
	}
	return fmt.Sprintf("%d min", d/time.Minute)
}

// Launch decides whether the person may start the campaign now, and returns its
// deadline. The plan is checked again: the tenant's policy may have changed.
func (c Campaign) Launch(person uuid.UUID, now time.Time, policy tenant.Policy) (deadline time.Time, err error) {
	if person != c.Founder {
		return time.Time{}, errs.New(errs.Forbidden, "campaign.not_yours", "Only the founder can do this.")
	}
	if c.State != Draft {
		return time.Time{}, errs.New(errs.Conflict, "campaign.launched", "This campaign was launched already.")
	}
	if err := c.Check(policy); err != nil {
		return time.Time{}, err
	}
	return now.Add(c.Duration), nil
}
