package pledge_test

import (
	"errors"
	"math"
	"testing"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"globalbrain/internal/campaign"
	"globalbrain/internal/errs"
	"globalbrain/internal/ledger"
	"globalbrain/internal/money"
	"globalbrain/internal/pledge"
	"globalbrain/internal/tenant"
)

const day = 24 * time.Hour

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func eur(minor int64) money.Amount { return money.Amount{Minor: minor, Currency: "EUR"} }

func live() campaign.Campaign {
	return campaign.Campaign{
		ID: uuid.New(), Founder: uuid.New(), State: campaign.Live, LaunchedAt: noon.Add(-9 * day), Deadline: noon.Add(day),
		Plan: campaign.Plan{Goal: eur(10_000), Rewards: []campaign.Reward{{ID: uuid.New(), Title: "A postcard", Amount: eur(500), Quantity: 2}}},
	}
}

func offer() pledge.Offer {
	return pledge.Offer{ID: uuid.New(), Backer: uuid.New(), Verified: true, Amount: eur(2500)}
}

func TestAGoodOfferBecomesAnIntent(t *testing.T) {
	t.Parallel()
	c, o := live(), offer()
	o.Reward, o.RewardTaken, o.Anonymous = c.Rewards[0].ID, 1, true
	p, err := pledge.Accept(c, noon, o)
	if err != nil {
		t.Fatal(err)
	}
	want := pledge.Pledge{ID: o.ID, Campaign: c.ID, Backer: o.Backer, Reward: o.Reward, Amount: o.Amount, Anonymous: true,
		State: pledge.Intent, Version: 1, SetupNo: 1, CreatedAt: noon}
	if p != want {
		t.Errorf("got %+v", p)
	}
}

func TestAnOfferIsRefusedForItsReason(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(*campaign.Campaign, *pledge.Offer)
		kind   errs.Kind
		code   string // of the error or of its only field
	}{
		"at the deadline":      {func(c *campaign.Campaign, _ *pledge.Offer) { c.Deadline = noon }, errs.Conflict, "campaign.over"},
		"after the close":      {func(c *campaign.Campaign, _ *pledge.Offer) { c.State = campaign.Succeeded }, errs.Conflict, "campaign.over"},
		"before the launch":    {func(c *campaign.Campaign, _ *pledge.Offer) { c.State = campaign.Draft }, errs.Conflict, "campaign.not_yet"},
		"to a cancelled one":   {func(c *campaign.Campaign, _ *pledge.Offer) { c.State = campaign.Cancelled }, errs.Conflict, "campaign.cancelled"},
		"by the founder":       {func(c *campaign.Campaign, o *pledge.Offer) { o.Backer = c.Founder }, errs.Forbidden, "pledge.founder"},
		"by a reviewer":        {func(_ *campaign.Campaign, o *pledge.Offer) { o.Reviewer = true }, errs.Forbidden, "pledge.reviewer"},
		"without an address":   {func(_ *campaign.Campaign, o *pledge.Offer) { o.Verified = false }, errs.Forbidden, "pledge.unverified"},
		"for the second time":  {func(_ *campaign.Campaign, o *pledge.Offer) { o.HasOpen = true }, errs.Conflict, "pledge.open"},
		"of nothing":           {func(_ *campaign.Campaign, o *pledge.Offer) { o.Amount.Minor = 0 }, errs.Invalid, "pledge.amount"},
		"of a debt":            {func(_ *campaign.Campaign, o *pledge.Offer) { o.Amount.Minor = -1 }, errs.Invalid, "pledge.amount"},
		"of dollars":           {func(_ *campaign.Campaign, o *pledge.Offer) { o.Amount.Currency = "USD" }, errs.Invalid, "pledge.amount"},
		"of everything":        {func(_ *campaign.Campaign, o *pledge.Offer) { o.Amount.Minor = math.MaxInt64 }, errs.Invalid, "money.large"},
		"for a strange reward": {func(_ *campaign.Campaign, o *pledge.Offer) { o.Reward = uuid.New() }, errs.Invalid, "pledge.reward_unknown"},
		"for a reward that is gone": {func(c *campaign.Campaign, o *pledge.Offer) {
			o.Reward, o.RewardTaken = c.Rewards[0].ID, 2
		}, errs.Invalid, "pledge.reward_gone"},
		"for a reward that takes more": {func(c *campaign.Campaign, o *pledge.Offer) {
			o.Reward, o.Amount = c.Rewards[0].ID, eur(499)
		}, errs.Invalid, "pledge.reward_amount"},
	} {
		camp, o := live(), offer()
		c.change(&camp, &o)
		_, err := pledge.Accept(camp, noon, o)
		e, _ := errors.AsType[*errs.Error](err)
		if e == nil || e.Kind != c.kind {
			t.Errorf("%s: %v", name, err)
			continue
		}
		code := e.Code
		if len(e.Fields) == 1 {
			code = e.Fields[0].Code
		}
		if code != c.code {
			t.Errorf("%s: %s, want %s", name, code, c.code)
		}
	}
}

func TestACancelInTheLastDayNeverTakesACampaignUnderItsGoal(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := live()
		p := pledge.Pledge{State: pledge.Active, Amount: eur(rapid.Int64Range(1, 20_000).Draw(t, "amount"))}
		total := eur(p.Amount.Minor + rapid.Int64Range(0, 20_000).Draw(t, "others"))
		now := c.Deadline.Add(-rapid.Custom(func(t *rapid.T) time.Duration {
			return time.Duration(rapid.Int64Range(1, int64(3*day)).Draw(t, "before"))
		}).Draw(t, "before the deadline"))
		err := p.MayCancel(c, now, day, total)
		breaks := total.Minor >= c.Goal.Minor && total.Minor-p.Amount.Minor < c.Goal.Minor
		if frozen := c.Deadline.Sub(now) <= day; (err != nil) != (frozen && breaks) {
			t.Fatalf("frozen %v, breaks the goal %v: %v", frozen, breaks, err)
		}
	})
}

func TestOnlyAnActivePledgeOfALiveCampaignOrAnUnfinishedOneIsTakenBack(t *testing.T) {
	t.Parallel()
	c := live()
	c.Deadline = noon.Add(5 * day)
	for _, s := range everyState() {
		err := pledge.Pledge{State: s, Amount: eur(5)}.MayCancel(c, noon, day, eur(5))
		if (err == nil) != (s == pledge.Active || s == pledge.Intent || s == pledge.RequiresAction) {
			t.Errorf("%s: %v", s, err)
		}
	}
	c.State = campaign.Collecting
	if err := (pledge.Pledge{State: pledge.Active, Amount: eur(5)}).MayCancel(c, noon, day, eur(5)); !errs.Is(err, errs.Conflict) {
		t.Errorf("after the close: %v", err)
	}
}

func TestAConfirmationAfterTheDeadlineNeverMakesAPledgeActive(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := live()
		c.State = rapid.SampledFrom([]campaign.State{campaign.Live, campaign.Closing, campaign.Failed, campaign.Collecting, campaign.Cancelled, campaign.Funded}).Draw(t, "campaign")
		c.CollectUntil = c.Deadline.Add(7 * day)
		p := pledge.Pledge{State: rapid.SampledFrom(everyState()).Draw(t, "pledge"), PaymentMethod: "old"}
		method := rapid.SampledFrom([]string{"old", "new"}).Draw(t, "method")
		now := c.Deadline.Add(time.Duration(rapid.Int64Range(-int64(day), int64(9*day)).Draw(t, "after the deadline")))
		got := p.Confirmed(c, now, method)
		if got != p.State && !pledge.Allowed(p.State, got) {
			t.Fatalf("%s became %s", p.State, got)
		}
		inTime := c.State == campaign.Live && now.Before(c.Deadline)
		if got == pledge.Active && p.State != pledge.Active && !inTime {
			t.Fatalf("active with the campaign %s at %s after the deadline", c.State, now.Sub(c.Deadline))
		}
		if got == pledge.Collecting && p.State != pledge.Collecting && (c.State != campaign.Collecting || !now.Before(c.CollectUntil) || method == "old") {
			t.Fatalf("charged again with the campaign %s", c.State)
		}
	})
}

func TestHardDeclinesAreNotTriedAgainAndSoftOnesAtMostFourTimesInTheWindow(t *testing.T) {
	t.Parallel()
	policy := tenant.DefaultPolicy()
	c := campaign.Campaign{State: campaign.Collecting, CollectUntil: noon.Add(7 * day)}
	if _, again := pledge.Retry(pledge.Hard, 1, noon, c, policy); again {
		t.Error("a hard decline is tried again")
	}
	attempts, now := 1, noon
	for {
		at, again := pledge.Retry(pledge.Soft, attempts, now, c, policy)
		if !again {
			break
		}
		if at.Sub(now) != policy.RetryCharge || !at.Before(c.CollectUntil) {
			t.Errorf("attempt %d at %s", attempts+1, at)
		}
		attempts, now = attempts+1, at
	}
	if attempts != 4 {
		t.Errorf("%d attempts", attempts)
	}
}

func TestKeysNameOneAttemptEach(t *testing.T) {
	t.Parallel()
	a := pledge.Pledge{ID: uuid.MustParse("0190a8a0-0000-7000-8000-000000000001"), Version: 1, SetupNo: 2}
	if got := a.ChargeKey(7, 3); got != "7:0190a8a0-0000-7000-8000-000000000001:1:3" {
		t.Error(got)
	}
	if got := a.SetupKey(7); got != "7:0190a8a0-0000-7000-8000-000000000001:setup:2" {
		t.Error(got)
	}
}

func TestASetupKeyIsReadBackAndNothingElseIs(t *testing.T) {
	t.Parallel()
	p := pledge.Pledge{ID: uuid.New(), SetupNo: 3}
	if id, visit, err := pledge.ReadSetupKey(p.SetupKey(7)); err != nil || id != p.ID || visit != 3 {
		t.Errorf("%s, %d, %v", id, visit, err)
	}
	for _, key := range []string{"", "7:x:setup:1", "7:" + p.ID.String() + ":setup:x", p.ChargeKey(7, 1), ":::"} {
		if _, _, err := pledge.ReadSetupKey(key); !errs.Is(err, errs.NotFound) {
			t.Errorf("%q: %v", key, err)
		}
	}
}

func TestACapturePostsTheAmountToEscrowAndTheFeeOutOfIt(t *testing.T) {
	t.Parallel()
	p := pledge.Pledge{Campaign: uuid.New(), Backer: uuid.New(), Amount: eur(2500)}
	tx, err := p.Capture("k", eur(62))
	if err != nil {
		t.Fatal(err)
	}
	entries, err := tx.Entries()
	if err != nil {
		t.Fatal(err)
	}
	balance := map[ledger.Account]int64{}
	for _, e := range entries {
		balance[e.Account] += e.Amount.Minor
	}
	if balance[ledger.Backer(p.Backer)] != -2500 || balance[ledger.Escrow(p.Campaign)] != 2438 || balance[ledger.GatewayFees] != 62 {
		t.Errorf("balances: %v", balance)
	}
	if tx, err = p.Capture("k", eur(0)); err != nil || len(tx.Postings) != 1 {
		t.Errorf("without a fee: %+v, %v", tx, err)
	}
}

func everyState() []pledge.State {
	return []pledge.State{
		pledge.Intent, pledge.RequiresAction, pledge.Active, pledge.Abandoned, pledge.Cancelled, pledge.Released, pledge.Collecting,
		pledge.Collected, pledge.Errored, pledge.AuthRequired, pledge.Dropped, pledge.RefundPending, pledge.Refunded,
	}
}

func TestAWalkOfAPledgeAddsUp(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		const minor = 700
		at := pledge.Intent
		var sum pledge.Effect
		for range 40 { // collecting and errored may alternate
			var next []pledge.State
			for _, to := range everyState() {
				if pledge.Allowed(at, to) {
					next = append(next, to)
				}
			}
			if len(next) == 0 {
				break
			}
			to := rapid.SampledFrom(next).Draw(t, "next")
			e := pledge.EffectOf(at, to, minor)
			sum = pledge.Effect{Pledged: sum.Pledged + e.Pledged, Backers: sum.Backers + e.Backers, Collected: sum.Collected + e.Collected, Refunded: sum.Refunded + e.Refunded}
			at = to
			if sum.Collected > sum.Pledged || sum.Refunded > sum.Collected || sum.Pledged < 0 || sum.Pledged > minor || sum.Pledged != minor*int64(sum.Backers) {
				t.Fatalf("in %s: %+v", at, sum)
			}
		}
		if counted := at != pledge.Intent && at != pledge.RequiresAction && at != pledge.Abandoned && at != pledge.Cancelled; (sum.Pledged == minor) != counted {
			t.Fatalf("in %s: %+v", at, sum)
		}
		if paid := at == pledge.Collected || at == pledge.RefundPending || at == pledge.Refunded; (sum.Collected == minor) != paid {
			t.Fatalf("in %s: %+v", at, sum)
		}
	})
}

func TestAFinalAnswerToAChargeMovesThePledgeByAnAllowedStep(t *testing.T) {
	t.Parallel()
	for _, step := range pledge.ChargeTransitions {
		if step.To.Final() && !pledge.Allowed(pledge.Collecting, pledge.After(step.To)) {
			t.Errorf("a %s charge makes the pledge %s", step.To, pledge.After(step.To))
		}
	}
}
