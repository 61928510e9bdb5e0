package api_test

import (
	"net/http"
	"strings"
	"testing"

	"globalbrain/internal/tenant"
)

func TestAnIdeaIsSentAgainOnlyWhenItHasChanged(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	call := tw.newCall(tw.health, "streets")
	fay, mo := tw.person("Fay Founder", "Firm"), tw.person("Mo Moderator", "", tenant.Moderator)
	idea := "/ideas/" + fay.submitted(call, "Trees on wheels")
	first := fay.do(get, idea, nil)
	tag := first.Header.Get("Etag")
	if tag == "" || first.Header.Get("Cache-Control") != "private, no-cache" || first.Header.Get("Vary") != "Authorization" {
		t.Fatalf("%v", first.Header)
	}
	for _, have := range []string{tag, "W/" + tag, `"other", ` + tag, "*"} {
		got := fay.in(get, idea, nil, "If-None-Match", have).want(http.StatusNotModified)
		if len(got.raw) != 0 || got.Header.Get("Etag") != tag {
			t.Errorf("%s: %v %s", have, got.Header, got.raw)
		}
	}
	fay.in(get, idea, nil, "If-None-Match", `"other"`).want(http.StatusOK)
	mo.do(post, "/screening/"+strings.TrimPrefix(idea, "/ideas/")+"/take", nil)
	if got := fay.in(get, idea, nil, "If-None-Match", tag).want(http.StatusOK); got.text("state") != "screening" || got.Header.Get("Etag") == tag {
		t.Errorf("after a step: %s", got.raw)
	}
}

func TestADraftIsNeverOverwrittenUnseen(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	call, fay := tw.newCall(tw.health, "streets"), tw.person("Fay Founder", "Firm")
	made := fay.do(post, "/ideas", object{"call_id": call})
	draft := "/ideas/" + made.text("id") + "/draft"
	if got := made.Header.Get("Location"); got != "/api/v1/tenants/health"+draft {
		t.Errorf("Location %q", got)
	}
	tag := made.Header.Get("Etag")
	fay.in(put, draft, draftOf("One")).refused(http.StatusPreconditionRequired, "if_match.missing")
	saved := fay.do(put, draft, draftOf("One"), "If-Match", tag)
	for _, old := range []string{tag, `"999"`, "1", "*", `"x"`} {
		fay.in(put, draft, draftOf("Two"), "If-Match", old).refused(http.StatusPreconditionFailed, "if_match.changed")
		fay.in(post, "/ideas/"+made.text("id")+"/submit", nil, "If-Match", old).refused(http.StatusPreconditionFailed, "if_match.changed")
	}
	if got := fay.do(get, draft, nil); got.text("title") != "One" || got.Header.Get("Etag") != saved.Header.Get("Etag") {
		t.Errorf("%s", got.raw)
	}
	tw.person("Max Member", "").in(get, draft, nil).refused(http.StatusNotFound, "not_found")
	long := draftOf(strings.Repeat("x", 121))
	got := fay.in(put, draft, long, "If-Match", saved.Header.Get("Etag")).refused(http.StatusUnprocessableEntity, "fields")
	if got.text("fields", 0, "name") != "title" || got.text("fields", 0, "code") != "idea.long" {
		t.Errorf("%s", got.raw)
	}
	empty := fay.do(put, draft, object{}, "If-Match", saved.Header.Get("Etag"))
	got = fay.in(post, "/ideas/"+made.text("id")+"/submit", nil, "If-Match", empty.Header.Get("Etag")).refused(http.StatusUnprocessableEntity, "fields")
	if len(got.at("fields").([]any)) != 8 {
		t.Errorf("a submission of nothing: %s", got.raw)
	}
}

func TestListsComeInPagesThatAddUpToTheWhole(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	call, fay := tw.newCall(tw.health, "streets"), tw.person("Fay Founder", "Firm")
	want := map[string]bool{}
	for range 5 {
		want[fay.do(post, "/ideas", object{"call_id": call}).text("id")] = true
	}
	next, pages := "", 0
	for pages == 0 || next != "" {
		got := fay.do(get, "/me/ideas?size=2&next="+next, nil)
		for i := range got.items() {
			id := got.text("items", i, "id")
			if !want[id] {
				t.Errorf("%s twice, or not ours", id)
			}
			delete(want, id)
		}
		next = got.text("next")
		pages++
	}
	if pages != 3 || len(want) != 0 {
		t.Errorf("%d pages, %d missing", pages, len(want))
	}
}
