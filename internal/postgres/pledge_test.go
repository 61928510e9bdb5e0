package postgres_test

import (
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"globalbrain/internal/errs"
	"globalbrain/internal/pledge"
	"globalbrain/internal/postgres"
)

func TestAPledgeGoesFromIntentToActiveHoweverOftenItIsConfirmed(t *testing.T) {
	t.Parallel()
	m := newMarket(t)
	c := m.launch(t)
	backer := m.person(t)
	in := postgres.MakePledge{ID: uuid.New(), Campaign: c.ID, Backer: backer, Amount: cents(2_500), Reward: c.Rewards[0].ID, Anonymous: true}
	p, err := m.MakePledge(t.Context(), town, in)
	if err != nil || p.State != pledge.Intent || p.Amount != in.Amount || p.Reward != in.Reward || !p.Anonymous {
		t.Fatalf("%+v, %v", p, err)
	}
	if again, err := m.MakePledge(t.Context(), town, in); err != nil || again != p {
		t.Errorf("the same form again: %+v, %v", again, err)
	}
	if n := m.number(t, `select count(*) from river_job where kind = 'pledge.abandon'`); n != 1 {
		t.Errorf("%d jobs to abandon it", n)
	}
	for range 3 {
		if p = m.confirm(t, p); p.State != pledge.Active {
			t.Errorf("confirmed it is %s", p.State)
		}
	}
	if err := m.AbandonPledge(t.Context(), town, p.ID); err != nil {
		t.Error(err)
	}
	if got, err := m.MakePledge(t.Context(), town, in); err != nil || got.State != pledge.Active {
		t.Errorf("the form after all: %s, %v", got.State, err)
	}
	in.ID = uuid.New()
	if _, err := m.MakePledge(t.Context(), town, in); errs.CodeOf(err) != "pledge.open" {
		t.Errorf("a second pledge: %v", err)
	}
	theirs := in
	theirs.ID, theirs.Backer = p.ID, m.person(t)
	if _, err := m.MakePledge(t.Context(), town, theirs); !errs.Is(err, errs.NotFound) {
		t.Errorf("somebody else's form: %v", err)
	}
	if n := m.number(t, `select sum(pledged) from pledge_transition`); n != 2_500 {
		t.Errorf("the steps add up to %d", n)
	}
	list, err := m.PledgesOf(t.Context(), town, backer, "", 10)
	if err != nil || len(list.Items) != 1 || list.Items[0].Title != "A well" || list.Items[0].RewardTitle != "A postcard" {
		t.Errorf("%+v, %v", list, err)
	}
}

func TestAWebhookMayConfirmAPledgeThatWasNeverSentToThePage(t *testing.T) {
	t.Parallel()
	m := newMarket(t)
	p, err := m.MakePledge(t.Context(), town, postgres.MakePledge{ID: uuid.New(), Campaign: m.launch(t).ID, Backer: m.person(t), Amount: cents(500)})
	if err != nil {
		t.Fatal(err)
	}
	if got, err := m.ConfirmPledge(t.Context(), town, p.ID, 2, "pm"); err != nil || got.State != pledge.Intent {
		t.Errorf("by a visit that is not the newest: %s, %v", got.State, err)
	}
	if got, err := m.ConfirmPledge(t.Context(), town, p.ID, 1, "pm"); err != nil || got.State != pledge.Active {
		t.Errorf("%s, %v", got.State, err)
	}
}

func TestFoundersReviewersAndUnprovedAddressesCannotPledge(t *testing.T) {
	t.Parallel()
	m := newMarket(t)
	c := m.launch(t)
	unproved, reviewer, declined := m.person(t), m.person(t), m.person(t)
	m.exec(t, `update account set email_verified_at = null where id = $1`, unproved)
	for person, state := range map[uuid.UUID]string{reviewer: "accepted", declined: "declined"} {
		m.exec(t, `insert into review_assignment (tenant_id, id, round_id, idea_id, version, reviewer_id, organisation, state, invited_at, due_at)
			values ($1, gen_random_uuid(), gen_random_uuid(), $2, 1, $3, '', $4, now(), now())`, town, m.idea, person, state)
	}
	for person, code := range map[uuid.UUID]string{m.founder: "pledge.founder", reviewer: "pledge.reviewer", unproved: "pledge.unverified", declined: ""} {
		_, err := m.MakePledge(t.Context(), town, postgres.MakePledge{ID: uuid.New(), Campaign: c.ID, Backer: person, Amount: cents(500)})
		if errs.CodeOf(err) != code {
			t.Errorf("want %q: %v", code, err)
		}
	}
}

func TestANewPledgeTakesThePlaceOfOneThatWasNeverConfirmed(t *testing.T) {
	t.Parallel()
	m := newMarket(t)
	c := m.launch(t)
	backer := m.person(t)
	in := postgres.MakePledge{ID: uuid.New(), Campaign: c.ID, Backer: backer, Amount: cents(500), Reward: c.Rewards[0].ID}
	first, err := m.MakePledge(t.Context(), town, in)
	if err != nil {
		t.Fatal(err)
	}
	in.ID, in.Amount = uuid.New(), cents(900)
	second, err := m.MakePledge(t.Context(), town, in)
	if err != nil {
		t.Fatal(err)
	}
	if got := m.stateOf(t, first); got != pledge.Abandoned {
		t.Errorf("the first is %s", got)
	}
	if late := m.confirm(t, first); late.State != pledge.Abandoned {
		t.Errorf("the first, confirmed late, is %s", late.State)
	}
	if got, open, err := m.OpenPledge(t.Context(), town, c.ID, backer); err != nil || !open || got.ID != second.ID {
		t.Errorf("%+v, %v, %v", got, open, err)
	}
}

func TestOneBackerPledgingInManyTabsHasOnePledge(t *testing.T) {
	t.Parallel()
	m := newMarket(t)
	c := m.launch(t)
	backer, same := m.person(t), uuid.New()
	var all sync.WaitGroup
	for i := range 12 {
		in := postgres.MakePledge{ID: uuid.New(), Campaign: c.ID, Backer: backer, Amount: cents(500)}
		if i%3 == 0 {
			in.ID = same // a double click
		}
		all.Go(func() {
			if _, err := m.MakePledge(t.Context(), town, in); err != nil && !errs.Is(err, errs.Conflict) {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if n := m.number(t, `select count(*) from pledge where state = any($1)`, pledge.Open); n != 1 {
		t.Errorf("%d open pledges", n)
	}
}

func TestALimitedRewardIsNeverTakenTooOften(t *testing.T) {
	t.Parallel()
	m := newMarket(t)
	c := m.launch(t)
	var all sync.WaitGroup
	var mu sync.Mutex
	var made []pledge.Pledge
	for range 15 {
		backer := m.person(t)
		all.Go(func() {
			p, err := m.MakePledge(t.Context(), town, postgres.MakePledge{ID: uuid.New(), Campaign: c.ID, Backer: backer, Amount: cents(500), Reward: c.Rewards[0].ID})
			switch {
			case err == nil:
				mu.Lock()
				made = append(made, p)
				mu.Unlock()
			case !errs.Is(err, errs.Invalid):
				t.Error(err)
			}
		})
	}
	all.Wait()
	if len(made) != 2 {
		t.Fatalf("%d people have one of two rewards", len(made))
	}
	if taken, err := m.RewardsTaken(t.Context(), town, c.ID); err != nil || taken[c.Rewards[0].ID] != 2 {
		t.Errorf("%v, %v", taken, err)
	}
	// One that is given back can be taken again.
	if _, err := m.CancelPledge(t.Context(), town, made[0].ID, made[0].Backer); err != nil {
		t.Fatal(err)
	}
	if _, err := m.MakePledge(t.Context(), town, postgres.MakePledge{ID: uuid.New(), Campaign: c.ID, Backer: m.person(t), Amount: cents(500), Reward: c.Rewards[0].ID}); err != nil {
		t.Error(err)
	}
}

func TestAPledgeIsTakenBackByItsBackerOnly(t *testing.T) {
	t.Parallel()
	m := newMarket(t)
	c := m.launch(t)
	p := m.pledge(t, c, m.person(t), 1_000)
	if _, err := m.CancelPledge(t.Context(), town, p.ID, m.person(t)); !errs.Is(err, errs.NotFound) {
		t.Errorf("somebody else: %v", err)
	}
	if got, err := m.CancelPledge(t.Context(), town, p.ID, p.Backer); err != nil || got.State != pledge.Cancelled {
		t.Errorf("%s, %v", got.State, err)
	}
	if _, err := m.CancelPledge(t.Context(), town, p.ID, p.Backer); !errs.Is(err, errs.Conflict) {
		t.Errorf("a second time: %v", err)
	}
	if again := m.pledge(t, c, p.Backer, 2_000); again.State != pledge.Active {
		t.Errorf("a new pledge after that: %s", again.State)
	}
}

func TestCancelsAtOnceInTheLastDayDoNotBreakTheGoal(t *testing.T) {
	t.Parallel()
	m := newMarket(t)
	c := m.launch(t)
	var list []pledge.Pledge
	for range 6 {
		list = append(list, m.pledge(t, c, m.person(t), 2_000)) // 120 of 100
	}
	m.exec(t, `update campaign set launched_at = launched_at - interval '9 days 1 hour', deadline = deadline - interval '9 days 1 hour'`)
	var all sync.WaitGroup
	for _, p := range list {
		all.Go(func() {
			if _, err := m.CancelPledge(t.Context(), town, p.ID, p.Backer); err != nil && errs.CodeOf(err) != "pledge.frozen" {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if n := m.number(t, `select sum(amount_minor) from pledge where state = 'active'`); n != 10_000 {
		t.Errorf("%d is left of a goal of 10000", n)
	}
}

func TestAPledgeThatIsNotConfirmedInTimeIsAbandonedOnce(t *testing.T) {
	t.Parallel()
	m := newMarket(t)
	p, err := m.MakePledge(t.Context(), town, postgres.MakePledge{ID: uuid.New(), Campaign: m.launch(t).ID, Backer: m.person(t), Amount: cents(500)})
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := m.AbandonPledge(t.Context(), town, p.ID); err != nil {
			t.Fatal(err)
		}
	}
	if got := m.stateOf(t, p); got != pledge.Abandoned {
		t.Errorf("it is %s", got)
	}
}

func TestAnotherTenantSeesNothingOfThisOnesMoney(t *testing.T) {
	t.Parallel()
	m := newMarket(t)
	m.exec(t, `insert into tenant (slug, name, hue, currency, locales, policy) values ('other', '{"en": "Other"}', 1, 'EUR', '{en}', '{}')`)
	c := m.launch(t)
	p := m.pledge(t, c, m.person(t), 10_000)
	h := m.openCharges(t, m.close(t, c))[0]
	const other = town + 1
	for name, act := range map[string]func() error{
		"campaign": func() error { _, err := m.Campaign(t.Context(), other, c.ID); return err },
		"by idea":  func() error { _, err := m.CampaignOfIdea(t.Context(), other, m.idea); return err },
		"totals":   func() error { _, err := m.Totals(t.Context(), other, c.ID); return err },
		"close":    func() error { _, err := m.CloseCampaign(t.Context(), other, c.ID); return err },
		"launch":   func() error { _, err := m.LaunchCampaign(t.Context(), other, c.ID, m.founder); return err },
		"pledge":   func() error { _, err := m.Pledge(t.Context(), other, p.ID); return err },
		"cancel":   func() error { _, err := m.CancelPledge(t.Context(), other, p.ID, p.Backer); return err },
		"confirm":  func() error { _, err := m.ConfirmPledge(t.Context(), other, p.ID, 1, "pm"); return err },
		"charge":   func() error { _, err := m.Charge(t.Context(), other, h.ID); return err },
		"settle":   func() error { return m.SettleCharge(t.Context(), other, h.ID, captured("pi")) },
	} {
		if err := act(); !errs.Is(err, errs.NotFound) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func BenchmarkPledgesToOneCampaign(b *testing.B) {
	m := newMarket(b)
	c := m.launch(b)
	people := make([]uuid.UUID, b.N)
	for i := range people {
		people[i] = uuid.New()
	}
	m.exec(b, `insert into account (id, email, email_key, name, password_hash, locale, email_verified_at) select u, u || '@x.example', u || '@x.example', 'B', '', 'en', now() from unnest($1::uuid[]) u`, people)
	m.exec(b, `insert into membership (tenant_id, account_id, roles) select $1, u, '{member}' from unnest($2::uuid[]) u`, town, people)
	next := make(chan uuid.UUID, b.N)
	for _, p := range people {
		next <- p
	}
	start := time.Now()
	b.SetParallelism(4)
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			_, err := m.MakePledge(b.Context(), town, postgres.MakePledge{ID: uuid.New(), Campaign: c.ID, Backer: <-next, Amount: cents(500)})
			if err != nil {
				b.Error(err)
			}
		}
	})
	b.ReportMetric(float64(b.N)/time.Since(start).Seconds(), "pledges/s")
}
