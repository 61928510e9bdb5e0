package api_test

import (
	"bytes"
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"

	"globalbrain/internal/tenant"
)

// things are the ids of one of each thing that the API knows, by the name of
// the path's parameter.
type things map[string]string

// furnish makes one of each thing in a tenant; una has the pledge.
func (tw *town) furnish(where *tenant.Tenant, una *client) things {
	tw.t.Helper()
	call := tw.newCall(where, "streets")
	founder := tw.personIn(where, "Fay Founder", "Firm")
	moderator, chair := tw.personIn(where, "Mo Moderator", "Town hall", tenant.Moderator), tw.personIn(where, "Carl Chair", "Town hall", tenant.Admin)
	experts := tw.experts(where)
	idea := founder.accepted(moderator, call, "Trees on wheels")
	round := chair.shortlisted(experts, call, idea)
	tw.rank(where, call)
	plan := object{"goal": object{"minor": 100_000, "currency": "EUR"}, "duration_seconds": 10 * 24 * 3600}
	campaign := founder.do(put, "/ideas/"+idea+"/campaign", plan).text("id")
	founder.do(post, "/campaigns/"+campaign+"/launch", nil)
	made := una.about(where).do(post, "/campaigns/"+campaign+"/pledges", object{"amount": object{"minor": 500, "currency": "EUR"}})
	return things{
		"call": call.String(), "idea": idea, "round": round, "campaign": campaign, "pledge": made.text("id"),
		"assignment": experts[0].do(get, "/desk", nil).text("items", 0, "id"),
		"snapshot":   founder.do(get, "/rankings", nil).text("items", 0, "snapshot_id"),
	}
}

// bodies are what each operation with an id in its path takes.
func bodies(ids things) map[string]any {
	return map[string]any{
		"PUT /ideas/{idea}/draft":                  draftOf("Mine now"),
		"POST /ideas/{idea}/withdraw":              object{},
		"POST /screening/{idea}/decide":            object{"version": 1, "verdict": "accept"},
		"POST /rounds/{round}/assignments":         object{"idea_id": ids["idea"], "expert_id": uuid.NewString()},
		"POST /rounds/{round}/ideas/{idea}/decide": object{"decision": "shortlisted"},
		"POST /desk/{assignment}/decline":          object{},
		"POST /desk/{assignment}/conflict":         object{},
		"POST /desk/{assignment}/recuse":           object{},
		"PUT /desk/{assignment}/review":            fullSheet(3),
		"POST /desk/{assignment}/review":           fullSheet(3),
		"PUT /ideas/{idea}/campaign":               object{"goal": object{"minor": 100_000, "currency": "EUR"}, "duration_seconds": 10 * 24 * 3600},
		"POST /campaigns/{campaign}/cancel":        object{"reason": "No."},
		"POST /campaigns/{campaign}/shortfall":     object{"proceed": true},
		"POST /campaigns/{campaign}/pledges":       object{"amount": object{"minor": 500, "currency": "EUR"}},
	}
}

func (ids things) in(path string) string {
	for name, id := range ids {
		path = strings.ReplaceAll(path, "{"+name+"}", id)
	}
	return path
}

func TestAnotherTenantsThingLooksJustLikeOneThatNobodyHas(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	una := tw.person("Una Universal", "Town hall", tenant.Expert, tenant.Moderator, tenant.Admin)
	una.appoint(tw.other, "", tenant.Moderator)
	theirs, unknown := tw.furnish(tw.other, una), things{}
	for name := range theirs {
		unknown[name] = uuid.NewString()
	}
	garbage := things{}
	for name := range theirs {
		garbage[name] = "no-id"
	}
	asked := 0
	for _, r := range tw.routes() {
		path, inside := strings.CutPrefix(r[1], "/tenants/{tenant}")
		if !inside || !strings.Contains(path, "{") {
			continue
		}
		asked++
		ask := func(ids things) *answer {
			return una.in(r[0], ids.in(path), bodies(ids)[r[0]+" "+path], "If-Match", `"1"`)
		}
		other, none, odd := ask(theirs), ask(unknown), ask(garbage)
		if none.StatusCode != http.StatusNotFound || other.StatusCode != none.StatusCode || !bytes.Equal(other.raw, none.raw) || other.Header.Get("Etag") != none.Header.Get("Etag") {
			t.Errorf("%s %s: another tenant's: %d %s, unknown: %d %s", r[0], path, other.StatusCode, other.raw, none.StatusCode, none.raw)
		}
		if odd.StatusCode != none.StatusCode || !bytes.Equal(odd.raw, none.raw) {
			if path != "/rounds/{round}/assignments" { // whose body does not fit the schema
				t.Errorf("%s %s: what is no id: %d %s", r[0], path, odd.StatusCode, odd.raw)
			}
		}
	}
	if asked < 40 {
		t.Errorf("only %d operations were asked", asked)
	}
}

func TestAnotherTenantsThingIsUnknownInBodiesAndFiltersToo(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	una := tw.person("Una Universal", "Town hall", tenant.Admin)
	theirs := tw.furnish(tw.other, una)
	due := "2999-01-01T00:00:00Z"
	for name, ask := range map[string]func(id string) *answer{
		"create an idea":   func(id string) *answer { return una.in(post, "/ideas", object{"call_id": id}) },
		"open a round":     func(id string) *answer { return una.in(post, "/rounds", object{"call_id": id, "due_at": due}) },
		"ideas of a call":  func(id string) *answer { return una.in(get, "/ideas?call="+id, nil) },
		"other's charges":  func(id string) *answer { return una.in(get, "/money/charges?campaign="+id, nil) },
		"another tenant's": func(id string) *answer { return una.send(get, "/tenants/"+id+"/ideas", nil) },
	} {
		id := theirs["call"]
		if name == "other's charges" {
			id = theirs["campaign"]
		}
		other, none := ask(id), ask(uuid.NewString())
		if other.StatusCode != none.StatusCode || !bytes.Equal(other.raw, none.raw) {
			t.Errorf("%s: another tenant's: %d %s, unknown: %d %s", name, other.StatusCode, other.raw, none.StatusCode, none.raw)
		}
	}
}
