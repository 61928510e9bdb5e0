package site_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"globalbrain/internal/payments"
	"globalbrain/internal/pledge"
	"globalbrain/internal/site"
	"globalbrain/internal/tenant"
)

// market is a town with a founder whose idea is shortlisted, and a backer.
type market struct {
	*town
	gateway payments.Gateway
	founder *browser
	backer  *browser
	idea    string // the path of its page
}

func newMarket(t *testing.T) *market {
	t.Helper()
	return newMarketWith(t, func(*site.Deps) {})
}

func newMarketWith(t *testing.T, set func(*site.Deps)) *market {
	t.Helper()
	var gateway payments.Gateway
	tw := newTownWith(t, func(d *site.Deps) {
		set(d)
		gateway = d.Gateway
	})
	tw.arrive("Olga Owner", "olga.owner@example.org")
	if err := tw.owner.AppointOwner(t.Context(), tw.health.ID, tw.whoIs("Olga Owner").ID); err != nil {
		t.Fatal(err)
	}
	m := &market{town: tw, gateway: gateway, founder: tw.appoint("Fay Founder", "Firm"), backer: tw.appoint("Bo Backer", "")}
	id, call := uuid.New(), uuid.New()
	m.exec(`insert into call (tenant_id, id, slug, title, brief) values ($1, $2, 'wells', '{"en": "Wells"}', '{"en": "Water."}')`, tw.health.ID, call)
	m.exec(`insert into idea (tenant_id, id, call_id, founder_id, state, version, title, problem, solution, team, goal_minor, currency, language, ai_use, submitted_at)
		values ($1, $2, $3, $4, 'shortlisted', 1, 'A well', 'Thirst', 'Water', 'Us', 500000, 'EUR', 'en', 'none', now())`, tw.health.ID, id, call, tw.whoIs("Fay Founder").ID)
	m.exec(`insert into idea_version (tenant_id, idea_id, version, title, problem, solution, team, goal_minor, currency, language, ai_use)
		values ($1, $2, 1, 'A well', 'Thirst', 'Water', 'Us', 500000, 'EUR', 'en', 'none')`, tw.health.ID, id)
	m.idea = "/t/health/ideas/" + id.String()
	return m
}

// exec sets something up as the superuser, past every trigger.
func (m *market) exec(sql string, args ...any) {
	m.t.Helper()
	tx, err := m.db.Super.Begin(m.t.Context())
	if err != nil {
		m.t.Fatal(err)
	}
	defer tx.Rollback(m.t.Context()) //nolint:errcheck // after the commit this does nothing
	for _, each := range []struct {
		sql  string
		args []any
	}{{`set local session_replication_role = replica`, nil}, {sql, args}} {
		if _, err := tx.Exec(m.t.Context(), each.sql, each.args...); err != nil {
			m.t.Fatal(err)
		}
	}
	if err := tx.Commit(m.t.Context()); err != nil {
		m.t.Fatal(err)
	}
}

// launch plans a campaign of 100.00 with a reward of 5.00 on the pages and
// starts it; it returns the campaign's path.
func (m *market) launch() string {
	m.t.Helper()
	to := m.founder.post(m.idea+"/campaign", http.StatusSeeOther, "do", "launch", "rows", "2", "edit", "0", "goal", "100", "duration", "10", "unit", "day",
		"reward_1_title", "A postcard", "reward_1_amount", "5", "reward_1_quantity", "1", "reward_1_description", "From the well")
	mustContain(m.t, m.founder.get(to, http.StatusOK), "Launch this campaign?", "€100", "10 days", "1 reward")
	if at := m.founder.post(to, http.StatusSeeOther); at != m.idea {
		m.t.Fatalf("launched, and led to %s", at)
	}
	return strings.TrimSuffix(to, "/launch")
}

var pledgeID = regexp.MustCompile(`name="pledge" value="([0-9a-f-]{36})"`)

// pledge sends the form on the idea's page and returns the gateway's page.
func (m *market) pledge(b *browser, c string, pairs ...string) string {
	m.t.Helper()
	found := pledgeID.FindStringSubmatch(b.get(m.idea, http.StatusOK))
	if found == nil {
		m.t.Fatal("there is no pledge form")
	}
	return b.post(c+"/pledge", http.StatusSeeOther, append(pairs, "pledge", found[1])...)
}

// card chooses a test card on the gateway's page and returns where it leads.
func (m *market) card(page, card string) string {
	m.t.Helper()
	stay := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := stay.PostForm(page, url.Values{"card": {card}})
	if err != nil {
		m.t.Fatal(err)
	}
	_ = res.Body.Close()
	back, isOurs := strings.CutPrefix(res.Header.Get("Location"), m.server.URL)
	if res.StatusCode != http.StatusSeeOther || !isOurs {
		m.t.Fatalf("card %s: %s to %s", card, res.Status, res.Header.Get("Location"))
	}
	return back
}

func TestACampaignIsPlannedAndLaunchedAndSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	m := newMarket(t)
	mustContain(t, m.founder.get(m.idea, http.StatusOK), "Plan a campaign")
	mustContain(t, m.founder.get(m.idea+"/campaign", http.StatusOK), "Plan a campaign", `value="5000"`, "7 days to 60 days")

	bad := m.founder.post(m.idea+"/campaign", http.StatusUnprocessableEntity, "do", "save", "rows", "2", "goal", "1.2.3,4", "duration", "ten", "unit", "day",
		"reward_1_title", "Kept words", "reward_1_amount", "-5", "reward_1_quantity", "some")
	mustContain(t, bad, `value="1.2.3,4"`, `value="ten"`, `value="Kept words"`, "thousands are not separated evenly", "as a whole number", "without a sign", "1 to 1,000,000", "autofocus")
	short := m.founder.post(m.idea+"/campaign", http.StatusUnprocessableEntity, "do", "save", "rows", "3", "goal", "100", "duration", "1", "unit", "minute", "reward_2_title", "No amount", "reward_2_amount", "0")
	mustContain(t, short, "length that this community allows", `id="f-reward_2_amount-error"`)
	mustContain(t, m.founder.post(m.idea+"/campaign", http.StatusOK, "do", "more", "rows", "2", "goal", "half typed"), "Reward 3", `value="half typed"`)

	c := m.launch()
	page := m.founder.get(m.idea, http.StatusOK)
	mustContain(t, page, "The campaign is live", "of €100 (0 %)", "0 backers", "A postcard", "1 left", "This is your own campaign")
	m.founder.get(m.idea+"/campaign", http.StatusConflict)
	m.founder.get(c+"/launch", http.StatusConflict)
	m.backer.get(c+"/launch", http.StatusForbidden)
	m.backer.get(c+"/money", http.StatusForbidden)
	m.backer.post(m.idea+"/campaign", http.StatusForbidden, "do", "save")
	mustContain(t, m.founder.get("/t/health/me", http.StatusOK), "My campaigns", "Live · pledged €0 of €100")

	m.backer.lang = "zh-CN"
	m.backer.post("/language", http.StatusSeeOther, "language", "zh-CN", "next", m.idea)
	mustContain(t, m.backer.get(m.idea, http.StatusOK), "进行中", "目标 €100", "剩余 1 份", "认筹")
}

func TestAPledgeIsThreeFieldsAndOneTap(t *testing.T) {
	t.Parallel()
	m := newMarket(t)
	c := m.launch()

	wrong := m.backer.post(c+"/pledge", http.StatusUnprocessableEntity, "pledge", uuid.NewString(), "amount", "2 and a half", "reward", uuid.NewString(), "anonymous", "yes")
	mustContain(t, wrong, `value="2 and a half"`, "in digits, like 25", "Choose one of the rewards", "checked")
	reward := regexp.MustCompile(`name="reward" value="([0-9a-f-]{36})"`).FindStringSubmatch(wrong)
	if reward == nil {
		t.Fatal("there is no reward to choose")
	}
	little := m.backer.post(c+"/pledge", http.StatusUnprocessableEntity, "pledge", uuid.NewString(), "amount", "4.99", "reward", reward[1])
	mustContain(t, little, "at least EUR 5.00", `value="4.99"`)
	m.founder.post(c+"/pledge", http.StatusForbidden, "pledge", uuid.NewString(), "amount", "25")

	gate := m.pledge(m.backer, c, "amount", "", "reward", reward[1], "anonymous", "yes") // no amount: the reward's own
	if !strings.HasPrefix(gate, "http://127.0.0.1:") || strings.HasPrefix(gate, m.server.URL) {
		t.Fatalf("the pledge leads to %s", gate)
	}
	mustContain(t, m.backer.get(m.idea, http.StatusOK), "Your pledge of €5 is not confirmed yet", "0 backers", "all taken")
	back := m.card(gate, "ok")
	own := m.backer.send(http.MethodGet, back, nil).Header.Get("Location")
	mustContain(t, m.backer.get(own, http.StatusOK), "Your pledge counts", "€5", "A postcard", "Pledged", "your card is charged then", "Take the pledge back")
	m.backer.get(strings.Replace(own, "/pledges/", "/pledges/x", 1), http.StatusNotFound)
	if again := m.backer.send(http.MethodGet, back, nil); again.StatusCode != http.StatusSeeOther {
		t.Errorf("the way back, twice: %d", again.StatusCode)
	}
	mustContain(t, m.backer.get(m.idea, http.StatusOK), "You have pledged €5", "1 backer", "of €100 (5 %)")
	mustContain(t, m.backer.get("/t/health/me", http.StatusOK), "My pledges", "€5 · Pledged.")
	mustContain(t, m.backer.get("/t/health/pledges", http.StatusOK), "A well")
	for _, path := range []string{own, own + "/return"} {
		m.founder.get(path, http.StatusNotFound)
	}
	m.founder.post(own+"/cancel", http.StatusNotFound)

	money := m.founder.get(c+"/money", http.StatusOK)
	mustContain(t, money, "Anonymous", "€5", "Pledged")
	if strings.Contains(money, "Bo Backer") {
		t.Error("the founder sees the name of an anonymous backer")
	}
	m.backer.post(own+"/cancel", http.StatusSeeOther)
	mustContain(t, m.backer.get(own, http.StatusOK), "Your pledge is taken back", "Nothing was charged")
	m.backer.post(own+"/cancel", http.StatusConflict)
}

func TestAnUnfinishedPledgeIsContinuedAndNeverCountsTwice(t *testing.T) {
	t.Parallel()
	m := newMarket(t)
	c := m.launch()
	id := uuid.NewString()
	gate := m.backer.post(c+"/pledge", http.StatusSeeOther, "pledge", id, "amount", "20")
	if again := m.backer.post(c+"/pledge", http.StatusSeeOther, "pledge", id, "amount", "20"); again != gate {
		t.Errorf("a double click leads to %s and %s", gate, again)
	}
	own := "/t/health/pledges/" + id
	mustContain(t, m.backer.get(own, http.StatusOK), "does not count yet", "Go on to the payment page")
	if to := m.backer.post(own+"/continue", http.StatusSeeOther); to != gate {
		t.Errorf("going on leads to %s", to)
	}
	if to := m.backer.send(http.MethodGet, own+"/return", nil).Header.Get("Location"); to != own { // back without a card
		t.Errorf("coming back leads to %s", to)
	}
	mustContain(t, m.backer.get(own, http.StatusOK), "does not count yet")
	m.backer.get(m.card(gate, "ok"), http.StatusSeeOther)
	m.backer.get(m.card(gate, "ok"), http.StatusSeeOther)
	mustContain(t, m.backer.get(m.idea, http.StatusOK), "You have pledged €20", "1 backer")
}

func TestAWebhookIsProvedKeptOnceAndNotBelieved(t *testing.T) {
	t.Parallel()
	m := newMarket(t)
	visitor := m.browser()
	body, err := json.Marshal(payments.WebhookEvent{ID: "evt_1", Type: "payment_intent.succeeded", Account: payments.AccountOf(m.health.ID), Object: payments.EventObject{ID: "pi", Reference: "k"}})
	if err != nil {
		t.Fatal(err)
	}
	send := func(path, signature string, body []byte) int {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, m.server.URL+path, strings.NewReader(string(body)))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set(payments.SignatureHeader, signature)
		res, err := visitor.client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		_ = res.Body.Close()
		return res.StatusCode
	}
	good := payments.Sign("test secret", body, time.Now())
	for range 2 {
		if status := send("/webhooks/sandbox", good, body); status != http.StatusNoContent {
			t.Errorf("a proved webhook: %d", status)
		}
	}
	nobody := []byte(strings.Replace(string(body), `"account":"`, `"account":"9`, 1))
	for name, c := range map[string]struct {
		path, signature string
		body            []byte
		want            int
	}{
		"another body":        {"/webhooks/sandbox", good, append(body[:len(body):len(body)], ' '), http.StatusUnauthorized},
		"another secret":      {"/webhooks/sandbox", payments.Sign("guess", body, time.Now()), body, http.StatusUnauthorized},
		"an old one":          {"/webhooks/sandbox", payments.Sign("test secret", body, time.Now().Add(-time.Hour)), body, http.StatusUnauthorized},
		"no signature":        {"/webhooks/sandbox", "", body, http.StatusUnauthorized},
		"another provider":    {"/webhooks/stripe", good, body, http.StatusNotFound},
		"nobody's account":    {"/webhooks/sandbox", payments.Sign("test secret", nobody, time.Now()), nobody, http.StatusNotFound},
		"no event":            {"/webhooks/sandbox", payments.Sign("test secret", []byte("{}"), time.Now()), []byte("{}"), http.StatusUnprocessableEntity},
		"an enormous nothing": {"/webhooks/sandbox", good, make([]byte, 200_000), http.StatusRequestEntityTooLarge},
	} {
		if status := send(c.path, c.signature, c.body); status != c.want {
			t.Errorf("%s: %d, want %d", name, status, c.want)
		}
	}
	var events, jobs int
	if err := m.db.Super.QueryRow(t.Context(), `select (select count(*) from gateway_event), (select count(*) from river_job where kind = 'gateway.event')`).Scan(&events, &jobs); err != nil {
		t.Fatal(err)
	}
	if events != 1 || jobs != 1 {
		t.Errorf("%d events and %d jobs", events, jobs)
	}
}

func TestEverybodySeesWhatBecameOfTheMoney(t *testing.T) {
	t.Parallel()
	m := newMarket(t)
	admin := m.appoint("Ada Admin", "", tenant.Admin)
	other := m.appoint("Cy Careful", "")
	c := m.launch()
	gate := m.pledge(m.backer, c, "amount", "80")
	m.backer.get(m.card(gate, "ok"), http.StatusSeeOther)
	theirs := m.pledge(other, c, "amount", "30")
	own := strings.TrimSuffix(m.card(theirs, "hard"), "/return")
	other.get(own+"/return", http.StatusSeeOther)

	id := uuid.MustParse(c[strings.LastIndex(c, "/")+1:])
	ctx, health := t.Context(), m.health.ID
	m.exec(`update campaign set launched_at = now() - interval '10 days', deadline = now() - interval '5 minutes'`)
	mustContain(t, admin.get("/t/health/money", http.StatusOK), "1 campaign is past its deadline")
	if _, err := m.store.CloseCampaign(ctx, health, id); err != nil {
		t.Fatal(err)
	}
	if err := m.store.CarryOutClose(ctx, health, id); err != nil {
		t.Fatal(err)
	}
	charges, err := m.store.Charges(ctx, health, id, "", 10)
	if err != nil {
		t.Fatal(err)
	}
	for _, h := range charges.Items {
		got, err := m.gateway.Charge(ctx, payments.ChargeRequest{Account: payments.AccountOf(health), Key: h.Key, PaymentMethod: h.PaymentMethod, Amount: h.Amount})
		if err != nil {
			t.Fatal(err)
		}
		err = m.store.SettleCharge(ctx, health, h.ID, pledge.Answer{State: got.State, Ref: got.ID, Fee: got.Fee, Decline: got.Decline, Code: got.Code})
		if err != nil {
			t.Fatal(err)
		}
	}

	mustContain(t, m.browser().get(m.idea, http.StatusOK), "Collecting", "Pledged", "€110", "Collected", "€80", "Refunded", "€0")
	mustContain(t, other.get(own, http.StatusOK), "Payment failed", "reported lost", "Use another card")
	mustContain(t, other.get("/t/health/me", http.StatusOK), "Payment failed")
	if to := other.post(own+"/mend", http.StatusSeeOther); !strings.Contains(to, "/pay/") {
		t.Errorf("mending leads to %s", to)
	} else {
		other.get(m.card(to, "ok"), http.StatusSeeOther)
		mustContain(t, other.get(own, http.StatusOK), "We charge this card now", "Being charged")
	}
	m.backer.post(own+"/mend", http.StatusNotFound)

	desk := admin.get("/t/health/money", http.StatusOK)
	mustContain(t, desk, "The books balance", "EUR: the sum of all entries is €0 (4 entries in 1 transactions)", "A well", "Collecting", "fees:gateway", "Captured", "Declined", "lost_card")
	mustContain(t, admin.get("/t/health/money?show=live", http.StatusOK), "There are no campaigns here")
	mustContain(t, admin.get(c+"/money", http.StatusOK), "Bo Backer", "Cy Careful", ":escrow", "Captured from a backer", "Fees of the payment provider")
	mustContain(t, admin.get("/t/health/money/reconcile", http.StatusOK), "Everything agrees", "3 charges here, 2 at sandbox")
	m.exec(`update charge set fee_minor = 1 where state = 'succeeded'`)
	mustContain(t, admin.get("/t/health/money/reconcile", http.StatusOK), "1 charge does not agree", "The amount or the fee")
	m.founder.get("/t/health/money", http.StatusForbidden)

	m.exec(`update campaign set state = 'shortfall', decide_until = now() + interval '1 day', settled_at = now(), collected_minor = 8000`)
	mustContain(t, m.founder.get("/t/health/me", http.StatusOK), "Not enough collected")
	mustContain(t, m.founder.get(c+"/money", http.StatusOK), "You decide", "Only €80 of the goal of €100")
	m.founder.post(c+"/decide", http.StatusUnprocessableEntity, "do", "dance")
	m.founder.post(c+"/decide", http.StatusSeeOther, "do", "proceed")
	mustContain(t, m.founder.get(c+"/money", http.StatusOK), "You go ahead", "Funded")
	m.founder.post(c+"/decide", http.StatusConflict, "do", "refund")
}

func TestACampaignIsCalledOffWithAReason(t *testing.T) {
	t.Parallel()
	m := newMarket(t)
	c := m.launch()
	m.backer.get(m.card(m.pledge(m.backer, c, "amount", "80"), "ok"), http.StatusSeeOther)
	mustContain(t, m.founder.get(c+"/cancel", http.StatusOK), "cannot be undone", "1 person has pledged")
	mustContain(t, m.founder.post(c+"/cancel", http.StatusUnprocessableEntity), "Say why")
	m.backer.get(c+"/cancel", http.StatusForbidden)
	m.founder.post(c+"/cancel", http.StatusSeeOther, "reason", "We found a grant.")
	mustContain(t, m.founder.get(m.idea, http.StatusOK), "Cancelled", "Plan another campaign")
	mustContain(t, m.backer.get("/t/health/pledges", http.StatusOK), "Released")
	m.backer.get(c+"/pledge", http.StatusConflict)
}

func TestAGatewayThatIsAwayLosesNoPledge(t *testing.T) {
	t.Parallel()
	m := newMarketWith(t, func(d *site.Deps) {
		d.Gateway = payments.NewSandbox(payments.SandboxOptions{URL: "http://127.0.0.1:1", Key: "k"})
	})
	c := m.launch()
	id := uuid.NewString()
	own := m.backer.post(c+"/pledge", http.StatusSeeOther, "pledge", id, "amount", "20")
	if own != "/t/health/pledges/"+id {
		t.Fatalf("led to %s", own)
	}
	mustContain(t, m.backer.get(own, http.StatusOK), "does not answer right now", "Your pledge is kept", "Go on to the payment page")
	if to := m.backer.post(own+"/continue", http.StatusSeeOther); to != own {
		t.Errorf("going on leads to %s", to)
	}
}
