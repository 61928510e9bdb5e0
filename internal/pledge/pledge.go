// Package pledge knows what a pledge is: a backer's promise to pay an amount if
// a campaign succeeds. It decides who may pledge what and when, who may take it
// back, and what follows from the answer to a charge. It does not know the
// gateway, nor how anything is stored.
package pledge

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"globalbrain/internal/campaign"
	"globalbrain/internal/errs"
	"globalbrain/internal/ledger"
	"globalbrain/internal/money"
	"globalbrain/internal/tenant"
)

// Pledge is one backer's promise to one campaign.
type Pledge struct {
	ID            uuid.UUID
	Campaign      uuid.UUID
	Backer        uuid.UUID
	Reward        uuid.UUID // uuid.Nil for none
	Amount        money.Amount
	Anonymous     bool // to the public, never to the ledger
	State         State
	Version       int
	SetupNo       int    // counts the visits to the gateway's page
	SetupRef      string // the gateway's id of the newest visit
	SetupURL      string // where the backer goes for it
	PaymentMethod string // the gateway's id
	CreatedAt     time.Time
}

// MaxAmount bounds one pledge, in minor units, so that no sum of a campaign's
// pledges can pass 63 bits.
const MaxAmount = 10_000_000_000

// Offer is what a backer offers, with what must be known to judge it.
type Offer struct {
	ID          uuid.UUID // made with the form, so that sending it twice is one pledge
	Backer      uuid.UUID
	Verified    bool // the backer's e-mail address is
	Amount      money.Amount
	Reward      uuid.UUID // uuid.Nil for none
	Anonymous   bool
	RewardTaken int  // open pledges that hold the reward already
	HasOpen     bool // the backer has an open, confirmed pledge here
	Reviewer    bool // the backer is assigned to review the idea
}

// Accept decides on an offer. The new pledge is an Intent: it counts once the
// gateway has confirmed a payment method, and implies no ledger transaction
// before it is charged.
func Accept(c campaign.Campaign, now time.Time, o Offer) (Pledge, error) {
	if err := c.TakesPledges(now); err != nil {
		return Pledge{}, err
	}
	switch {
	case !o.Verified:
		return Pledge{}, errs.New(errs.Forbidden, "pledge.unverified", "Confirm your e-mail address before you pledge.")
	case o.Backer == c.Founder:
		return Pledge{}, errs.New(errs.Forbidden, "pledge.founder", "You cannot back your own campaign.")
	case o.Reviewer:
		return Pledge{}, errs.New(errs.Forbidden, "pledge.reviewer", "You review this idea, so you cannot back it.")
	case o.HasOpen:
		return Pledge{}, errs.New(errs.Conflict, "pledge.open", "You have a pledge to this campaign already.")
	}
	var f errs.Fields
	switch {
	case !o.Amount.IsPositive() || o.Amount.Currency != c.Goal.Currency:
		f.Add("amount", "pledge.amount", "Enter an amount of more than zero.")
	case o.Amount.Minor > MaxAmount:
		f.Add("amount", "money.large", "This amount is too large.")
	}
	if o.Reward != uuid.Nil {
		checkReward(&f, c, o)
	}
	if err := f.Err(); err != nil {
		return Pledge{}, err
	}
	return Pledge{
		ID: o.ID, Campaign: c.ID, Backer: o.Backer, Reward: o.Reward, Amount: o.Amount, Anonymous: o.Anonymous,
		State: Intent, Version: 1, SetupNo: 1, CreatedAt: now,
	}, nil
}

func checkReward(f *errs.Fields, c campaign.Campaign, o Offer) {
	r, ok := c.Reward(o.Reward)
	switch {
	case !ok:
		f.Add("reward", "pledge.reward_unknown", "Choose one of the rewards, or none.")
	case r.Quantity > 0 && o.RewardTaken >= r.Quantity:
		f.Add("reward", "pledge.reward_gone", "This reward has just been taken by others. Choose another one, or none.")
	case o.Amount.IsPositive() && o.Amount.Minor < r.Amount.Minor:
		f.Add("amount", "pledge.reward_amount", "This reward takes at least %s.", r.Amount)
	}
}

// MayCancel returns nil when the backer may take the pledge back now. In the
// last stretch before the deadline (freeze) a cancel must not take the campaign
// under its goal; total is then the exact sum of its active pledges.
func (p Pledge) MayCancel(c campaign.Campaign, now time.Time, freeze time.Duration, total money.Amount) error {
	if p.State.Unconfirmed() {
		return nil
	}
	if p.State != Active {
		return errs.New(errs.Conflict, "pledge.not_active", "This pledge can no longer be taken back.")
	}
	if c.State != campaign.Live || !now.Before(c.Deadline) {
		return errs.New(errs.Conflict, "campaign.over", "This campaign is over. Pledges ended at its deadline.")
	}
	if !c.Frozen(now, freeze) {
		return nil
	}
	left, err := total.Sub(p.Amount)
	if err != nil {
		return fmt.Errorf("cancel pledge %s: %w", p.ID, err)
	}
	if total.Minor >= c.Goal.Minor && left.Minor < c.Goal.Minor {
		return errs.New(errs.Conflict, "pledge.frozen", "Shortly before the deadline a pledge cannot be taken back if the campaign would miss its goal without it.")
	}
	return nil
}

// Confirmed decides what a payment method that the gateway has confirmed makes
// of the pledge. Active: it counts from now on. Abandoned: it came too late.
// Collecting: a failed charge is tried again, with a method that is not the one
// that failed. The pledge's own state: nothing changes, because it was confirmed
// before or is closed.
func (p Pledge) Confirmed(c campaign.Campaign, now time.Time, method string) State {
	switch {
	case p.State == RequiresAction && c.TakesPledges(now) == nil:
		return Active
	case p.State == RequiresAction:
		return Abandoned
	case p.State.Mendable() && method != p.PaymentMethod && c.State == campaign.Collecting && now.Before(c.CollectUntil):
		return Collecting
	}
	return p.State
}

// ChargeKey names one attempt to charge the pledge, for ever. The gateway does
// a key's work at most once.
func (p Pledge) ChargeKey(id tenant.ID, attempt int) string {
	return fmt.Sprintf("%d:%s:%d:%d", id, p.ID, p.Version, attempt)
}

// SetupKey names one visit to the gateway's page.
func (p Pledge) SetupKey(id tenant.ID) string {
	return fmt.Sprintf("%d:%s:setup:%d", id, p.ID, p.SetupNo)
}

// ReadSetupKey returns the pledge and the visit that a SetupKey names.
func ReadSetupKey(key string) (pledgeID uuid.UUID, visit int, err error) {
	parts := strings.Split(key, ":")
	if len(parts) != 4 || parts[2] != "setup" {
		return uuid.Nil, 0, errs.New(errs.NotFound, "not_found", "This was not found.")
	}
	pledgeID, err = uuid.Parse(parts[1])
	if err == nil {
		visit, err = strconv.Atoi(parts[3])
	}
	if err != nil {
		return uuid.Nil, 0, errs.Wrap(err, errs.NotFound, "not_found", "This was not found.")
	}
	return pledgeID, visit, nil
}

// Capture returns what a captured charge posts: the amount from the backer to
// the campaign's escrow, and the gateway's fee out of it.
func (p Pledge) Capture(chargeKey string, fee money.Amount) (ledger.Transaction, error) {
	escrow := ledger.Escrow(p.Campaign)
	postings := []ledger.Posting{{From: ledger.Backer(p.Backer), To: escrow, Amount: p.Amount}}
	if fee.IsPositive() {
		postings = append(postings, ledger.Posting{From: escrow, To: ledger.GatewayFees, Amount: fee})
	}
	return ledger.New("charge:"+chargeKey, "capture", postings...)
}
