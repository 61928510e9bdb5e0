package api_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"

	"github.com/google/uuid"

	"globalbrain/internal/api"
	"globalbrain/internal/payments"
	"globalbrain/internal/payments/sandbox"
	"globalbrain/internal/tenant"
)

// withGateway runs a payment provider beside the API.
func withGateway(t *testing.T) (func(*api.Deps), *httptest.Server) {
	t.Helper()
	server := httptest.NewUnstartedServer(nil)
	origin := "http://" + server.Listener.Addr().String()
	provider, err := sandbox.Open(sandbox.Options{Dir: t.TempDir(), Key: "test key", BaseURL: origin})
	if err != nil {
		t.Fatal(err)
	}
	server.Config.Handler = provider
	server.Start()
	t.Cleanup(func() {
		server.Close()
		if err := provider.Close(); err != nil {
			t.Error(err)
		}
	})
	gateway := payments.NewSandbox(payments.SandboxOptions{URL: origin, Key: "test key", WebhookSecret: "test secret", PerSecond: 10_000})
	return func(d *api.Deps) { d.Gateway = gateway }, server
}

// campaigning is a live campaign of a founder's idea.
func (tw *town) campaigning() (founder, chair *client, campaign string) {
	tw.t.Helper()
	call := tw.newCall(tw.health, "streets")
	founder, chair = tw.person("Fay Founder", "Firm"), tw.person("Carl Chair", "Town hall", tenant.Admin)
	idea := founder.accepted(chair, call, "Trees on wheels")
	chair.shortlisted(tw.experts(tw.health), call, idea)
	plan := object{"goal": euros(100_000), "duration_seconds": 10 * 24 * 3600, "rewards": []object{{"title": "A postcard", "amount": euros(500), "quantity": 1}}}
	campaign = "/campaigns/" + founder.do(put, "/ideas/"+idea+"/campaign", plan).text("id")
	founder.do(post, campaign+"/launch", nil)
	return founder, chair, campaign
}

func euros(cents int) object { return object{"minor": cents, "currency": "EUR"} }

func TestAPledgeGoesToTheGatewaysPageAndCountsOnceItIsConfirmed(t *testing.T) {
	t.Parallel()
	set, _ := withGateway(t)
	tw := newTown(t, set)
	founder, chair, campaign := tw.campaigning()
	bea, max := tw.person("Bea Backer", ""), tw.person("Max Member", "")
	reward := bea.do(get, campaign, nil).text("rewards", 0, "id")
	offer := object{"amount": euros(700), "reward_id": reward, "anonymous": true}
	made := bea.do(post, campaign+"/pledges", offer, "Idempotency-Key", "one").want(http.StatusCreated)
	page := made.text("setup_url")
	if made.text("state") != "requires_action" || page == "" {
		t.Fatalf("%s", made.raw)
	}
	if again := bea.do(post, campaign+"/pledges", offer, "Idempotency-Key", "one"); again.text("id") != made.text("id") {
		t.Errorf("sent again: %s", again.raw)
	}
	pledge := "/pledges/" + made.text("id")
	max.in(post, campaign+"/pledges", offer).refused(http.StatusUnprocessableEntity, "fields") // the only postcard is taken
	max.in(get, pledge, nil).refused(http.StatusNotFound, "not_found")
	max.in(post, pledge+"/cancel", nil).refused(http.StatusNotFound, "not_found")
	founder.in(post, campaign+"/pledges", object{"amount": euros(700)}).refused(http.StatusForbidden, "pledge.founder")
	if got := bea.do(post, pledge+"/confirm", nil).text("state"); got != "requires_action" {
		t.Errorf("confirmed without a card: %q", got)
	}
	if got := bea.do(post, pledge+"/setup", nil).text("setup_url"); got != page {
		t.Errorf("the page was %q and is %q", page, got)
	}
	stay := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	paid, err := stay.PostForm(page, url.Values{"card": {"ok"}})
	if err != nil {
		t.Fatal(err)
	}
	_ = paid.Body.Close()
	if want := "http://example.test/t/health" + pledge + "/return"; paid.Header.Get("Location") != want {
		t.Errorf("the page leads to %q (%d), want %q", paid.Header.Get("Location"), paid.StatusCode, want)
	}
	for range 2 {
		if got := bea.do(post, pledge+"/confirm", nil).text("state"); got != "active" {
			t.Errorf("confirmed: %q", got)
		}
	}
	if got := tw.nobody().do(get, campaign, nil); got.number("totals", "pledged", "minor") != 700 || got.number("totals", "backers") != 1 || got.number("rewards", 0, "taken") != 1 {
		t.Errorf("the totals: %s", got.raw)
	}
	if got := bea.do(get, "/pledges", nil); len(got.items()) != 1 || got.text("items", 0, "reward_title") != "A postcard" {
		t.Errorf("my pledges: %s", got.raw)
	}
	max.in(get, campaign+"/pledges", nil).refused(http.StatusForbidden, "campaign.not_yours")
	if got := founder.do(get, campaign+"/pledges", nil); got.at("items", 0, "backer_name") != nil {
		t.Errorf("the founder reads an anonymous backer's name: %s", got.raw)
	}
	if got := chair.do(get, campaign+"/pledges", nil); got.text("items", 0, "backer_name") != "Bea Backer" {
		t.Errorf("those who answer for the money: %s", got.raw)
	}
	if got := bea.do(post, pledge+"/cancel", nil).text("state"); got != "cancelled" {
		t.Errorf("taken back: %q", got)
	}
	if got := tw.nobody().do(get, "/campaigns?state=live", nil); got.number("items", 0, "totals", "backers") != 0 {
		t.Errorf("the list: %s", got.raw)
	}
}

func TestAPledgeWaitsForAGatewayThatIsAway(t *testing.T) {
	t.Parallel()
	set, gateway := withGateway(t)
	tw := newTown(t, set)
	_, _, campaign := tw.campaigning()
	bea := tw.person("Bea Backer", "")
	gateway.Close()
	made := bea.do(post, campaign+"/pledges", object{"amount": euros(700)}).want(http.StatusCreated)
	if made.text("state") != "intent" || made.at("setup_url") != nil {
		t.Errorf("%s", made.raw)
	}
	bea.in(post, "/pledges/"+made.text("id")+"/setup", nil).refused(http.StatusServiceUnavailable, payments.NoAnswer)
	bea.in(post, "/pledges/"+made.text("id")+"/confirm", nil).refused(http.StatusServiceUnavailable, payments.NoAnswer)
}

func TestTheLedgerIsShownToThoseWhoAnswerForIt(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	chair := tw.person("Carl Chair", "", tenant.Admin)
	id := uuid.New()
	tx, err := tw.db.Super.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback(t.Context()) //nolint:errcheck // after the commit this does nothing
	for _, sql := range []string{
		`insert into ledger_transaction (tenant_id, id, reference, kind) values ($1, $2, 'test:1', 'charge')`,
		`insert into ledger_entry (tenant_id, transaction_id, seq, account, amount_minor, currency) values
		   ($1, $2::uuid, 1, 'backer:' || $2::text, -700, 'EUR'), ($1, $2::uuid, 2, 'gateway:sandbox', 700, 'EUR')`,
	} {
		if _, err := tx.Exec(t.Context(), sql, tw.health.ID, id); err != nil {
			t.Fatal(err)
		}
	}
	if err := tx.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := chair.do(get, "/money/proofs", nil); got.number("items", 0, "sum", "minor") != 0 || got.number("items", 0, "entries") != 2 {
		t.Errorf("%s", got.raw)
	}
	if got := chair.do(get, "/money/balances", nil); len(got.items()) != 1 || got.number("items", 0, "amount", "minor") != 700 {
		t.Errorf("%s", got.raw)
	}
	if got := chair.do(get, "/money/balances?backers=true&size=1", nil); len(got.items()) != 1 || got.text("next") == "" {
		t.Errorf("%s", got.raw)
	}
	if got := chair.do(get, "/money/charges", nil); len(got.items()) != 0 {
		t.Errorf("%s", got.raw)
	}
}
