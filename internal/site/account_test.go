package site_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"globalbrain/internal/tenant"
)

func TestAPersonSignsUpVerifiesSignsOutAndIn(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	b := tw.arrive("Ada Founder", "Ada@example.org")

	mustContain(t, b.get("/t/health", http.StatusOK), "Welcome, Ada Founder", "Sign out")
	m, err := tw.store.AccountByEmail(t.Context(), "ada@EXAMPLE.org")
	if err != nil {
		t.Fatal(err)
	}
	if member, err := tw.store.Membership(t.Context(), tw.health.ID, m.ID); err != nil || len(member.Roles) != 1 {
		t.Errorf("who signed up from a tenant is not its member: %v %v", member, err)
	}
	mustContain(t, b.get("/me", http.StatusOK), "Hello, Ada Founder", "Health", "Member")

	if to := b.post("/signout", http.StatusSeeOther); to != "/" {
		t.Errorf("signed out, and led to %s", to)
	}
	mustContain(t, b.get("/", http.StatusOK), "You are signed out.", "Sign in")
	if a := b.send(http.MethodGet, "/me", nil); a.StatusCode != http.StatusSeeOther || a.Header.Get("Location") != "/signin?next=%2Fme" {
		t.Errorf("a visitor's /me: %d to %s", a.StatusCode, a.Header.Get("Location"))
	}
	if to := b.post("/signin", http.StatusSeeOther, "email", "ADA@example.org", "password", password, "next", "/t/health/me"); to != "/t/health/me" {
		t.Errorf("signed in, and led to %s", to)
	}
	mustContain(t, b.get("/t/health/me", http.StatusOK), "What needs you now")
}

func TestSignInSaysTheSameForAWrongPasswordAndAnUnknownAddress(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.arrive("Ada", "ada@example.org")
	b := tw.browser()
	wrong := b.post("/signin", http.StatusUnauthorized, "email", "ada@example.org", "password", "not the password")
	unknown := b.post("/signin", http.StatusUnauthorized, "email", "eve@example.org", "password", "not the password")
	mustContain(t, wrong, "The e-mail address or the password is not right.", `value="ada@example.org"`)
	if named(wrong, "ada", "eve") != unknown {
		t.Error("the two answers differ in more than the address")
	}
	if strings.Contains(wrong, "not the password") {
		t.Error("a password travelled back")
	}
}

func TestSignUpSaysTheSameForANewAndAKnownAddress(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.arrive("Ada", "ada@example.org")
	b := tw.browser()
	known := b.post("/signup", http.StatusOK, "name", "Mallory", "email", "ada@example.org", "password", password)
	fresh := b.post("/signup", http.StatusOK, "name", "Mallory", "email", "eva@example.org", "password", password)
	if named(known, "ada", "eva") != fresh {
		t.Error("the two answers differ in more than the address")
	}
	mustContain(t, b.get("/mailbox?for=ada@example.org", http.StatusOK), "You have an account already")
	who, err := tw.store.AccountByEmail(t.Context(), "ada@example.org")
	if err != nil || who.Name != "Ada" {
		t.Errorf("the account was changed: %v %v", who.Name, err)
	}
}

func TestNobodyGetsInWithoutProvingTheAddress(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	b := tw.browser()
	b.post("/signup", http.StatusOK, "name", "Ada", "email", "ada@example.org", "password", password)
	first := b.link("ada@example.org")
	mustContain(t, b.post("/signin", http.StatusOK, "email", "ada@example.org", "password", password), "Check your mail")
	if a := b.send(http.MethodGet, "/me", nil); a.StatusCode != http.StatusSeeOther {
		t.Errorf("an unproved address is signed in: %d", a.StatusCode)
	}
	b.get(first, http.StatusNotFound) // only the newest link is good
	link, err := url.Parse(b.link("ada@example.org"))
	if err != nil {
		t.Fatal(err)
	}
	mustContain(t, b.post("/verify", http.StatusUnauthorized, "t", link.Query().Get("t"), "password", "somebody else's"), "not right")
	b.post("/verify", http.StatusSeeOther, "t", link.Query().Get("t"), "password", password)
	b.get(link.String(), http.StatusNotFound) // and only once
	b.get("/me", http.StatusOK)
}

func TestAFormSaysWhatIsWrongAndKeepsWhatWasTyped(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	b := tw.browser()
	page := b.post("/signup", http.StatusUnprocessableEntity, "name", " ", "email", "<no address>", "password", "short", "next", "/t/health")
	mustContain(t, page, "Type the name that others shall see.", "Type an e-mail address such as", "at least 10 characters",
		`value="&lt;no address&gt;"`, `name="next" value="/t/health"`, `aria-invalid="true"`, `aria-describedby="f-email-error"`)
	if strings.Count(page, "autofocus") != 1 || strings.Index(page, "autofocus") > strings.Index(page, `name="email"`) {
		t.Error("the focus is not on the first field that is wrong")
	}
	b.lang = "zh-CN"
	mustContain(t, b.post("/signup", http.StatusUnprocessableEntity, "name", "艾达", "email", "x", "password", "short"),
		"请输入电子邮箱", "密码至少需要 10 个字符", `value="艾达"`, `lang="zh-CN"`)
}

func TestANewPasswordEndsEverySession(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	before := tw.arrive("Ada", "ada@example.org")
	b := tw.browser()
	known := b.post("/reset", http.StatusOK, "email", "ada@example.org")
	unknown := b.post("/reset", http.StatusOK, "email", "eve@example.org")
	if named(known, "ada", "eve") != unknown {
		t.Error("a reset tells which addresses have accounts")
	}
	link, err := url.Parse(b.link("ada@example.org"))
	if err != nil {
		t.Fatal(err)
	}
	ticket := link.Query().Get("t")
	b.get(link.String(), http.StatusOK)
	mustContain(t, b.post("/reset/password", http.StatusUnprocessableEntity, "t", ticket, "password", "1234567890"), "every list of guesses")
	if to := b.post("/reset/password", http.StatusSeeOther, "t", ticket, "password", "quite another password"); to != "/me" {
		t.Errorf("changed, and led to %s", to)
	}
	b.get("/me", http.StatusOK)
	if a := before.send(http.MethodGet, "/me", nil); a.StatusCode != http.StatusSeeOther {
		t.Errorf("a session from before the reset still counts: %d", a.StatusCode)
	}
	b.post("/reset/password", http.StatusNotFound, "t", ticket, "password", "and a third password")
	before.post("/signin", http.StatusUnauthorized, "email", "ada@example.org", "password", password)
}

func TestTheSessionChangesWithTheSignIn(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	b := tw.arrive("Ada", "ada@example.org")
	here, err := url.Parse(tw.server.URL)
	if err != nil {
		t.Fatal(err)
	}
	cookie := func() string {
		for _, c := range b.client.Jar.Cookies(here) {
			if c.Name == "gb_session" {
				return c.Value
			}
		}
		return ""
	}
	old := cookie()
	b.post("/signin", http.StatusSeeOther, "email", "ada@example.org", "password", password)
	if fresh := cookie(); fresh == old || fresh == "" {
		t.Fatal("the cookie is the same after a new sign-in")
	}
	thief := tw.browser()
	if a := thief.send(http.MethodGet, "/me", nil, "Cookie", "gb_session="+old); a.StatusCode != http.StatusSeeOther {
		t.Errorf("the cookie from before the sign-in still opens: %d", a.StatusCode)
	}
	if a := thief.send(http.MethodGet, "/me", nil, "Cookie", "gb_session=nonsense"); a.StatusCode != http.StatusSeeOther {
		t.Errorf("a made-up cookie opens: %d", a.StatusCode)
	}
}

func TestGuessingIsSlowedDown(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	b := tw.browser()
	for range 10 {
		b.post("/signin", http.StatusUnauthorized, "email", "ada@example.org", "password", "x")
	}
	a := b.send(http.MethodPost, "/signin", url.Values{"email": {"ada@example.org"}, "password": {"x"}})
	if a.StatusCode != http.StatusTooManyRequests {
		t.Fatalf("the eleventh guess: %d", a.StatusCode)
	}
	mustContain(t, a.body, "That was too often.", `value="ada@example.org"`)
}

func TestAnAdminGivesAndTakesRolesAndTheLastOwnerStays(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	owner, member := tw.arrive("Olga Owner", "olga@example.org"), tw.arrive("Max Member", "max@example.org")
	olga, err := tw.store.AccountByEmail(t.Context(), "olga@example.org")
	if err != nil {
		t.Fatal(err)
	}
	maxID, err := tw.store.AccountByEmail(t.Context(), "max@example.org")
	if err != nil {
		t.Fatal(err)
	}
	if err := tw.owner.AppointOwner(t.Context(), tw.health.ID, olga.ID); err != nil {
		t.Fatal(err)
	}
	roles := func(of string) string { return "/t/health/people/" + of + "/roles" }

	mustContain(t, member.get("/t/health/people", http.StatusForbidden), "This is not yours to do")
	member.post(roles(maxID.ID.String()), http.StatusForbidden, "give", "owner")
	mustContain(t, owner.get("/t/health/people", http.StatusOK), "Max Member", "Olga Owner", "Make Expert")

	owner.post(roles(maxID.ID.String()), http.StatusSeeOther, "give", "admin")
	mustContain(t, owner.get("/t/health/people?role=admin", http.StatusOK), "The role was given.", "Max Member")
	member.get("/t/health/people", http.StatusOK)
	member.post(roles(maxID.ID.String()), http.StatusForbidden, "give", "owner") // nobody lifts themselves
	member.post(roles(olga.ID.String()), http.StatusForbidden, "take", "owner")
	mustContain(t, owner.post(roles(olga.ID.String()), http.StatusConflict, "take", "owner"), "last owner")
	owner.post("/t/health/people/"+maxID.ID.String()+"/organisation", http.StatusSeeOther, "organisation", "  Lab   One ")
	m, err := tw.store.Membership(t.Context(), tw.health.ID, maxID.ID)
	if err != nil || m.Organisation != "Lab One" || !tenant.Allows(m.Roles, tenant.ManagePeople) {
		t.Errorf("got %+v, %v", m, err)
	}
	owner.post(roles("0198c0de-0000-7000-8000-000000000000"), http.StatusNotFound, "give", "expert")
	owner.post(roles("nobody"), http.StatusNotFound, "give", "expert")
	owner.post(roles(maxID.ID.String()), http.StatusForbidden, "give", "emperor")
}

func TestTheLanguageIsRemembered(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	b := tw.arrive("Ada", "ada@example.org")
	if to := b.post("/language", http.StatusSeeOther, "language", "zh-CN", "next", "/t/health"); to != "/t/health" {
		t.Errorf("led to %s", to)
	}
	mustContain(t, b.get("/t/health", http.StatusOK), `lang="zh-CN"`, "健康", "退出")
	other := tw.browser()
	other.post("/signin", http.StatusSeeOther, "email", "ada@example.org", "password", password)
	mustContain(t, other.get("/", http.StatusOK), "值得支持的创意") // from the account
	if to := b.post("/language", http.StatusSeeOther, "language", "en", "next", "https://evil.example/"); to != "/" {
		t.Errorf("led away to %s", to)
	}
	b.post("/language", http.StatusUnprocessableEntity, "language", "tlh")
}

func TestAnEndedSessionKeepsWhatWasTyped(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	page := tw.browser().post("/t/health/people/x/organisation", http.StatusUnauthorized, "organisation", `Lab "One"`)
	mustContain(t, page, "Your session has ended", `action="/t/health/people/x/organisation"`, `name="organisation" value="Lab &#34;One&#34;"`)
}

func TestAFormThatIsShownAgainStandsWhereItStood(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	b := tw.browser()
	form := url.Values{"email": {"x"}, "name": {"x"}, "password": {"x"}}
	a := b.send(http.MethodPost, "/signup", form, "Referer", tw.server.URL+"/signup?next=%2Ft%2Fhealth")
	mustContain(t, a.body, `name="next" value="/signup?next=%2Ft%2Fhealth"`) // of the language switch
	a = b.send(http.MethodPost, "/signup", form, "Referer", "https://evil.example/here")
	mustContain(t, a.body, `name="next" value="/signup"`)
}

// named replaces one person's address by another's, as text and in links.
func named(page, from, to string) string {
	return strings.NewReplacer(from+"@example.org", to+"@example.org", from+"%40example.org", to+"%40example.org").Replace(page)
}
