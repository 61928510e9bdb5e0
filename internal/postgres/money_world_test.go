package postgres_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"

	"globalbrain/internal/campaign"
	"globalbrain/internal/database"
	"globalbrain/internal/money"
	"globalbrain/internal/pgtest"
	"globalbrain/internal/pledge"
	"globalbrain/internal/postgres"
	"globalbrain/internal/tenant"
)

// market is a tenant with one shortlisted idea, its founder, and backers.
type market struct {
	*postgres.Store
	pg      *pgtest.DB
	founder uuid.UUID
	idea    uuid.UUID
	people  int
}

const town tenant.ID = 1

func newMarket(t testing.TB) *market {
	t.Helper()
	pg := pgtest.New(t)
	store, err := postgres.NewStore(database.New(pg.App))
	if err != nil {
		t.Fatal(err)
	}
	m := &market{Store: store, pg: pg}
	m.exec(t, `insert into tenant (slug, name, hue, currency, locales, policy) values ('town', '{"en": "Town"}', 1, 'EUR', '{en}', '{}')`)
	m.founder = m.person(t)
	m.idea = m.shortlisted(t)
	return m
}

// exec sets something up as the superuser, past every trigger.
func (m *market) exec(t testing.TB, sql string, args ...any) {
	t.Helper()
	tx, err := m.pg.Super.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback(t.Context()) //nolint:errcheck // after the commit this does nothing
	if _, err := tx.Exec(t.Context(), `set local session_replication_role = replica`); err != nil {
		t.Fatal(err)
	}
	if _, err := tx.Exec(t.Context(), sql, args...); err != nil {
		t.Fatal(err)
	}
	if err := tx.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// number reads one number as the superuser.
func (m *market) number(t testing.TB, sql string, args ...any) (n int64) {
	t.Helper()
	if err := m.pg.Super.QueryRow(t.Context(), sql, args...).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// person makes a member whose address is proved.
func (m *market) person(t testing.TB) uuid.UUID {
	t.Helper()
	m.people++
	id, address := uuid.New(), fmt.Sprintf("p%d@town.example", m.people)
	m.exec(t, `insert into account (id, email, email_key, name, password_hash, locale, email_verified_at) values ($1, $2, $2, $2, '', 'en', now())`, id, address)
	m.exec(t, `insert into membership (tenant_id, account_id, roles) values ($1, $2, '{member}')`, town, id)
	return id
}

func (m *market) shortlisted(t testing.TB) uuid.UUID {
	t.Helper()
	call, id := uuid.New(), uuid.New()
	m.exec(t, `insert into call (tenant_id, id, slug, title, brief) values ($1, $2, $3, '{"en": "Call"}', '{"en": "Brief"}')`, town, call, "call-"+call.String()[:8])
	m.exec(t, `insert into idea (tenant_id, id, call_id, founder_id, state, title, currency) values ($1, $2, $3, $4, 'shortlisted', 'A well', 'EUR')`, town, id, call, m.founder)
	return id
}

func cents(minor int64) money.Amount { return money.Amount{Minor: minor, Currency: "EUR"} }

// draft saves a campaign with a goal of 100.00 and one reward of 5.00, of which
// there are two.
func (m *market) draft(t testing.TB) campaign.Campaign {
	t.Helper()
	c, err := m.SaveCampaign(t.Context(), town, postgres.SaveCampaign{Idea: m.idea, Person: m.founder, Plan: campaign.Plan{
		Goal: cents(10_000), Duration: 10 * 24 * time.Hour,
		Rewards: []campaign.Reward{{Title: "A postcard", Amount: cents(500), Quantity: 2}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func (m *market) launch(t testing.TB) campaign.Campaign {
	t.Helper()
	c, err := m.LaunchCampaign(t.Context(), town, m.draft(t).ID, m.founder)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// endIn moves a live campaign's deadline, which only a test can.
func (m *market) endIn(t testing.TB, c campaign.Campaign, d time.Duration) {
	t.Helper()
	m.exec(t, `update campaign set deadline = clock_timestamp() + $3::interval, launched_at = least(launched_at, clock_timestamp() + $3::interval - interval '1 day')
		where tenant_id = $1 and id = $2`, town, c.ID, d)
}

// pledge makes a pledge and confirms it with a payment method.
func (m *market) pledge(t testing.TB, c campaign.Campaign, backer uuid.UUID, minor int64) pledge.Pledge {
	t.Helper()
	p, err := m.MakePledge(t.Context(), town, postgres.MakePledge{ID: uuid.New(), Campaign: c.ID, Backer: backer, Amount: cents(minor)})
	if err != nil {
		t.Fatal(err)
	}
	return m.confirm(t, p)
}

func (m *market) confirm(t testing.TB, p pledge.Pledge) pledge.Pledge {
	t.Helper()
	if err := m.PledgeSetUp(t.Context(), town, p.ID, p.SetupNo, "si_"+p.ID.String(), "http://gateway.example/pay"); err != nil {
		t.Fatal(err)
	}
	p, err := m.ConfirmPledge(t.Context(), town, p.ID, p.SetupNo, fmt.Sprintf("pm_%s_%d", p.ID, p.SetupNo))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func (m *market) stateOf(t testing.TB, p pledge.Pledge) pledge.State {
	t.Helper()
	l, err := m.Pledge(t.Context(), town, p.ID)
	if err != nil {
		t.Fatal(err)
	}
	return l.State
}

// close ends a campaign now, and does what follows.
func (m *market) close(t testing.TB, c campaign.Campaign) campaign.Campaign {
	t.Helper()
	m.endIn(t, c, 0)
	c, err := m.CloseCampaign(t.Context(), town, c.ID)
	if err != nil {
		t.Fatal(err)
	}
	if err := m.CarryOutClose(t.Context(), town, c.ID); err != nil {
		t.Fatal(err)
	}
	c, err = m.Campaign(t.Context(), town, c.ID)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// chargesOf lists the charges of a campaign that have no final answer.
func (m *market) openCharges(t testing.TB, c campaign.Campaign) []pledge.Charge {
	t.Helper()
	page, err := m.Charges(t.Context(), town, c.ID, "", 1000)
	if err != nil {
		t.Fatal(err)
	}
	var list []pledge.Charge
	for _, h := range page.Items {
		if !h.State.Final() {
			list = append(list, h)
		}
	}
	return list
}

func (m *market) answer(t testing.TB, h pledge.Charge, a pledge.Answer) {
	t.Helper()
	if err := m.SettleCharge(t.Context(), town, h.ID, a); err != nil {
		t.Fatal(err)
	}
}

// captured is the answer to a charge that went well, with a fee of 30 cents.
func captured(ref string) pledge.Answer {
	return pledge.Answer{State: pledge.ChargeSucceeded, Ref: ref, Fee: cents(30)}
}

// conserved fails unless the ledger's sum is zero and the pledges, charges and
// escrow of every campaign agree.
func (m *market) conserved(t testing.TB) {
	t.Helper()
	for complaint, sql := range map[string]string{
		"the entries of a currency do not sum to zero": `select count(*) from (select 1 from ledger_entry group by tenant_id, currency having sum(amount_minor) <> 0) x`,
		"an escrow is below zero":                      `select count(*) from (select 1 from ledger_entry where account like '%:escrow' group by tenant_id, account, currency having sum(amount_minor) < 0) x`,
		"a pledge was captured twice":                  `select count(*) from (select 1 from charge where state = 'succeeded' group by tenant_id, pledge_id, version having count(*) > 1) x`,
		"a captured charge has no posting": `select count(*) from charge h where h.state = 'succeeded' and not exists (
			select from ledger_transaction t join ledger_entry e on e.tenant_id = t.tenant_id and e.transaction_id = t.id
			where t.tenant_id = h.tenant_id and t.reference = 'charge:' || h.key and e.account like 'backer:%' and e.amount_minor = -h.amount_minor)`,
		"a collected pledge has no captured charge": `select count(*) from pledge p where p.state in ('collected', 'refund_pending', 'refunded') and not exists (
			select from charge h where h.tenant_id = p.tenant_id and h.pledge_id = p.id and h.state = 'succeeded' and h.amount_minor = p.amount_minor)`,
		"a captured charge's pledge is not collected": `select count(*) from charge h join pledge p on p.tenant_id = h.tenant_id and p.id = h.pledge_id
			where h.state = 'succeeded' and p.state not in ('collected', 'refund_pending', 'refunded')`,
		"a closed campaign's sum is not that of its pledges": `select count(*) from campaign c where c.closed_at is not null and c.pledged_minor <> (
			select coalesce(sum(t.pledged), 0) from pledge_transition t where t.tenant_id = c.tenant_id and t.campaign_id = c.id)`,
	} {
		if n := m.number(t, sql); n != 0 {
			t.Errorf("%s (%d)", complaint, n)
		}
	}
}
