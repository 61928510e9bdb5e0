package campaign_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"globalbrain/internal/campaign"
	"globalbrain/internal/errs"
	"globalbrain/internal/money"
	"globalbrain/internal/tenant"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func eur(minor int64) money.Amount { return money.Amount{Minor: minor, Currency: "EUR"} }

func plan() campaign.Plan {
	return campaign.Plan{Goal: eur(100_000), Duration: 10 * 24 * time.Hour, Rewards: []campaign.Reward{
		{ID: uuid.New(), Title: "A postcard", Amount: eur(500), Quantity: 10},
		{ID: uuid.New(), Title: "A visit", Amount: eur(5000)},
	}}
}

func TestAPlanIsRefusedWithTheNameOfEachBadField(t *testing.T) {
	t.Parallel()
	policy := tenant.DefaultPolicy()
	if err := plan().Check(policy); err != nil {
		t.Fatalf("a good plan: %v", err)
	}
	for name, c := range map[string]struct {
		change func(*campaign.Plan)
		field  string
	}{
		"no goal":                  {func(p *campaign.Plan) { p.Goal.Minor = 0 }, "goal"},
		"a negative goal":          {func(p *campaign.Plan) { p.Goal.Minor = -1 }, "goal"},
		"an enormous goal":         {func(p *campaign.Plan) { p.Goal.Minor = campaign.MaxGoal + 1 }, "goal"},
		"too short":                {func(p *campaign.Plan) { p.Duration = policy.CampaignMin - 1 }, "duration"},
		"too long":                 {func(p *campaign.Plan) { p.Duration = policy.CampaignMax + 1 }, "duration"},
		"too many rewards":         {func(p *campaign.Plan) { p.Rewards = make([]campaign.Reward, 11) }, "rewards"},
		"a reward with no title":   {func(p *campaign.Plan) { p.Rewards[1].Title = " " }, "rewards.1.title"},
		"a reward with a novel":    {func(p *campaign.Plan) { p.Rewards[0].Title = strings.Repeat("字", 121) }, "rewards.0.title"},
		"a long description":       {func(p *campaign.Plan) { p.Rewards[0].Description = strings.Repeat("字", 2001) }, "rewards.0.description"},
		"a reward for nothing":     {func(p *campaign.Plan) { p.Rewards[0].Amount.Minor = 0 }, "rewards.0.amount"},
		"a reward in yen":          {func(p *campaign.Plan) { p.Rewards[0].Amount.Currency = "JPY" }, "rewards.0.amount"},
		"a negative quantity":      {func(p *campaign.Plan) { p.Rewards[0].Quantity = -1 }, "rewards.0.quantity"},
		"a quantity of everything": {func(p *campaign.Plan) { p.Rewards[0].Quantity = campaign.MaxQuantity + 1 }, "rewards.0.quantity"},
	} {
		p := plan()
		c.change(&p)
		err := p.Check(policy)
		e, _ := errors.AsType[*errs.Error](err)
		if e == nil || e.Kind != errs.Invalid {
			t.Errorf("%s: %v", name, err)
			continue
		}
		found := false
		for _, f := range e.Fields {
			found = found || f.Name == c.field
		}
		if !found {
			t.Errorf("%s: %v does not name %s", name, err, c.field)
		}
	}
}

func TestOnlyTheFounderLaunchesAndOnlyOnce(t *testing.T) {
	t.Parallel()
	c := campaign.Campaign{Founder: uuid.New(), State: campaign.Draft, Plan: plan()}
	deadline, err := c.Launch(c.Founder, noon, tenant.DefaultPolicy())
	if err != nil || !deadline.Equal(noon.Add(c.Duration)) {
		t.Errorf("launch: %s, %v", deadline, err)
	}
	if _, err := c.Launch(uuid.New(), noon, tenant.DefaultPolicy()); !errs.Is(err, errs.Forbidden) {
		t.Errorf("somebody else: %v", err)
	}
	c.State = campaign.Live
	if _, err := c.Launch(c.Founder, noon, tenant.DefaultPolicy()); !errs.Is(err, errs.Conflict) {
		t.Errorf("a second time: %v", err)
	}
	c.State = campaign.Draft
	c.Duration = time.Minute
	if _, err := c.Launch(c.Founder, noon, tenant.DefaultPolicy()); !errs.Is(err, errs.Invalid) {
		t.Errorf("a plan that the policy no longer allows: %v", err)
	}
}

func TestPledgesAreTakenOnlyWhileLiveAndBeforeTheDeadline(t *testing.T) {
	t.Parallel()
	c := campaign.Campaign{State: campaign.Live, Plan: plan(), LaunchedAt: noon, Deadline: noon.Add(time.Hour)}
	for _, at := range []struct {
		now  time.Time
		want bool
	}{{noon, true}, {c.Deadline.Add(-1), true}, {c.Deadline, false}, {c.Deadline.Add(1), false}} {
		if got := c.TakesPledges(at.now) == nil; got != at.want {
			t.Errorf("at %s: %v", at.now, got)
		}
	}
	for _, s := range everyState() {
		c.State = s
		if err := c.TakesPledges(noon); (err == nil) != (s == campaign.Live) {
			t.Errorf("%s: %v", s, err)
		}
	}
}

func TestAllOrNothingIsDecidedByTheLastCent(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		goal := rapid.Int64Range(1, campaign.MaxGoal).Draw(t, "goal")
		sum := rapid.OneOf(rapid.Int64Range(0, campaign.MaxGoal), rapid.Int64Range(max(0, goal-2), goal+2)).Draw(t, "sum")
		c := campaign.Campaign{Plan: campaign.Plan{Goal: eur(goal)}}
		got, err := c.Outcome(eur(sum))
		if err != nil || (got == campaign.Succeeded) != (sum >= goal) || (got == campaign.Failed) != (sum < goal) {
			t.Fatalf("%d of %d: %s, %v", sum, goal, got, err)
		}
		settled, err := c.Settlement(eur(sum), 0.8)
		if err != nil || (sum >= goal && settled != campaign.Funded) || (10*sum < 8*goal-10 && settled != campaign.Shortfall) {
			t.Fatalf("collected %d of %d: %s, %v", sum, goal, settled, err)
		}
	})
	c := campaign.Campaign{Plan: campaign.Plan{Goal: eur(1000)}}
	for sum, want := range map[int64]campaign.State{799: campaign.Shortfall, 800: campaign.Funded, 801: campaign.Funded} {
		if got, err := c.Settlement(eur(sum), 0.8); err != nil || got != want {
			t.Errorf("%d of 1000 at 80 %%: %s, %v", sum, got, err)
		}
	}
	if _, err := c.Outcome(money.Amount{Minor: 5000, Currency: "USD"}); err == nil {
		t.Error("a goal in euro was reached with dollars")
	}
}

func TestTheFreezeIsTheLastTenthOfAShortCampaign(t *testing.T) {
	t.Parallel()
	const day = 24 * time.Hour
	long := campaign.Campaign{LaunchedAt: noon, Deadline: noon.Add(10 * day)}
	short := campaign.Campaign{LaunchedAt: noon, Deadline: noon.Add(10 * time.Minute)}
	for _, c := range []struct {
		name   string
		of     campaign.Campaign
		before time.Duration
		want   bool
	}{
		{"long, a day and a second before", long, day + time.Second, false}, {"long, a day before", long, day, true},
		{"short, two minutes before", short, 2 * time.Minute, false}, {"short, one minute before", short, time.Minute, true},
	} {
		if got := c.of.Frozen(c.of.Deadline.Add(-c.before), day); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}

func TestACampaignIsCalledOffByItsFounderOrItsAdministrators(t *testing.T) {
	t.Parallel()
	c := campaign.Campaign{Founder: uuid.New(), State: campaign.Live}
	if err := c.MayCancel(c.Founder, false); err != nil {
		t.Errorf("the founder: %v", err)
	}
	if err := c.MayCancel(uuid.New(), true); err != nil {
		t.Errorf("an administrator: %v", err)
	}
	if err := c.MayCancel(uuid.New(), false); !errs.Is(err, errs.Forbidden) {
		t.Errorf("somebody else: %v", err)
	}
	c.State = campaign.Succeeded
	if err := c.MayCancel(c.Founder, true); !errs.Is(err, errs.Conflict) {
		t.Errorf("after the close: %v", err)
	}
}

func everyState() []campaign.State {
	seen := map[campaign.State]bool{}
	var list []campaign.State
	for _, step := range campaign.Transitions {
		for _, s := range []campaign.State{step.From, step.To} {
			if !seen[s] {
				seen[s] = true
				list = append(list, s)
			}
		}
	}
	return list
}

func TestEveryWalkThroughTheStatesEndsAndNeverReturns(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		at, seen := campaign.Draft, map[campaign.State]bool{}
		for {
			if seen[at] {
				t.Fatalf("%s was reached twice", at)
			}
			seen[at] = true
			var next []campaign.State
			for _, to := range everyState() {
				if campaign.Allowed(at, to) {
					next = append(next, to)
				}
			}
			if len(next) == 0 {
				break
			}
			at = rapid.SampledFrom(next).Draw(t, "next")
		}
		if at != campaign.Funded && at != campaign.Failed && at != campaign.Cancelled {
			t.Fatalf("a walk ended in %s", at)
		}
		if at == campaign.Funded && !seen[campaign.Collecting] {
			t.Fatal("funded without collecting")
		}
	})
}
