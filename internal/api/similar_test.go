package api_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/google/uuid"

	"globalbrain/internal/api"
	"globalbrain/internal/likeness"
	"globalbrain/internal/tenant"
)

func longDraft(title string) object {
	d := draftOf(title)
	d["problem"] = "Buses stop where nobody planted a tree, and in July the benches are too hot to sit on."
	d["solution"] = "We put boxes with climbing plants on the roofs of forty stops and water them from the gutter."
	return d
}

func TestANearDuplicateIsAskedAboutOverTheAPI(t *testing.T) {
	t.Parallel()
	tw := newTown(t, func(d *api.Deps) {
		d.Likeness = likeness.New(d.Store, likeness.Options{Staleness: time.Nanosecond, Patience: time.Minute})
	})
	call := tw.newCall(tw.health, "streets")
	fay, gus := tw.person("Fay Founder", "Firm"), tw.person("Gus Founder", "Club")
	draft := func(c *client, title string) (string, string) {
		made := c.do(post, "/ideas", object{"call_id": call})
		id := made.text("id")
		return id, c.do(put, "/ideas/"+id+"/draft", longDraft(title), "If-Match", made.Header.Get("ETag")).Header.Get("ETag")
	}
	original, tag := draft(fay, "Shade for bus stops")
	fay.do(post, "/ideas/"+original+"/submit", nil, "If-Match", tag)
	copied, tag := draft(gus, "Shade for tram stops")
	if got := gus.do(get, "/ideas/"+copied+"/similar", nil); len(got.items()) != 0 {
		t.Errorf("an idea that is not public is named: %s", got.raw)
	}
	mo := tw.person("Mo Moderator", "Town hall", tenant.Moderator)
	mo.do(post, "/screening/"+original+"/take", nil)
	mo.do(post, "/screening/"+original+"/decide", object{"version": 1, "verdict": "accept"})

	list := gus.do(get, "/ideas/"+copied+"/similar", nil)
	if len(list.items()) != 1 || list.text("items", 0, "idea_id") != original || list.text("items", 0, "degree") != "copied" || list.at("items", 0, "asks") != true {
		t.Errorf("similar: %s", list.raw)
	}
	fay.in(get, "/ideas/"+copied+"/similar", nil).refused(http.StatusNotFound, "not_found")
	submit := "/ideas/" + copied + "/submit"
	gus.in(post, submit, nil, "If-Match", tag).refused(http.StatusConflict, "idea.alike")
	gus.in(post, submit, object{"alike": []string{uuid.NewString()}}, "If-Match", tag).refused(http.StatusConflict, "idea.alike")
	if got := gus.do(post, submit, object{"alike": []string{original}, "difference": "Ours is for trams."}, "If-Match", tag).text("state"); got != "submitted" {
		t.Errorf("the idea is %q", got)
	}
	gus.in(get, "/screening/"+copied+"/copies", nil).refused(http.StatusForbidden, "permission")
	copies := mo.do(get, "/screening/"+copied+"/copies", nil)
	if len(copies.items()) != 1 || copies.text("items", 0, "idea_id") != original || copies.text("items", 0, "told") != "copied" ||
		copies.text("items", 0, "difference") != "Ours is for trams." || copies.text("items", 0, "passages", 0) == "" {
		t.Errorf("copies: %s", copies.raw)
	}
}
