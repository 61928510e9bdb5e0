package api_test

import (
	"bytes"
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"

	"globalbrain/internal/account"
	"globalbrain/internal/postgres"
	"globalbrain/internal/tenant"
)

func TestATokenOpensWhatItsOwnerMayAndClosingItEndsThat(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	mo := tw.person("Mo Moderator", "Town hall", tenant.Moderator)
	me := mo.do(get, "/me", nil)
	if me.text("name") != "Mo Moderator" || me.text("organisation") != "Town hall" || me.text("roles", 1) != "moderator" || me.at("verified") != true {
		t.Errorf("%s", me.raw)
	}
	if got := mo.about(tw.other).do(get, "/me", nil); len(got.at("roles").([]any)) != 1 {
		t.Errorf("in another tenant: %s", got.raw)
	}
	mo.about(tw.other).in(get, "/screening", nil).refused(http.StatusForbidden, "permission")
	mo.send(drop, "/sessions/current", nil).want(http.StatusNoContent)
	mo.in(get, "/me", nil).refused(http.StatusUnauthorized, "account.session")
}

func TestAWrongPasswordAndAnUnknownAddressGetOneAnswer(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.account("Fay Founder")
	wrong := tw.nobody().send(post, "/sessions", object{"email": emailOf("Fay Founder"), "password": "not this one"}).refused(http.StatusUnauthorized, "credentials")
	unknown := tw.nobody().send(post, "/sessions", object{"email": emailOf("Nobody Here"), "password": password}).refused(http.StatusUnauthorized, "credentials")
	if !bytes.Equal(wrong.raw, unknown.raw) {
		t.Errorf("%s and %s", wrong.raw, unknown.raw)
	}
	for range 10 {
		tw.nobody().send(post, "/sessions", object{"email": emailOf("Fay Founder"), "password": "not this one"})
	}
	got := tw.nobody().send(post, "/sessions", object{"email": emailOf("Fay Founder"), "password": password}).want(http.StatusTooManyRequests)
	if got.Header.Get("Retry-After") == "" {
		t.Errorf("%v", got.Header)
	}
}

func TestNobodySignsInBeforeTheAddressIsProved(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	hash, err := passwordHash()
	if err != nil {
		t.Fatal(err)
	}
	letter := account.Letter{To: emailOf("New Comer"), Subject: "Welcome", Body: "Prove your address."}
	err = tw.store.SignUp(t.Context(), postgres.SignUp{
		Name: "New Comer", Email: letter.To, Locale: "en", PasswordHash: hash, Ticket: account.NewTicket(uuid.New()), Verify: letter, Known: letter,
	})
	if err != nil {
		t.Fatal(err)
	}
	tw.nobody().send(post, "/sessions", object{"email": letter.To, "password": password}).refused(http.StatusForbidden, "verify")
	tw.nobody().send(post, "/sessions", object{"email": letter.To, "password": "not this one"}).refused(http.StatusUnauthorized, "credentials")
}

func TestATokenThatIsNotGoodIsRefusedEverywhere(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	bad := &client{town: tw, where: tw.health, token: "nonsense"}
	bad.in(get, "/ideas", nil).refused(http.StatusUnauthorized, "token")
}

// public are the operations that need nobody to be signed in.
var public = map[string]bool{
	"POST /sessions": true, "GET /tenants": true, "GET /tenants/{tenant}": true,
	"GET /tenants/{tenant}/calls": true, "GET /tenants/{tenant}/calls/{call}": true, "GET /tenants/{tenant}/calls/{call}/rankings": true,
	"GET /tenants/{tenant}/ideas": true, "GET /tenants/{tenant}/ideas/{idea}": true, "GET /tenants/{tenant}/ideas/{idea}/score": true,
	"GET /tenants/{tenant}/ideas/{idea}/receipt": true, "GET /tenants/{tenant}/ideas/{idea}/reviews": true, "GET /tenants/{tenant}/ideas/{idea}/support": true,
	"GET /tenants/{tenant}/ideas/{idea}/campaign": true, "GET /tenants/{tenant}/rankings": true, "GET /tenants/{tenant}/rankings/{snapshot}": true,
	"GET /tenants/{tenant}/rankings/{snapshot}/receipts": true, "GET /tenants/{tenant}/campaigns": true, "GET /tenants/{tenant}/campaigns/{campaign}": true,
}

// special are the operations that only some roles may call.
var special = map[string]bool{
	"/screening": true, "/rounds": true, "/desk": true, "/money": true, "/models": true,
}

func TestEveryOperationAsksWhoCallsBeforeItReadsAnything(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	member, nobody := tw.person("Max Member", ""), tw.nobody()
	for _, r := range tw.routes() {
		path := things{"tenant": "health", "call": "x", "idea": "x", "round": "x", "assignment": "x", "snapshot": "x", "campaign": "x", "pledge": "x"}.in(r[1])
		got := nobody.send(r[0], path, "no JSON")
		if signedOut := got.StatusCode == http.StatusUnauthorized && got.text("code") == "sign_in"; signedOut == public[r[0]+" "+r[1]] {
			t.Errorf("%s %s to a visitor: %d %s", r[0], r[1], got.StatusCode, got.raw)
		}
		if r[1] == "/sessions/current" {
			continue // it would end the member's own session
		}
		got = member.send(r[0], path, "no JSON")
		if refused := got.StatusCode == http.StatusForbidden && got.text("code") == "permission"; refused != special[areaOf(r[1])] {
			t.Errorf("%s %s to a member: %d %s", r[0], r[1], got.StatusCode, got.raw)
		}
	}
}

// areaOf is the first step of a path below its tenant.
func areaOf(path string) string {
	rest, inside := strings.CutPrefix(path, "/tenants/{tenant}/")
	if !inside {
		return ""
	}
	area, _, _ := strings.Cut(rest, "/")
	return "/" + area
}
