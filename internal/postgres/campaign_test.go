package postgres_test

import (
	"context"
	"fmt"
	"slices"
	"sort"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"globalbrain/internal/campaign"
	"globalbrain/internal/database"
	"globalbrain/internal/errs"
	"globalbrain/internal/pgtest"
	"globalbrain/internal/pledge"
	"globalbrain/internal/postgres"
)

func TestTheDatabaseHoldsTheTablesOfMoney(t *testing.T) {
	t.Parallel()
	pg := pgtest.New(t)
	want := map[string][]string{}
	for _, s := range campaign.Transitions {
		want["campaign"] = append(want["campaign"], fmt.Sprintf("%s>%s", s.From, s.To))
	}
	for _, s := range pledge.Transitions {
		want["pledge"] = append(want["pledge"], fmt.Sprintf("%s>%s", s.From, s.To))
	}
	for _, s := range pledge.ChargeTransitions {
		want["charge"] = append(want["charge"], fmt.Sprintf("%s>%s", s.From, s.To))
	}
	for machine, steps := range want {
		got := column(t, pg.Super, `select from_state || '>' || to_state from state_rule where machine = $1`, machine)
		sort.Strings(got)
		sort.Strings(steps)
		if !slices.Equal(got, steps) {
			t.Errorf("%s: the database has %v, the domain %v", machine, got, steps)
		}
	}
}

func TestOnlyTheFounderOfAShortlistedIdeaPlansACampaign(t *testing.T) {
	t.Parallel()
	m := newMarket(t)
	c := m.draft(t)
	if c.State != campaign.Draft || len(c.Rewards) != 1 || c.Rewards[0].Quantity != 2 || c.Edit != 1 {
		t.Fatalf("%+v", c)
	}
	save := postgres.SaveCampaign{Campaign: c.ID, Idea: m.idea, Person: m.founder, Plan: c.Plan, Edit: 1}
	save.Plan.Goal = cents(777)
	save.Plan.Rewards = nil
	changed, err := m.SaveCampaign(t.Context(), town, save)
	if err != nil || changed.Goal != cents(777) || len(changed.Rewards) != 0 || changed.Edit != 2 {
		t.Fatalf("%+v, %v", changed, err)
	}
	if _, err := m.SaveCampaign(t.Context(), town, save); errs.CodeOf(err) != "campaign.edited" {
		t.Errorf("a save over another window's: %v", err)
	}
	again := save
	again.Campaign = uuid.Nil
	if _, err := m.SaveCampaign(t.Context(), town, again); errs.CodeOf(err) != "campaign.exists" {
		t.Errorf("a second campaign of one idea: %v", err)
	}
	stranger := save
	stranger.Person = m.person(t)
	if _, err := m.SaveCampaign(t.Context(), town, stranger); !errs.Is(err, errs.Forbidden) {
		t.Errorf("somebody else: %v", err)
	}
	m.exec(t, `update idea set state = 'in_review' where id = $1`, m.idea)
	if _, err := m.SaveCampaign(t.Context(), town, save); errs.CodeOf(err) != "campaign.not_shortlisted" {
		t.Errorf("an idea in review: %v", err)
	}
}

func TestALaunchFreezesTheTermsAndLeavesTheJobThatClosesIt(t *testing.T) {
	t.Parallel()
	m := newMarket(t)
	c := m.launch(t)
	if c.State != campaign.Live || c.Deadline.Sub(c.LaunchedAt).Round(time.Millisecond) != c.Duration {
		t.Fatalf("%+v", c)
	}
	if n := m.number(t, `select count(*) from river_job where kind = 'campaign.close' and state = 'scheduled' and scheduled_at = $1`, c.Deadline); n != 1 {
		t.Errorf("%d closing jobs at the deadline", n)
	}
	if n := m.number(t, `select count(*) from campaign_transition where campaign_id = $1`, c.ID); n != 2 {
		t.Errorf("%d steps in the history", n)
	}
	if _, err := m.LaunchCampaign(t.Context(), town, c.ID, m.founder); !errs.Is(err, errs.Conflict) {
		t.Errorf("a second launch: %v", err)
	}
	for _, sql := range []string{
		`update campaign set goal_minor = 1`, `update campaign set deadline = deadline + interval '1 day'`, `update campaign set currency = 'USD'`,
		`update reward set position = 7`, `delete from reward`,
		`insert into reward (tenant_id, id, campaign_id, position, title, amount_minor) select tenant_id, gen_random_uuid(), id, 9, 'x', 1 from campaign`,
	} {
		err := database.New(m.pg.App).InTenant(t.Context(), town, func(ctx context.Context, tx pgx.Tx) error {
			_, err := tx.Exec(ctx, sql)
			return err
		})
		if errs.CodeOf(err) != "state" {
			t.Errorf("%s: %v", sql, err)
		}
	}
}

func TestAClosingBeforeTheDeadlineDoesNothing(t *testing.T) {
	t.Parallel()
	m := newMarket(t)
	c := m.launch(t)
	got, err := m.CloseCampaign(t.Context(), town, c.ID)
	if err != nil || got.State != campaign.Live {
		t.Errorf("%s, %v", got.State, err)
	}
	if err := m.CarryOutClose(t.Context(), town, c.ID); err != nil {
		t.Error(err)
	}
}

func TestAMissedGoalReleasesEveryPledgeAndChargesNobody(t *testing.T) {
	t.Parallel()
	m := newMarket(t)
	c := m.launch(t)
	active := m.pledge(t, c, m.person(t), 9_999)
	waiting, err := m.MakePledge(t.Context(), town, postgres.MakePledge{ID: uuid.New(), Campaign: c.ID, Backer: m.person(t), Amount: cents(5000)})
	if err != nil {
		t.Fatal(err)
	}
	c = m.close(t, c)
	if c.State != campaign.Failed || c.Pledged != cents(9_999) || c.Backers != 1 {
		t.Errorf("%+v", c)
	}
	if got := m.stateOf(t, active); got != pledge.Released {
		t.Errorf("the pledge is %s", got)
	}
	if got := m.stateOf(t, waiting); got != pledge.Abandoned {
		t.Errorf("the unconfirmed pledge is %s", got)
	}
	if late := m.confirm(t, waiting); late.State != pledge.Abandoned {
		t.Errorf("confirmed after the close it is %s", late.State)
	}
	if n := m.number(t, `select count(*) from charge`); n != 0 {
		t.Errorf("%d charges", n)
	}
	m.conserved(t)
}

func TestACampaignThatIsCalledOffLetsItsPledgesGo(t *testing.T) {
	t.Parallel()
	m := newMarket(t)
	c := m.launch(t)
	p := m.pledge(t, c, m.person(t), 2_000)
	if err := m.CancelCampaign(t.Context(), town, c.ID, m.person(t), false, "x"); !errs.Is(err, errs.Forbidden) {
		t.Errorf("a stranger: %v", err)
	}
	if err := m.CancelCampaign(t.Context(), town, c.ID, m.founder, false, "we found a grant"); err != nil {
		t.Fatal(err)
	}
	if got := m.stateOf(t, p); got != pledge.Released {
		t.Errorf("the pledge is %s", got)
	}
	if got := m.close(t, c); got.State != campaign.Cancelled {
		t.Errorf("after its deadline it is %s", got.State)
	}
}

func TestClosingManyTimesAtOnceClosesOnce(t *testing.T) {
	t.Parallel()
	m := newMarket(t)
	c := m.launch(t)
	for range 5 {
		m.pledge(t, c, m.person(t), 3_000)
	}
	m.endIn(t, c, 0)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			if _, err := m.CloseCampaign(t.Context(), town, c.ID); err != nil {
				t.Error(err)
			}
			if err := m.CarryOutClose(t.Context(), town, c.ID); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	got, err := m.Campaign(t.Context(), town, c.ID)
	if err != nil || got.State != campaign.Collecting || got.Pledged != cents(15_000) || got.Backers != 5 {
		t.Errorf("%+v, %v", got, err)
	}
	if n := m.number(t, `select count(*) from charge where state = 'pending' and attempt = 1`); n != 5 {
		t.Errorf("%d charges", n)
	}
	if n := m.number(t, `select count(*) from river_job where kind = 'pledge.charge'`); n != 5 {
		t.Errorf("%d jobs", n)
	}
	if n := m.number(t, `select count(*) from campaign_transition`); n != 5 {
		t.Errorf("%d steps in the history", n)
	}
	m.conserved(t)
}

// Pledges race the deadline: the stored sum is the sum of the pledges that
// became active, and none became active after the close.
func TestPledgesThatRaceTheDeadlineAreCountedOrRefused(t *testing.T) {
	t.Parallel()
	m := newMarket(t)
	const races, backers = 10, 6
	people := make([]uuid.UUID, backers)
	for i := range people {
		people[i] = m.person(t)
	}
	for range races {
		m.idea = m.shortlisted(t)
		c := m.launch(t)
		waiting := make([]pledge.Pledge, backers)
		for i := range waiting {
			p, err := m.MakePledge(t.Context(), town, postgres.MakePledge{ID: uuid.New(), Campaign: c.ID, Backer: people[i], Amount: cents(1_000 + int64(i))})
			if err != nil {
				t.Fatal(err)
			}
			if err := m.PledgeSetUp(t.Context(), town, p.ID, 1, "si", "u"); err != nil {
				t.Fatal(err)
			}
			waiting[i] = p
		}
		m.endIn(t, c, 4*time.Millisecond)
		var all sync.WaitGroup
		for i, p := range waiting {
			all.Go(func() {
				time.Sleep(time.Duration(i) * time.Millisecond) // spread over the deadline
				if _, err := m.ConfirmPledge(t.Context(), town, p.ID, 1, "pm"); err != nil {
					t.Error(err)
				}
			})
		}
		all.Go(func() {
			for {
				got, err := m.CloseCampaign(t.Context(), town, c.ID)
				if err != nil {
					t.Error(err)
				}
				if err != nil || got.State != campaign.Live {
					return
				}
			}
		})
		all.Wait()
		stored := m.number(t, `select pledged_minor from campaign where id = $1`, c.ID)
		if sum := m.number(t, `select coalesce(sum(amount_minor), 0) from pledge where campaign_id = $1 and state = 'active'`, c.ID); sum != stored {
			t.Errorf("stored %d, the pledges sum to %d", stored, sum)
		}
		if late := m.number(t, `
			select count(*) from pledge_transition t join campaign c on c.id = t.campaign_id
			join campaign_transition e on e.campaign_id = c.id and e.to_state = 'closing'
			where c.id = $1 and t.to_state = 'active' and t.at > e.at`, c.ID); late != 0 {
			t.Errorf("%d late pledges", late)
		}
		if undecided := m.number(t, `select count(*) from pledge where campaign_id = $1 and state not in ('active', 'abandoned')`, c.ID); undecided != 0 {
			t.Errorf("%d pledges are neither in nor out", undecided)
		}
	}
	m.conserved(t)
}

func TestTotalsAreExactWithAndWithoutTheRollUp(t *testing.T) {
	t.Parallel()
	m := newMarket(t)
	c := m.launch(t)
	check := func(pledged int64, backers int) {
		t.Helper()
		got, err := m.Totals(t.Context(), town, c.ID)
		if err != nil || got.Pledged != cents(pledged) || got.Backers != backers {
			t.Errorf("%+v, %v; want %d of %d", got, err, pledged, backers)
		}
	}
	check(0, 0)
	first := m.pledge(t, c, m.person(t), 1_000)
	m.pledge(t, c, m.person(t), 2_500)
	check(3_500, 2)

	// A transaction that is still open holds the horizon: what it may add later
	// is never skipped.
	open, err := m.pg.Super.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := open.Exec(t.Context(), `select pg_current_xact_id()`); err != nil {
		t.Fatal(err)
	}
	m.pledge(t, c, m.person(t), 500)
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() { m.rollUpTo(t, c, 3_500) })
	}
	all.Wait()
	check(4_000, 3)
	if err := open.Rollback(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := m.CancelPledge(t.Context(), town, first.ID, first.Backer); err != nil {
		t.Fatal(err)
	}
	m.rollUpTo(t, c, 3_000)
	if n, err := m.RollUp(t.Context(), town); err != nil || n != 0 {
		t.Errorf("a second roll-up changed %d campaigns, %v", n, err)
	}
	check(3_000, 2)
	curve, err := m.Curve(t.Context(), town, c.ID, 20)
	if err != nil || len(curve) != 21 || curve[20].Pledged != cents(3_000) {
		t.Errorf("curve: %v, %v", curve, err)
	}
	page, err := m.Campaigns(t.Context(), town, postgres.CampaignFilter{Founder: m.founder}, "", 10)
	if err != nil || len(page.Items) != 1 || page.Items[0].Totals.Pledged != cents(3_000) || page.Items[0].Title != "A well" {
		t.Errorf("the founder's list: %+v, %v", page, err)
	}
}

// rollUpTo rolls up until a campaign's roll-up has the sum. The horizon is that of
// the whole cluster, so other tests' transactions may hold it for a moment.
func (m *market) rollUpTo(t *testing.T, c campaign.Campaign, want int64) {
	t.Helper()
	for t.Context().Err() == nil {
		if _, err := m.RollUp(t.Context(), town); err != nil {
			t.Error(err)
			return
		}
		got := m.number(t, `select pledged from campaign_rollup where campaign_id = $1`, c.ID)
		if got == want {
			return
		}
		if got > 3_500 {
			t.Errorf("the roll-up has %d", got)
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
}

func TestACampaignWhoseClosingJobWasLostIsFound(t *testing.T) {
	t.Parallel()
	m := newMarket(t)
	c := m.launch(t)
	if list, err := m.CampaignsOverdue(t.Context(), town, time.Minute); err != nil || len(list) != 0 {
		t.Errorf("%v, %v", list, err)
	}
	m.endIn(t, c, -2*time.Minute)
	if list, err := m.CampaignsOverdue(t.Context(), town, time.Minute); err != nil || !slices.Equal(list, []uuid.UUID{c.ID}) {
		t.Errorf("%v, %v", list, err)
	}
}
