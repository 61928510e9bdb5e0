package postgres_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/google/uuid"

	"globalbrain/internal/account"
	"globalbrain/internal/database"
	"globalbrain/internal/errs"
	"globalbrain/internal/pgtest"
	"globalbrain/internal/postgres"
	"globalbrain/internal/tenant"
)

// doorway is a database with one tenant and people at its door.
type doorway struct {
	*pgtest.DB
	*postgres.Store
	tenant tenant.ID
}

func newDoorway(t *testing.T) *doorway {
	t.Helper()
	db := pgtest.New(t)
	store, err := postgres.NewStore(database.New(db.App))
	if err != nil {
		t.Fatal(err)
	}
	owner, err := postgres.NewStore(database.New(db.Owner))
	if err != nil {
		t.Fatal(err)
	}
	d := &doorway{DB: db, Store: store}
	d.tenant, err = owner.CreateTenant(t.Context(), &tenant.Tenant{
		Slug: "energy", Name: map[string]string{"en": "Energy"}, Currency: "EUR", Locales: []string{"en"}, Policy: tenant.DefaultPolicy(),
	})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// come signs a person up and proves the address.
func (d *doorway) come(t *testing.T, name string) uuid.UUID {
	t.Helper()
	ticket := account.NewTicket(uuid.Must(uuid.NewV7()))
	letter := account.Letter{To: name + "@example.org", Subject: "verify", Body: ticket.String()}
	err := d.SignUp(t.Context(), postgres.SignUp{Name: name, Email: letter.To, Locale: "en", PasswordHash: "hash", Ticket: ticket, Verify: letter, Known: letter})
	if err != nil {
		t.Fatal(err)
	}
	id, err := d.VerifyEmail(t.Context(), ticket)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func (d *doorway) count(t *testing.T, sql string, args ...any) (n int) {
	t.Helper()
	if err := d.Super.QueryRow(t.Context(), sql, args...).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestALinkIsGoodOnceForItsPurposeAndForAWhile(t *testing.T) {
	t.Parallel()
	d := newDoorway(t)
	id := d.come(t, "ada")
	issue := func() account.Ticket {
		ticket := account.NewTicket(uuid.Must(uuid.NewV7()))
		if err := d.SendReset(t.Context(), id, ticket, account.Letter{To: "ada@example.org", Subject: "s", Body: "b"}); err != nil {
			t.Fatal(err)
		}
		return ticket
	}
	first, ticket := issue(), issue()
	refused := func(name string, try account.Ticket, p account.Purpose) {
		t.Helper()
		if _, err := d.TicketAccount(t.Context(), try, p); !errs.Is(err, errs.NotFound) {
			t.Errorf("%s: %v", name, err)
		}
	}
	refused("an older link", first, account.Reset)
	refused("another purpose", ticket, account.Verify)
	refused("the right row and another secret", account.NewTicket(ticket.ID), account.Reset)
	if who, err := d.TicketAccount(t.Context(), ticket, account.Reset); err != nil || who.ID != id {
		t.Fatalf("got %v, %v", who.ID, err)
	}

	var all sync.WaitGroup
	var mu sync.Mutex
	used := 0
	for n := range 4 {
		all.Go(func() {
			if _, err := d.ResetPassword(t.Context(), ticket, fmt.Sprint("hash ", n)); err == nil {
				mu.Lock()
				used++
				mu.Unlock()
			} else if !errs.Is(err, errs.NotFound) {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if used != 1 {
		t.Errorf("one link was used %d times", used)
	}

	late := issue()
	if _, err := d.Super.Exec(t.Context(), `update email_token set expires_at = clock_timestamp() where id = $1`, late.ID); err != nil {
		t.Fatal(err)
	}
	refused("a link that is over", late, account.Reset)
}

func TestASessionOpensWithItsSecretUntilItEnds(t *testing.T) {
	t.Parallel()
	d := newDoorway(t)
	id := d.come(t, "ada")
	open := func(before uuid.UUID) account.Ticket {
		ticket := account.NewTicket(uuid.Must(uuid.NewV7()))
		if err := d.OpenSession(t.Context(), id, ticket, "browser \xff", before); err != nil {
			t.Fatal(err)
		}
		return ticket
	}
	ticket := open(uuid.Nil)
	one, who, err := d.Session(t.Context(), ticket)
	if err != nil || who.ID != id || who.VerifiedAt.IsZero() || one.ExpiresAt.Sub(one.CreatedAt) != account.SessionAbsolute {
		t.Fatalf("got %+v, %+v, %v", one, who, err)
	}
	if n := d.count(t, `select count(*) from session where secret_hash = $1`, ticket.Hash()); n != 1 {
		t.Error("the row does not hold the secret's hash")
	}
	ended := func(name string, try account.Ticket) {
		t.Helper()
		if _, _, err := d.Session(t.Context(), try); !errs.Is(err, errs.Unauthenticated) {
			t.Errorf("%s: %v", name, err)
		}
	}
	ended("another secret", account.NewTicket(ticket.ID))
	next := open(ticket.ID)
	ended("the session before the sign-in", ticket)

	if _, err := d.Super.Exec(t.Context(), `update session set seen_at = clock_timestamp() - interval '13 days 23 hours' where id = $1`, next.ID); err != nil {
		t.Fatal(err)
	}
	if _, _, err := d.Session(t.Context(), next); err != nil {
		t.Errorf("an hour before it is idle: %v", err)
	}
	if n := d.count(t, `select count(*) from session where seen_at > clock_timestamp() - interval '1 minute'`); n != 1 {
		t.Error("the session's use was not noted")
	}
	if _, err := d.Super.Exec(t.Context(), `update session set seen_at = clock_timestamp() - interval '14 days' where id = $1`, next.ID); err != nil {
		t.Fatal(err)
	}
	ended("idle for two weeks", next)
	open(uuid.Nil)
	if n := d.count(t, `select count(*) from session`); n != 1 {
		t.Errorf("%d sessions are kept, want only the new one", n)
	}
}

func TestTwoOwnersCannotRemoveEachOther(t *testing.T) {
	t.Parallel()
	d := newDoorway(t)
	owner, err := postgres.NewStore(database.New(d.Owner))
	if err != nil {
		t.Fatal(err)
	}
	people := []uuid.UUID{d.come(t, "olga"), d.come(t, "oleg")}
	for _, id := range people {
		if err := owner.AppointOwner(t.Context(), d.tenant, id); err != nil {
			t.Fatal(err)
		}
	}
	var all sync.WaitGroup
	for i, actor := range people {
		all.Go(func() {
			err := d.TakeRole(t.Context(), d.tenant, actor, people[1-i], tenant.Owner)
			if err != nil && !errs.Is(err, errs.Forbidden) && !errs.Is(err, errs.Conflict) {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if n := d.count(t, `select count(*) from membership where 'owner' = any(roles)`); n != 1 {
		t.Errorf("%d owners are left, want 1", n)
	}
	if n := d.count(t, `select count(*) from audit_event where action = 'role.take' and actor_id = any($1)`, people); n != 1 {
		t.Errorf("%d audit rows about it, want 1", n)
	}
}

func TestOnlyWhoProvedTheAddressJoinsAndOnlyOnce(t *testing.T) {
	t.Parallel()
	d := newDoorway(t)
	ticket := account.NewTicket(uuid.Must(uuid.NewV7()))
	letter := account.Letter{To: "new@example.org", Subject: "s", Body: "b"}
	if err := d.SignUp(t.Context(), postgres.SignUp{Name: "New", Email: letter.To, Locale: "en", PasswordHash: "h", Ticket: ticket, Verify: letter, Known: letter}); err != nil {
		t.Fatal(err)
	}
	who, err := d.AccountByEmail(t.Context(), letter.To)
	if err != nil {
		t.Fatal(err)
	}
	if err := d.JoinTenant(t.Context(), d.tenant, who.ID); !errs.Is(err, errs.Forbidden) {
		t.Errorf("an unproved address joined: %v", err)
	}
	ada := d.come(t, "ada")
	for range 2 {
		if err := d.JoinTenant(t.Context(), d.tenant, ada); err != nil {
			t.Fatal(err)
		}
	}
	if n := d.count(t, `select count(*) from audit_event where action = 'membership.join'`); n != 1 {
		t.Errorf("joined %d times", n)
	}
	roles, err := d.RolesIn(t.Context(), ada, []tenant.ID{d.tenant, d.tenant + 100})
	if err != nil || len(roles) != 1 || len(roles[d.tenant]) != 1 {
		t.Errorf("got %v, %v", roles, err)
	}
}

func TestMembersAreListedPageByPage(t *testing.T) {
	t.Parallel()
	d := newDoorway(t)
	for n := range 5 {
		if err := d.JoinTenant(t.Context(), d.tenant, d.come(t, fmt.Sprint("p", n))); err != nil {
			t.Fatal(err)
		}
	}
	var names []string
	next := ""
	for {
		page, err := d.Members(t.Context(), d.tenant, "", next, 2)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range page.Items {
			names = append(names, m.Name)
		}
		if next = page.Next; next == "" {
			break
		}
	}
	if fmt.Sprint(names) != "[p0 p1 p2 p3 p4]" {
		t.Errorf("got %v", names)
	}
	if _, err := d.Members(t.Context(), d.tenant, "", "nonsense", 2); !errs.Is(err, errs.Invalid) {
		t.Errorf("a made-up page: %v", err)
	}
	if page, err := d.Members(t.Context(), d.tenant, tenant.Expert, "", 2); err != nil || len(page.Items) != 0 {
		t.Errorf("experts: %v, %v", page.Items, err)
	}
}

func TestALetterLeavesTheOutboxOnce(t *testing.T) {
	t.Parallel()
	d := newDoorway(t)
	d.come(t, "ada")
	list, err := d.Outbox(t.Context(), 10)
	if err != nil || len(list) != 1 {
		t.Fatalf("got %v, %v", list, err)
	}
	if n := d.count(t, `select count(*) from river_job where kind = 'mail.send' and args->>'message' = $1`, list[0].ID.String()); n != 1 {
		t.Errorf("%d jobs carry the letter", n)
	}
	broken := errors.New("the server is away")
	err = d.SendLetter(t.Context(), list[0].ID, false, func(context.Context, account.Letter) error { return broken })
	if !errors.Is(err, broken) {
		t.Fatalf("got %v", err)
	}
	sent := 0
	for range 2 {
		err := d.SendLetter(t.Context(), list[0].ID, false, func(_ context.Context, l account.Letter) error {
			if sent++; l.To != "ada@example.org" || l.Body == "" {
				t.Errorf("sent %+v", l)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if sent != 1 {
		t.Errorf("sent %d times", sent)
	}
	if n := d.count(t, `select count(*) from mail_message where body <> ''`); n != 0 {
		t.Error("a sent letter with a link is kept")
	}
}

func TestTenantsAreMadeByTheOwnerOnly(t *testing.T) {
	t.Parallel()
	d := newDoorway(t)
	plan := &tenant.Tenant{Slug: "city", Name: map[string]string{"en": "City"}, Currency: "EUR", Locales: []string{"en"}, Policy: tenant.DefaultPolicy()}
	if _, err := d.CreateTenant(t.Context(), plan); err == nil {
		t.Error("the application made a tenant")
	}
	owner, err := postgres.NewStore(database.New(d.Owner))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := owner.CreateTenant(t.Context(), plan); err != nil {
		t.Fatal(err)
	}
	if _, err := owner.CreateTenant(t.Context(), plan); !errs.Is(err, errs.Conflict) {
		t.Errorf("twice: %v", err)
	}
	got, err := d.TenantBySlug(t.Context(), "city")
	if err != nil || got.Policy != plan.Policy || got.Name["en"] != "City" {
		t.Errorf("got %+v, %v", got, err)
	}
	if _, err := d.TenantBySlug(t.Context(), "nowhere"); !errs.Is(err, errs.NotFound) {
		t.Errorf("unknown: %v", err)
	}
}
