// Package campaign knows what a campaign is: a founder's promise to carry out a
// shortlisted idea if enough money is pledged before a deadline, and rewards
// for those who pledge. It decides what a campaign may contain, when it takes
// pledges and how it ends. It does not know who pledged, nor how anything is
// stored or charged.
package campaign

import (
	"time"

	"github.com/google/uuid"

	"globalbrain/internal/errs"
	"globalbrain/internal/money"
)

// Campaign asks for Goal until Deadline. All or nothing: nobody is charged
// unless the pledges at the deadline reach the goal.
type Campaign struct {
	ID      uuid.UUID
	Idea    uuid.UUID
	Founder uuid.UUID
	State   State
	Plan
	Edit         int64 // grows with every save of the draft
	CreatedAt    time.Time
	LaunchedAt   time.Time // zero before the launch, and so on below
	Deadline     time.Time
	ClosedAt     time.Time
	CollectUntil time.Time    // charges are retried until then
	SettledAt    time.Time    // when collecting ended
	DecideUntil  time.Time    // in a shortfall, the founder decides until then
	Pledged      money.Amount // the exact sum of the close; zero before
	Backers      int          // at the close
	Collected    money.Amount // the exact sum when collecting ended; zero before
}

// Reward is what a backer of at least Amount may choose.
type Reward struct {
	ID          uuid.UUID
	Title       string // 1..120 characters
	Description string // at most 2000 characters
	Amount      money.Amount
	Quantity    int // how many there are; 0 for no limit
}

// Reward returns the campaign's reward with the given id.
func (c Campaign) Reward(id uuid.UUID) (Reward, bool) {
	for _, r := range c.Rewards {
		if r.ID == id {
			return r, true
		}
	}
	return Reward{}, false
}

// TakesPledges returns nil while the campaign is live and its deadline lies
// ahead of now, else a Conflict that says why not.
func (c Campaign) TakesPledges(now time.Time) error {
	switch {
	case c.State == Draft || c.State == Scheduled:
		return errs.New(errs.Conflict, "campaign.not_yet", "This campaign has not started yet.")
	case c.State == Cancelled:
		return errs.New(errs.Conflict, "campaign.cancelled", "This campaign was cancelled.")
	case c.State != Live || !now.Before(c.Deadline):
		return errs.New(errs.Conflict, "campaign.over", "This campaign is over. Pledges ended at its deadline.")
	}
	return nil
}

// Outcome returns how the campaign ends with the sum that was pledged at its
// deadline: Succeeded from the goal on, else Failed.
func (c Campaign) Outcome(pledged money.Amount) (State, error) {
	order, err := pledged.Cmp(c.Goal)
	if err != nil {
		return "", err
	}
	if order >= 0 {
		return Succeeded, nil
	}
	return Failed, nil
}

// Settlement returns what follows from the sum that could be collected: Funded
// from the floor on, which is a share (0..1) of the goal, else Shortfall.
func (c Campaign) Settlement(collected money.Amount, floor float64) (State, error) {
	least, err := c.Goal.Share(int64(floor*10_000 + 0.5))
	if err != nil {
		return "", err
	}
	order, err := collected.Cmp(least)
	if err != nil {
		return "", err
	}
	if order >= 0 {
		return Funded, nil
	}
	return Shortfall, nil
}

// MayCancel returns nil when the person may call a live campaign off, which
// releases every pledge. Only its founder may; who runs the tenant's campaigns
// is let through by permission.
func (c Campaign) MayCancel(person uuid.UUID, runsCampaigns bool) error {
	if person != c.Founder && !runsCampaigns {
		return errs.New(errs.Forbidden, "campaign.not_yours", "Only the founder can do this.")
	}
	if c.State != Live {
		return errs.New(errs.Conflict, "campaign.not_live", "Only a live campaign can be cancelled.")
	}
	return nil
}

// Frozen reports whether now is so close before the deadline that a backer's
// cancel must not break the goal. A campaign shorter than twice the freeze is
// frozen in its last tenth only, so that short ones can be left at all.
func (c Campaign) Frozen(now time.Time, freeze time.Duration) bool {
	if length := c.Deadline.Sub(c.LaunchedAt); length < 2*freeze {
		freeze = length / 10
	}
	return !now.Before(c.Deadline.Add(-freeze))
}

// MayDecide returns nil when the person may say what becomes of a shortfall now.
func (c Campaign) MayDecide(person uuid.UUID, now time.Time) error {
	if person != c.Founder {
		return errs.New(errs.Forbidden, "campaign.not_yours", "Only the founder can do this.")
	}
	if c.State != Shortfall || !now.Before(c.DecideUntil) {
		return errs.New(errs.Conflict, "campaign.not_undecided", "There is nothing left to decide about this campaign.")
	}
	return nil
}
