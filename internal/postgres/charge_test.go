package postgres_test

import (
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"globalbrain/internal/campaign"
	"globalbrain/internal/errs"
	"globalbrain/internal/ledger"
	"globalbrain/internal/money"
	"globalbrain/internal/pledge"
	"globalbrain/internal/postgres"
)

// collecting returns a campaign that has just succeeded with pledges of the amounts.
func (m *market) collecting(t testing.TB, amounts ...int64) (campaign.Campaign, []pledge.Pledge) {
	t.Helper()
	c := m.launch(t)
	var list []pledge.Pledge
	for _, minor := range amounts {
		list = append(list, m.pledge(t, c, m.person(t), minor))
	}
	c = m.close(t, c)
	if c.State != campaign.Collecting {
		t.Fatalf("the campaign is %s", c.State)
	}
	return c, list
}

func (m *market) settled(t testing.TB, c campaign.Campaign) campaign.Campaign {
	t.Helper()
	if _, err := m.SettleCampaign(t.Context(), town, c.ID); err != nil {
		t.Fatal(err)
	}
	c, err := m.Campaign(t.Context(), town, c.ID)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func (m *market) balanceOf(t testing.TB, account ledger.Account) int64 {
	t.Helper()
	return m.number(t, `select coalesce(sum(amount_minor), 0) from ledger_entry where account = $1`, account)
}

func TestAChargeIsCommittedWithItsKeyAndItsJobBeforeAnybodyCallsTheGateway(t *testing.T) {
	t.Parallel()
	m := newMarket(t)
	c, list := m.collecting(t, 6_000, 4_000)
	for _, p := range list {
		h, err := m.ChargeByKey(t.Context(), town, p.ChargeKey(town, 1))
		if err != nil || h.State != pledge.ChargePending || h.Amount != p.Amount || h.PaymentMethod != p.PaymentMethod || h.Pledge != p.ID {
			t.Errorf("%+v, %v", h, err)
		}
		if n := m.number(t, `select count(*) from river_job where kind = 'pledge.charge' and args->>'charge' = $1`, h.ID.String()); n != 1 {
			t.Errorf("%d jobs", n)
		}
	}
	if n := m.number(t, `select count(*) from river_job where kind = 'campaign.settle' and scheduled_at = $1`, c.CollectUntil); n != 1 {
		t.Errorf("%d jobs to settle", n)
	}
}

func TestAnAnswerThatComesManyTimesAtOncePostsOnce(t *testing.T) {
	t.Parallel()
	m := newMarket(t)
	c, list := m.collecting(t, 10_000)
	h := m.openCharges(t, c)[0]
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			if err := m.SettleCharge(t.Context(), town, h.ID, captured("pi_1")); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	m.answer(t, h, pledge.Answer{State: pledge.ChargeFailed, Decline: pledge.Hard}) // late and wrong
	if got := m.stateOf(t, list[0]); got != pledge.Collected {
		t.Errorf("the pledge is %s", got)
	}
	if got := m.balanceOf(t, ledger.Escrow(c.ID)); got != 9_970 {
		t.Errorf("the escrow holds %d", got)
	}
	m.conserved(t)
}

func TestAFullCollectionIsFundedAndTheFeeIsTakenOnce(t *testing.T) {
	t.Parallel()
	m := newMarket(t)
	c, _ := m.collecting(t, 6_000, 6_000)
	if again, err := m.SettleCampaign(t.Context(), town, c.ID); err != nil || again == 0 {
		t.Errorf("settled with charges under way: %s, %v", again, err)
	}
	var all sync.WaitGroup
	for _, h := range m.openCharges(t, c) {
		all.Go(func() { m.answer(t, h, captured(h.Key)) })
	}
	all.Wait()
	if n := m.number(t, `select count(*) from river_job where kind = 'campaign.settle' and scheduled_at <= now() + interval '1 minute'`); n != 1 {
		t.Errorf("%d jobs to settle at once: the last of two answers must leave one", n)
	}
	for range 3 {
		c = m.settled(t, c)
	}
	if c.State != campaign.Funded || c.Collected != cents(12_000) || c.Pledged != cents(12_000) {
		t.Errorf("%+v", c)
	}
	for account, want := range map[ledger.Account]int64{ledger.GatewayFees: 60, ledger.PlatformFees: 360, ledger.Escrow(c.ID): 11_580} {
		if got := m.balanceOf(t, account); got != want {
			t.Errorf("%s holds %d, want %d", account, got, want)
		}
	}
	proofs, err := m.Proofs(t.Context(), town)
	if err != nil || len(proofs) != 1 || proofs[0].Sum != cents(0) || proofs[0].Transactions != 3 || proofs[0].Entries != 10 {
		t.Errorf("%+v, %v", proofs, err)
	}
	if held, err := m.EscrowOf(t.Context(), town, c.ID, "EUR"); err != nil || held != cents(11_580) {
		t.Errorf("%v, %v", held, err)
	}
	if page, err := m.Balances(t.Context(), town, false, "", 2); err != nil || len(page.Items) != 2 || page.Next == "" {
		t.Errorf("%+v, %v", page, err)
	}
	m.conserved(t)
}

func TestAHardDeclineWaitsForTheBackerAndASoftOneIsTriedAgain(t *testing.T) {
	t.Parallel()
	m := newMarket(t)
	c, list := m.collecting(t, 5_000, 5_000)
	hard, soft := list[0], list[1]
	for p, d := range map[pledge.Pledge]pledge.Decline{hard: pledge.Hard, soft: pledge.Soft} {
		h, err := m.ChargeByKey(t.Context(), town, p.ChargeKey(town, 1))
		if err != nil {
			t.Fatal(err)
		}
		m.answer(t, h, pledge.Answer{State: pledge.ChargeFailed, Decline: d, Code: "no"})
	}
	if n := m.number(t, `select count(*) from river_job where kind = 'pledge.retry'`); n != 1 {
		t.Errorf("%d jobs to try again", n)
	}
	if again, err := m.SettleCampaign(t.Context(), town, c.ID); err != nil || again < time.Hour {
		t.Errorf("with two pledges to mend it settles in %s, %v", again, err)
	}
	for range 2 { // the job may run twice
		if err := m.RetryPledge(t.Context(), town, soft.ID, 2); err != nil {
			t.Fatal(err)
		}
	}
	if open := m.openCharges(t, c); len(open) != 1 || open[0].Attempt != 2 || open[0].Key != soft.ChargeKey(town, 2) {
		t.Fatalf("%+v", open)
	}
	m.answer(t, m.openCharges(t, c)[0], captured("pi_2"))

	// A webhook of the first setup comes again: nobody is charged for it.
	if got, err := m.ConfirmPledge(t.Context(), town, hard.ID, 1, hard.PaymentMethod); err != nil || got.State != pledge.Errored {
		t.Errorf("%s, %v", got.State, err)
	}
	if _, err := m.MendPledge(t.Context(), town, hard.ID, m.person(t)); !errs.Is(err, errs.NotFound) {
		t.Errorf("somebody else mends it: %v", err)
	}
	mended, err := m.MendPledge(t.Context(), town, hard.ID, hard.Backer)
	if err != nil || mended.SetupNo != 2 {
		t.Fatalf("%+v, %v", mended, err)
	}
	for _, page := range []string{"", "http://gateway.example/open"} { // before and after the gateway has named its page
		if page != "" {
			if err := m.PledgeSetUp(t.Context(), town, hard.ID, 2, "si_2", page); err != nil {
				t.Fatal(err)
			}
		}
		if again, err := m.MendPledge(t.Context(), town, hard.ID, hard.Backer); err != nil || again.SetupNo != 2 || again.SetupURL != page {
			t.Errorf("a second tab is on visit %d at %q, %v", again.SetupNo, again.SetupURL, err)
		}
	}
	if mended = m.confirm(t, mended); mended.State != pledge.Collecting {
		t.Fatalf("mended it is %s", mended.State)
	}
	open := m.openCharges(t, c)
	if len(open) != 1 || open[0].Attempt != 2 || open[0].PaymentMethod == hard.PaymentMethod {
		t.Fatalf("%+v", open)
	}
	m.answer(t, open[0], captured("pi_3"))
	if err := m.PledgeSetUp(t.Context(), town, hard.ID, 2, "si_late", "http://gateway.example/late"); err != nil {
		t.Fatal(err)
	}
	if n := m.number(t, `select count(*) from pledge where setup_url <> ''`); n != 0 {
		t.Errorf("%d pledges have a page although their visit is over", n)
	}
	if c = m.settled(t, c); c.State != campaign.Funded || c.Collected != cents(10_000) {
		t.Errorf("%s with %s", c.State, c.Collected)
	}
	m.conserved(t)
}

func TestAJobThatRetriesAfterTheBackerHasMendedDoesNothing(t *testing.T) {
	t.Parallel()
	m := newMarket(t)
	c, list := m.collecting(t, 10_000)
	m.answer(t, m.openCharges(t, c)[0], pledge.Answer{State: pledge.ChargeFailed, Decline: pledge.Soft})
	mended, err := m.MendPledge(t.Context(), town, list[0].ID, list[0].Backer)
	if err != nil {
		t.Fatal(err)
	}
	m.confirm(t, mended)
	if err := m.RetryPledge(t.Context(), town, list[0].ID, 2); err != nil {
		t.Fatal(err)
	}
	if open := m.openCharges(t, c); len(open) != 1 || open[0].Attempt != 2 {
		t.Errorf("%+v", open)
	}
	m.conserved(t)
}

// shortfall returns a campaign of which less than the floor could be collected.
func (m *market) shortfall(t testing.TB) (campaign.Campaign, []pledge.Pledge) {
	t.Helper()
	c, list := m.collecting(t, 6_000, 4_000)
	for _, p := range list {
		h, err := m.ChargeByKey(t.Context(), town, p.ChargeKey(town, 1))
		if err != nil {
			t.Fatal(err)
		}
		if p.Amount.Minor == 6_000 {
			m.answer(t, h, captured("pi"))
			continue
		}
		m.answer(t, h, pledge.Answer{State: pledge.ChargeRequiresAction})
	}
	m.exec(t, `update campaign set collect_until = clock_timestamp()`)
	c = m.settled(t, c)
	if c.State != campaign.Shortfall || c.Collected != cents(6_000) || m.stateOf(t, list[1]) != pledge.Dropped {
		t.Fatalf("%+v", c)
	}
	return c, list
}

func TestAFounderGoesAheadWithAShortfall(t *testing.T) {
	t.Parallel()
	m := newMarket(t)
	c, _ := m.shortfall(t)
	if _, err := m.DecideShortfall(t.Context(), town, c.ID, m.person(t), true); !errs.Is(err, errs.Forbidden) {
		t.Errorf("somebody else decides: %v", err)
	}
	if c, err := m.DecideShortfall(t.Context(), town, c.ID, m.founder, true); err != nil || c.State != campaign.Funded {
		t.Errorf("%s, %v", c.State, err)
	}
	if _, err := m.DecideShortfall(t.Context(), town, c.ID, m.founder, false); !errs.Is(err, errs.Conflict) {
		t.Errorf("a second decision: %v", err)
	}
	if got := m.balanceOf(t, ledger.Escrow(c.ID)); got != 6_000-30-180 {
		t.Errorf("the escrow holds %d", got)
	}
	m.conserved(t)
}

func TestSilenceGivesEverythingBackOnce(t *testing.T) {
	t.Parallel()
	m := newMarket(t)
	c, list := m.shortfall(t)
	if c = m.settled(t, c); c.State != campaign.Shortfall {
		t.Errorf("before the founder's time is over it is %s", c.State)
	}
	m.exec(t, `update campaign set decide_until = clock_timestamp()`)
	for range 2 {
		if c = m.settled(t, c); c.State != campaign.Cancelled {
			t.Errorf("in silence it is %s", c.State)
		}
	}
	var ids []uuid.UUID
	rows := column(t, m.pg.Super, `select id::text from refund`)
	for _, id := range rows {
		ids = append(ids, uuid.MustParse(id))
	}
	if len(ids) != 1 {
		t.Fatalf("%d refunds", len(ids))
	}
	r, err := m.Refund(t.Context(), town, ids[0])
	if err != nil || r.Done || r.Amount != cents(6_000) || r.ChargeKey != list[0].ChargeKey(town, 1) {
		t.Fatalf("%+v, %v", r, err)
	}
	for range 3 {
		if err := m.RefundAccepted(t.Context(), town, r.ID, "re_1"); err != nil {
			t.Fatal(err)
		}
	}
	if got := m.stateOf(t, list[0]); got != pledge.Refunded {
		t.Errorf("the pledge is %s", got)
	}
	for account, want := range map[ledger.Account]int64{
		ledger.Escrow(c.ID): 0, ledger.Backer(list[0].Backer): 0, ledger.GatewayFees: 30, ledger.PlatformFees: -30,
	} {
		if got := m.balanceOf(t, account); got != want {
			t.Errorf("%s holds %d, want %d", account, got, want)
		}
	}
	totals, err := m.Totals(t.Context(), town, c.ID)
	if err != nil || totals.Pledged != cents(10_000) || totals.Collected != cents(6_000) || totals.Refunded != cents(6_000) {
		t.Errorf("%+v, %v", totals, err)
	}
	m.conserved(t)
}

func TestAWebhookIsKeptOnceHoweverOftenItComes(t *testing.T) {
	t.Parallel()
	m := newMarket(t)
	e := postgres.GatewayEvent{Provider: "sandbox", ID: "evt_1", Kind: "payment_intent.succeeded", Key: "k", Body: []byte(`{"id":"evt_1"}`)}
	var all sync.WaitGroup
	for range 6 {
		all.Go(func() {
			if err := m.KeepGatewayEvent(t.Context(), town, e); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if n := m.number(t, `select count(*) from river_job where kind = 'gateway.event'`); n != 1 {
		t.Errorf("%d jobs", n)
	}
	if err := m.GatewayEventHandled(t.Context(), town, "sandbox", "evt_1"); err != nil {
		t.Fatal(err)
	}
	got, err := m.GatewayEvent(t.Context(), town, "sandbox", "evt_1")
	if err != nil || !got.Handled || string(got.Body) != string(e.Body) {
		t.Errorf("%+v, %v", got, err)
	}
	if _, err := m.GatewayEvent(t.Context(), town, "other", "evt_1"); !errs.Is(err, errs.NotFound) {
		t.Errorf("another provider's event: %v", err)
	}
}

func TestAFeeInAnotherCurrencyIsRefused(t *testing.T) {
	t.Parallel()
	m := newMarket(t)
	c, _ := m.collecting(t, 10_000)
	h := m.openCharges(t, c)[0]
	if err := m.SettleCharge(t.Context(), town, h.ID, pledge.Answer{State: pledge.ChargeSucceeded, Fee: money.Amount{Minor: 1, Currency: "USD"}}); err == nil {
		t.Error("a fee in dollars was taken out of euro")
	}
	m.conserved(t)
}
