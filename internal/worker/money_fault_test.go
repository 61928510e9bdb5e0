package worker

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"globalbrain/internal/campaign"
	"globalbrain/internal/database"
	"globalbrain/internal/errs"
	"globalbrain/internal/job"
	"globalbrain/internal/money"
	"globalbrain/internal/payments"
	"globalbrain/internal/payments/sandbox"
	"globalbrain/internal/pgtest"
	"globalbrain/internal/pledge"
	"globalbrain/internal/postgres"
	"globalbrain/internal/tenant"
)

const place tenant.ID = 1

// storm is a store, a gateway behind a bad line, and a queue whose jobs are
// killed, repeated and run in any order.
type storm struct {
	*testing.T
	pg    *pgtest.DB
	d     Deps
	dice  *rand.Rand
	queue map[int64]*rivertype.JobRow
	calls int // runs of jobs
	kills int
}

// badLine loses every fifth request or answer on its way, and answers some
// itself with 500 or 429.
func badLine(dice *rand.Rand, to http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") == "" { // a backer's browser
			to.ServeHTTP(w, r)
			return
		}
		switch dice.IntN(20) {
		case 0:
			panic(http.ErrAbortHandler) // lost on the way there
		case 1:
			w.Header().Set("Retry-After", "1")
			http.Error(w, "{}", http.StatusTooManyRequests)
		case 2:
			http.Error(w, "a proxy's page", http.StatusBadGateway)
		case 3, 4:
			to.ServeHTTP(httptest.NewRecorder(), r) // done, and the answer is lost
			panic(http.ErrAbortHandler)
		default:
			to.ServeHTTP(w, r)
		}
	})
}

// locked makes a generator safe for the server's goroutines.
type locked struct {
	turn chan rand.Source
}

func (l locked) Uint64() uint64 {
	source := <-l.turn
	defer func() { l.turn <- source }()
	return source.Uint64()
}

func dice(seed uint64) *rand.Rand {
	l := locked{turn: make(chan rand.Source, 1)}
	l.turn <- rand.NewPCG(seed, seed)
	return rand.New(l) //nolint:gosec // G404: a test repeats by its seed
}

func newStorm(t *testing.T, seed uint64) *storm {
	t.Helper()
	pg := pgtest.New(t)
	store, err := postgres.NewStore(database.New(pg.App))
	if err != nil {
		t.Fatal(err)
	}
	s := &storm{T: t, pg: pg, dice: dice(seed), queue: map[int64]*rivertype.JobRow{}}

	reader := payments.NewSandbox(payments.SandboxOptions{WebhookSecret: "whsec"})
	hooks := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		e, err := reader.Event(r.Header, body, time.Now())
		if err == nil {
			err = store.KeepGatewayEvent(r.Context(), place, postgres.GatewayEvent{Provider: "sandbox", ID: e.ID, Kind: e.Kind, Key: e.Key, Body: body})
		}
		if err != nil || s.dice.IntN(10) == 0 {
			http.Error(w, "later", http.StatusInternalServerError)
		}
	}))
	t.Cleanup(hooks.Close)
	server := httptest.NewUnstartedServer(nil)
	provider, err := sandbox.Open(sandbox.Options{
		Dir: t.TempDir(), Key: "sk", BaseURL: "http://" + server.Listener.Addr().String(), WebhookURL: hooks.URL, WebhookSecret: "whsec",
		MaxDelay: 300 * time.Millisecond, TwiceOneIn: 2, SlowFor: 100 * time.Millisecond, Retry: 20 * time.Millisecond,
	})
	if err != nil {
		t.Fatal(err)
	}
	server.Config.Handler = badLine(s.dice, provider)
	server.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	server.Start()
	t.Cleanup(func() {
		server.Close()
		_ = provider.Close()
	})
	s.d = Deps{Store: store, Log: slog.New(slog.DiscardHandler), Gateway: payments.NewSandbox(payments.SandboxOptions{
		URL: server.URL, Key: "sk", WebhookSecret: "whsec", PerSecond: 100_000, Timeout: 5 * time.Second,
	})}
	return s
}

// exec sets something up as the superuser, past every trigger.
func (s *storm) exec(sql string, args ...any) {
	s.Helper()
	tx, err := s.pg.Super.Begin(s.Context())
	if err != nil {
		s.Fatal(err)
	}
	_, first := tx.Exec(s.Context(), `set local session_replication_role = replica`)
	_, second := tx.Exec(s.Context(), sql, args...)
	if err := errors.Join(first, second, tx.Commit(s.Context())); err != nil {
		s.Fatal(err)
	}
}

func (s *storm) number(sql string, args ...any) (n int64) {
	s.Helper()
	if err := s.pg.Super.QueryRow(s.Context(), sql, args...).Scan(&n); err != nil {
		s.Fatal(err)
	}
	return n
}

// states says how many rows of a table stand where.
func (s *storm) states(table string) (text string) {
	s.Helper()
	err := s.pg.Super.QueryRow(s.Context(), `select coalesce(string_agg(state || ' ' || n, ', '), 'none') from (select state, count(*) n from `+table+` group by state) s`).Scan(&text)
	if err != nil {
		s.Fatal(err)
	}
	return text
}

// person makes a member whose address is proved.
func (s *storm) person() uuid.UUID {
	id := uuid.New()
	s.exec(`insert into account (id, email, email_key, name, password_hash, locale, email_verified_at) values ($1, $2, $2, 'B', '', 'en', now())`, id, id.String()+"@x.example")
	s.exec(`insert into membership (tenant_id, account_id, roles) values (1, $1, '{member}')`, id)
	return id
}

// launch starts a campaign of a small goal in a tenant without patience.
func (s *storm) launch() campaign.Campaign {
	s.Helper()
	s.exec(`insert into tenant (slug, name, hue, currency, locales, policy) values ('town', '{"en": "Town"}', 1, 'EUR', '{en}', '{"retry_charge": 1000000}')`)
	founder, call, idea := s.person(), uuid.New(), uuid.New()
	s.exec(`insert into call (tenant_id, id, slug, title, brief) values (1, $1, 'call', '{"en": "Call"}', '{"en": "Brief"}')`, call)
	s.exec(`insert into idea (tenant_id, id, call_id, founder_id, state, title, currency) values (1, $1, $2, $3, 'shortlisted', 'A well', 'EUR')`, idea, call, founder)
	c, err := s.d.Store.SaveCampaign(s.Context(), place, postgres.SaveCampaign{Idea: idea, Person: founder, Plan: campaign.Plan{Goal: money.Amount{Minor: 1000, Currency: "EUR"}, Duration: 240 * time.Hour}})
	if err == nil {
		c, err = s.d.Store.LaunchCampaign(s.Context(), place, c.ID, founder)
	}
	if err != nil {
		s.Fatal(err)
	}
	return c
}

// insist repeats a call to the gateway over the bad line.
func insist[T any](s *storm, call func() (T, error)) T {
	s.Helper()
	for range 100 {
		got, err := call()
		if err == nil {
			return got
		}
		if !errs.Is(err, errs.Unavailable) && !errs.Is(err, errs.NotFound) {
			s.Fatal(err)
		}
	}
	s.Fatal("the line is dead")
	panic("unreachable")
}

// visit enters a card on the gateway's page; only its webhook confirms the pledge.
func (s *storm) visit(p pledge.Pledge, card string, mend bool) {
	s.Helper()
	set := insist(s, func() (payments.Setup, error) {
		return s.d.Gateway.Setup(s.Context(), payments.SetupRequest{
			Account: "1", Key: p.SetupKey(place), Amount: p.Amount, ReturnURL: "http://127.0.0.1/", Locale: "en", Authenticate: mend,
		})
	})
	if err := s.d.Store.PledgeSetUp(s.Context(), place, p.ID, p.SetupNo, set.ID, set.URL); err != nil {
		s.Fatal(err)
	}
	stay := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := stay.PostForm(set.URL, url.Values{"card": {card}, "authenticate": {"yes"}})
	if err != nil {
		s.Fatal(err)
	}
	_ = res.Body.Close()
	if res.StatusCode != http.StatusSeeOther {
		s.Fatalf("card %s: %s", card, res.Status)
	}
}

// take moves the jobs that are due out of the table into the storm's queue.
func (s *storm) take() {
	rows, err := s.pg.Super.Query(s.Context(), `
		delete from river_job where scheduled_at <= now() + interval '1 minute' returning id, kind, args`)
	if err != nil {
		s.Fatal(err)
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (*rivertype.JobRow, error) {
		j := &rivertype.JobRow{Attempt: 1}
		err := row.Scan(&j.ID, &j.Kind, &j.EncodedArgs)
		return j, err
	})
	if err != nil {
		s.Fatal(err)
	}
	for _, j := range list {
		s.queue[j.ID] = j
	}
}

// perform runs one job as River would.
func perform[T river.JobArgs](ctx context.Context, w river.Worker[T], row *rivertype.JobRow) error {
	var args T
	if err := json.Unmarshal(row.EncodedArgs, &args); err != nil {
		return err
	}
	return w.Work(ctx, &river.Job[T]{JobRow: row, Args: args})
}

func (s *storm) once(ctx context.Context, row *rivertype.JobRow) error {
	switch row.Kind {
	case job.CloseCampaign{}.Kind():
		return perform(ctx, &closeCampaign{d: s.d}, row)
	case job.ChargePledge{}.Kind():
		return perform(ctx, &chargePledge{d: s.d}, row)
	case job.RetryPledge{}.Kind():
		return perform(ctx, &retryPledge{d: s.d}, row)
	case job.RefundCharge{}.Kind():
		return perform(ctx, &refundCharge{d: s.d}, row)
	case job.SettleCampaign{}.Kind():
		return perform(ctx, &settleCampaign{d: s.d}, row)
	case job.AbandonPledge{}.Kind():
		return perform(ctx, &abandonPledge{d: s.d}, row)
	case job.HandleGatewayEvent{}.Kind():
		return perform(ctx, &handleGatewayEvent{d: s.d}, row)
	}
	return fmt.Errorf("a job of kind %s", row.Kind)
}

// run works until done says so: jobs in any order, some killed in the middle,
// some run again although they had finished.
func (s *storm) run(done func() bool) {
	s.Helper()
	for end := time.Now().Add(time.Minute); s.Context().Err() == nil; {
		if time.Now().After(end) {
			s.Fatalf("the storm does not settle: pledges %s, charges %s, jobs waiting %d",
				s.states("pledge"), s.states("charge"), len(s.queue))
		}
		s.take()
		if len(s.queue) == 0 {
			if done() {
				return
			}
			time.Sleep(5 * time.Millisecond) // webhooks are on their way
			continue
		}
		for id, row := range s.queue { // Go walks a map in any order
			ctx, cancel := context.WithCancel(s.Context())
			killed := s.dice.IntN(4) == 0
			if killed {
				s.kills++
				time.AfterFunc(time.Duration(s.dice.IntN(4_000))*time.Microsecond, cancel)
			}
			s.calls++
			err := s.once(ctx, row)
			cancel()
			var snoozed *river.JobSnoozeError
			switch {
			case errors.As(err, &snoozed):
				if snoozed.Duration > 30*time.Second {
					delete(s.queue, id) // it waits for the end of the window
				}
			case err != nil:
				row.Attempt++
				if !killed && !errs.Is(err, errs.Unavailable) {
					s.Fatalf("%s: %v", row.Kind, err)
				}
			case s.dice.IntN(5) > 0: // else it runs again, as after a kill before its end was noted
				delete(s.queue, id)
			}
			break
		}
	}
}

// reconciled fails unless gateway, charges and ledger agree to the cent.
func (s *storm) reconciled() {
	s.Helper()
	theirs := insist(s, func() ([]payments.Charge, error) { return s.d.Gateway.Charges(s.Context(), "1", "", 1000) })
	list := make([]pledge.Charge, len(theirs))
	captures := map[string]int{}
	for i, c := range theirs {
		list[i] = pledge.Charge{Key: c.Key, Amount: c.Amount, Fee: c.Fee, State: c.State}
		if c.State == pledge.ChargeSucceeded {
			captures[c.Key[:len("1:")+36]]++
		}
	}
	for p, n := range captures {
		if n != 1 {
			s.Errorf("pledge %s was captured %d times", p, n)
		}
	}
	ours, err := s.d.Store.BookedCharges(s.Context(), place, 1000)
	if err != nil {
		s.Fatal(err)
	}
	for _, d := range pledge.Reconcile(ours, list) {
		s.Errorf("%+v", d)
	}
	if n := s.number(`select count(*) from pledge where state in ('collected', 'refund_pending', 'refunded')`); int(n) != len(captures) {
		s.Errorf("%d pledges are paid, the gateway captured %d", n, len(captures))
	}
	if n := s.number(`select coalesce(sum(amount_minor), 0) from ledger_entry`); n != 0 {
		s.Errorf("the ledger sums to %d", n)
	}
	if n := s.number(`select count(*) from charge where state in ('pending', 'processing')`); n != 0 {
		s.Errorf("%d charges have no answer", n)
	}
}

func TestEveryPledgeIsChargedExactlyOnceOverABadLineByWorkersThatAreKilled(t *testing.T) {
	t.Parallel()
	for seed := range uint64(2) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			s := newStorm(t, seed)
			c := s.launch()
			cards := []string{"ok", "hard", "soft_once", "soft", "auth", "lost", "fault", "busy", "slow"}
			const rounds = 4
			for i := range rounds * len(cards) {
				p, err := s.d.Store.MakePledge(t.Context(), place, postgres.MakePledge{ID: uuid.New(), Campaign: c.ID, Backer: s.person(), Amount: money.Amount{Minor: int64(1_000 + i), Currency: "EUR"}})
				if err != nil {
					t.Fatal(err)
				}
				s.visit(p, cards[i%len(cards)], false)
			}
			s.run(func() bool {
				return s.number(`select count(*) from pledge where state = 'active'`) == int64(rounds*len(cards))
			})

			s.exec(`update campaign set deadline = clock_timestamp()`)
			s.exec(`update river_job set scheduled_at = now() where kind = 'campaign.close'`)
			answered := func() bool {
				return s.number(`select count(*) from pledge where state in ('active', 'collecting')`) == 0 && s.number(`select count(*) from campaign where state = 'collecting'`) == 1
			}
			s.run(answered)
			want := map[string]int64{"ok": 1, "soft_once": 1, "lost": 1, "fault": 1, "busy": 1, "slow": 1}
			if n := s.number(`select count(*) from pledge where state = 'collected'`); n != int64(rounds*len(want)) {
				t.Errorf("%d pledges are paid by themselves, want %d", n, rounds*len(want))
			}
			if n := s.number(`select max(attempt) from charge`); n != 4 {
				t.Errorf("%d attempts", n)
			}
			s.reconciled()

			// Every other backer whose payment failed uses another card.
			failed, err := s.d.Store.PledgesTo(t.Context(), place, c.ID, "", 1000)
			if err != nil {
				t.Fatal(err)
			}
			mended := 0
			for i, l := range failed.Items {
				if !l.State.Mendable() || i%2 == 0 {
					continue
				}
				p, err := s.d.Store.MendPledge(t.Context(), place, l.ID, l.Backer)
				if err != nil {
					t.Fatal(err)
				}
				s.visit(p, "auth", true)
				mended++
			}
			s.run(func() bool {
				return answered() && s.number(`select count(*) from pledge where state = 'collected'`) == int64(rounds*len(want)+mended)
			})
			s.exec(`update campaign set collect_until = clock_timestamp()`)
			if _, err := s.d.Store.SettleCampaign(t.Context(), place, c.ID); err != nil {
				t.Fatal(err)
			}
			got, err := s.d.Store.Campaign(t.Context(), place, c.ID)
			if err != nil || got.State != campaign.Funded {
				t.Errorf("%s, %v", got.State, err)
			}
			s.reconciled()
			t.Logf("%d runs of jobs, %d of them killed; %d pledges paid", s.calls, s.kills, s.number(`select count(*) from pledge where state = 'collected'`))
			if mended == 0 || s.kills < 20 {
				t.Errorf("%d mended, %d kills: the test has become too easy", mended, s.kills)
			}
		})
	}
}

func TestRefundsGoOutExactlyOnceOverABadLine(t *testing.T) {
	t.Parallel()
	s := newStorm(t, 7)
	c := s.launch()
	for i, card := range []string{"ok", "ok", "lost", "hard", "hard"} {
		p, err := s.d.Store.MakePledge(t.Context(), place, postgres.MakePledge{ID: uuid.New(), Campaign: c.ID, Backer: s.person(), Amount: money.Amount{Minor: int64(1_000 + 100_000*(i/3)), Currency: "EUR"}})
		if err != nil {
			t.Fatal(err)
		}
		s.visit(p, card, false)
	}
	s.run(func() bool { return s.number(`select count(*) from pledge where state = 'active'`) == 5 })
	s.exec(`update campaign set goal_minor = 100000, deadline = clock_timestamp()`)
	s.exec(`update river_job set scheduled_at = now() where kind = 'campaign.close'`)
	s.run(func() bool {
		return s.number(`select count(*) from pledge where state in ('collected', 'errored')`) == 5
	})
	s.exec(`update campaign set collect_until = clock_timestamp()`)
	if _, err := s.d.Store.SettleCampaign(t.Context(), place, c.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := s.d.Store.DecideShortfall(t.Context(), place, c.ID, c.Founder, false); err != nil {
		t.Fatal(err)
	}
	s.run(func() bool { return s.number(`select count(*) from pledge where state = 'refunded'`) == 3 })
	if n := s.number(`select sum(amount_minor) from ledger_entry where account like 'backer:%'`); n != 0 {
		t.Errorf("backers are short of %d", -n)
	}
	if n := s.number(`select coalesce(sum(amount_minor), 0) from ledger_entry where account like '%:escrow'`); n != 0 {
		t.Errorf("the escrow still holds %d", n)
	}
	s.reconciled()
}

// A worker that is killed between the commit of a charge and the call leaves a
// row whose key nobody at the gateway knows; the next run sends it, once.
func TestAKillBetweenCommitAndCallLosesNothing(t *testing.T) {
	t.Parallel()
	s := newStorm(t, 3)
	c := s.launch()
	p, err := s.d.Store.MakePledge(t.Context(), place, postgres.MakePledge{ID: uuid.New(), Campaign: c.ID, Backer: s.person(), Amount: money.Amount{Minor: 5_000, Currency: "EUR"}})
	if err != nil {
		t.Fatal(err)
	}
	s.visit(p, "ok", false)
	s.run(func() bool { return s.number(`select count(*) from pledge where state = 'active'`) == 1 })
	s.exec(`update campaign set deadline = clock_timestamp()`)
	if _, err := s.d.Store.CloseCampaign(t.Context(), place, c.ID); err != nil { // killed here: the campaign has succeeded, nothing is collected
		t.Fatal(err)
	}
	if err := s.d.Store.CarryOutClose(t.Context(), place, c.ID); err != nil { // killed here: the charge is committed, nobody was asked
		t.Fatal(err)
	}
	if got := insist(s, func() ([]payments.Charge, error) { return s.d.Gateway.Charges(t.Context(), "1", "", 10) }); len(got) != 0 {
		t.Fatalf("the gateway knows %d charges", len(got))
	}
	s.run(func() bool { return s.number(`select count(*) from campaign where state = 'funded'`) == 1 })
	s.reconciled()
}
