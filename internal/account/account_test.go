package account_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"globalbrain/internal/account"
	"globalbrain/internal/errs"
	"globalbrain/internal/tenant"
)

func TestAddressesAreReadAsPeopleTypeThem(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, typed, want string
	}{
		{"a plain address", " ada@example.org ", "ada@example.org"},
		{"capitals stay as typed", "Ada@Example.org", "Ada@Example.org"},
		{"a tag", "ada+ideas@example.org", "ada+ideas@example.org"},
		{"another script", "用户@例子.公司", "用户@例子.公司"},
		{"no at", "ada.example.org", ""},
		{"a name around it", "Ada <ada@example.org>", ""},
		{"two addresses", "a@b.example, c@d.example", ""},
		{"a second header", "a@b.example\r\nBcc: c@d.example", ""},
		{"a quoted part", `"a b"@example.org`, ""},
		{"an address instead of a host", "a@[127.0.0.1]", ""},
		{"nothing", "", ""},
		{"far too long", strings.Repeat("a", 250) + "@example.org", ""},
	}
	for _, tt := range tests {
		got, ok := account.CleanEmail(tt.typed)
		if got != tt.want || ok != (tt.want != "") {
			t.Errorf("%s: %q, %v; want %q", tt.name, got, ok, tt.want)
		}
	}
}

func TestOnePersonHasOneKey(t *testing.T) {
	t.Parallel()
	if account.EmailKey("Ada@Example.ORG") != account.EmailKey(" ada@example.org") {
		t.Error("capitals make another person")
	}
	if account.EmailKey("ａda@example.org") != account.EmailKey("ada@example.org") {
		t.Error("full width letters make another person")
	}
	if account.EmailKey("ada@example.org") == account.EmailKey("eva@example.org") {
		t.Error("two people have one key")
	}
}

func FuzzAnAddressThatIsTakenIsSafeInAHeader(f *testing.F) {
	f.Add("ada@example.org")
	f.Add("a\r\n@b")
	f.Add("\"<>\"@x")
	f.Fuzz(func(t *testing.T, typed string) {
		address, ok := account.CleanEmail(typed)
		if !ok {
			return
		}
		if strings.ContainsAny(address, "\r\n\x00<> \"") || strings.Count(address, "@") < 1 || len(address) > 254 {
			t.Errorf("%q was taken as %q", typed, address)
		}
		if again, ok := account.CleanEmail(address); !ok || again != address {
			t.Errorf("%q is not read back: %q, %v", address, again, ok)
		}
	})
}

func TestASignUpSaysEverythingThatIsWrong(t *testing.T) {
	t.Parallel()
	s := account.SignUp{Name: " \u200b\n ", Email: "x", Password: "short"}
	e, ok := errors.AsType[*errs.Error](s.Check())
	if !ok || len(e.Fields) != 3 {
		t.Fatalf("got %v", e)
	}
	s = account.SignUp{Name: "  Ada\t King ", Email: " ada@example.org", Password: "engine of analysis"}
	if err := s.Check(); err != nil || s.Name != "Ada King" || s.Email != "ada@example.org" {
		t.Errorf("got %+v, %v", s, err)
	}
}

func TestWeakPasswordsAreRefused(t *testing.T) {
	t.Parallel()
	tests := []struct{ password, code string }{
		{"123456789", "account.password_short"},
		{"九个字符的密码不够用", ""}, // ten characters, thirty bytes
		{"一二三四五六七八九", "account.password_short"},
		{strings.Repeat("ab", 64), ""},
		{strings.Repeat("ab", 64) + "c", "account.password_long"},
		{"Password123", "account.password_guessable"},
		{"aaaaaaaaaaaaa", "account.password_guessable"},
		{"ADA@example.org", "account.password_personal"},
		{"ada lovelace", "account.password_personal"},
		{"demo-password-1", ""},
	}
	for _, tt := range tests {
		err := account.CheckPassword("password", tt.password, "Ada Lovelace", "ada@example.org")
		code := ""
		if e, ok := errors.AsType[*errs.Error](err); ok {
			code = e.Fields[0].Code
		}
		if code != tt.code {
			t.Errorf("%q: %q, want %q", tt.password, code, tt.code)
		}
	}
}

func TestAPasswordMatchesItsHashOnly(t *testing.T) {
	t.Parallel()
	h := account.NewHasher(2)
	hash, err := h.Hash(t.Context(), "café au lait")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(hash, "$argon2id$v=19$m=47104,t=1,p=1$") || strings.Contains(hash, "lait") {
		t.Errorf("hash %q", hash)
	}
	again, err := h.Hash(t.Context(), "café au lait")
	if err != nil || again == hash {
		t.Error("two hashes of one password are the same: there is no salt")
	}
	tests := []struct {
		name, hash, password string
		want                 bool
	}{
		{"the password", hash, "café au lait", true},
		{"the same letters, composed by another keyboard", hash, "cafe\u0301 au lait", true},
		{"another password", hash, "café sans lait", false},
		{"an unknown address", "", "café au lait", false},
		{"an unknown address and no password", "", "", false},
		{"a text that would only cost time", hash, strings.Repeat("x", 100_000), false},
	}
	for _, tt := range tests {
		got, err := h.Matches(t.Context(), tt.hash, tt.password)
		if err != nil || got != tt.want {
			t.Errorf("%s: %v, %v", tt.name, got, err)
		}
	}
	for _, broken := range []string{"plain", "$argon2i$v=19$m=1,t=1,p=1$AA$AA", "$argon2id$v=18$m=1,t=1,p=1$AA$AA", "$argon2id$v=19$m=1,t=1,p=1$!$AA", "$argon2id$v=19$m=1,t=1,p=1$AA$"} {
		if ok, err := h.Matches(t.Context(), broken, "x"); ok || err == nil {
			t.Errorf("%q was read as a hash", broken)
		}
	}
}

func TestHashingWaitsForItsTurnAndNotForever(t *testing.T) {
	t.Parallel()
	h := account.NewHasher(1)
	var all sync.WaitGroup
	for range 3 {
		all.Go(func() {
			if _, err := h.Hash(t.Context(), "some password"); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	full := account.NewHasher(0) // nobody's turn ever comes
	over, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := full.Hash(over, "some password"); !errs.Is(err, errs.Unavailable) {
		t.Errorf("got %v", err)
	}
}

func TestATicketIsReadBackAndOpensOnlyItsOwnRow(t *testing.T) {
	t.Parallel()
	id := uuid.New()
	ticket := account.NewTicket(id)
	back, ok := account.ReadTicket(ticket.String())
	if !ok || back.ID != id || !back.Opens(ticket.Hash()) {
		t.Errorf("got %v, %v", back, ok)
	}
	if account.NewTicket(id).Opens(ticket.Hash()) {
		t.Error("another secret opens the row")
	}
	for _, text := range []string{"", ".", ticket.String() + "x", ticket.String()[:30], strings.ReplaceAll(ticket.String(), ".", "-"), " " + ticket.String()} {
		if _, ok := account.ReadTicket(text); ok {
			t.Errorf("%q was read as a ticket", text)
		}
	}
}

func FuzzAnyTextIsATicketOrNone(f *testing.F) {
	f.Add(account.NewTicket(uuid.New()).String())
	f.Add("a.b")
	f.Fuzz(func(t *testing.T, text string) {
		if ticket, ok := account.ReadTicket(text); ok && ticket.String() != text {
			t.Errorf("%q is read as %q", text, ticket.String())
		}
	})
}

func TestASessionEndsWhenIdleAndInAnyCase(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	s := account.Session{SeenAt: start, ExpiresAt: start.Add(account.SessionAbsolute)}
	tests := []struct {
		name  string
		seen  time.Duration
		after time.Duration
		want  bool
	}{
		{"at once", 0, 0, true},
		{"a moment before it is idle", 0, account.SessionIdle - 1, true},
		{"idle", 0, account.SessionIdle, false},
		{"in use every day", 59 * 24 * time.Hour, account.SessionAbsolute - 1, true},
		{"at the absolute limit", 59 * 24 * time.Hour, account.SessionAbsolute, false},
	}
	for _, tt := range tests {
		s.SeenAt = start.Add(tt.seen)
		if got := s.Live(start.Add(tt.after)); got != tt.want {
			t.Errorf("%s: %v", tt.name, got)
		}
	}
}

func TestWhoMayChangeWhichRole(t *testing.T) {
	t.Parallel()
	may := map[tenant.Role][]tenant.Role{
		tenant.Member:    nil,
		tenant.Expert:    nil,
		tenant.Moderator: nil,
		tenant.Admin:     {tenant.Expert, tenant.Moderator},
		tenant.Owner:     {tenant.Expert, tenant.Moderator, tenant.Admin, tenant.Owner},
	}
	for actor, allowed := range may {
		for _, role := range append(slices.Clone(tenant.Roles), "emperor") {
			if got := account.MayChangeRole([]tenant.Role{tenant.Member, actor}, role); got != slices.Contains(allowed, role) {
				t.Errorf("a %s changes %s: %v", actor, role, got)
			}
		}
	}
}

// However people change each other's roles, a tenant that had an owner has one,
// everybody stays a member, and nobody below owner makes an admin.
func TestATenantNeverLosesItsLastOwner(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		people := [][]tenant.Role{{tenant.Member, tenant.Owner}, {tenant.Member, tenant.Admin}, {tenant.Member}, {tenant.Member, tenant.Expert}}
		person := rapid.IntRange(0, len(people)-1)
		for range rapid.IntRange(1, 40).Draw(rt, "acts") {
			actor, subject := people[person.Draw(rt, "actor")], person.Draw(rt, "subject")
			role := rapid.SampledFrom(tenant.Roles).Draw(rt, "role")
			owners := 0
			for _, has := range people {
				if slices.Contains(has, tenant.Owner) {
					owners++
				}
			}
			var will []tenant.Role
			var err error
			if rapid.Bool().Draw(rt, "give") {
				will, err = account.GiveRole(actor, people[subject], role)
			} else {
				will, err = account.TakeRole(actor, people[subject], role, owners)
			}
			if err != nil {
				continue
			}
			lifted := slices.Contains(will, tenant.Admin) && !slices.Contains(people[subject], tenant.Admin)
			if lifted && !slices.Contains(actor, tenant.Owner) {
				rt.Fatalf("%v made an admin", actor)
			}
			people[subject] = will
		}
		owners := 0
		for _, has := range people {
			if !slices.Contains(has, tenant.Member) {
				rt.Fatalf("%v is no member any more", has)
			}
			if slices.Contains(has, tenant.Owner) {
				owners++
			}
		}
		if owners == 0 {
			rt.Fatal("nobody owns the tenant")
		}
	})
}
