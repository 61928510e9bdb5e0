package api_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"globalbrain/internal/idea"
	"globalbrain/internal/tenant"
)

func TestWhoMayStillReviewAnIdeaIsToldNothingOfWhatOthersThink(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	call := tw.newCall(tw.health, "streets")
	fay, mo, chair := tw.person("Fay Founder", "Firm"), tw.person("Mo Moderator", "Town hall", tenant.Moderator), tw.person("Carl Chair", "Town hall", tenant.Admin)
	experts := tw.experts(tw.health)
	one := fay.accepted(mo, call, "Trees on wheels")
	band := idea.Band{Value: 3, Low: 2, High: 4}
	if err := tw.store.StoreScore(t.Context(), tw.health.ID, uuid.MustParse(one), 1, idea.Score{
		Model: "m 1", ModelHash: strings.Repeat("a", 64), Language: "en", Success: idea.Band{Value: .5, Low: .4, High: .6}, Impact: band, Feasibility: band, Auditability: band,
	}); err != nil {
		t.Fatal(err)
	}
	tw.rank(tw.health, call)
	snapshot := mo.do(get, "/rankings", nil).text("items", 0, "snapshot_id")
	hidden := []string{
		"/ideas/" + one + "/score", "/ideas/" + one + "/receipt", "/ideas/" + one + "/reviews", "/ideas/" + one + "/support",
		"/rankings/" + snapshot, "/rankings/" + snapshot + "/receipts",
	}
	round := "/rounds/" + chair.do(post, "/rounds", object{"call_id": call, "due_at": time.Now().Add(48 * time.Hour)}).text("round", "id")
	chair.do(post, round+"/assign", nil)
	tag := `"` + snapshot + `"`
	look := func(when string, c *client, status int) {
		t.Helper()
		for _, path := range hidden {
			if got := c.in(get, path, nil); got.StatusCode != status || status == http.StatusForbidden && got.text("code") != "review.blind" {
				t.Errorf("%s: GET %s: %d %s", when, path, got.StatusCode, got.raw)
			}
		}
	}
	look("chosen, not asked yet", experts[0], http.StatusForbidden)
	experts[0].in(get, "/rankings/"+snapshot, nil, "If-None-Match", tag).refused(http.StatusForbidden, "review.blind")
	experts[0].in(put, "/ideas/"+one+"/support", nil).refused(http.StatusForbidden, "review.blind")
	look("a visitor", tw.nobody(), http.StatusOK)
	look("the moderator", mo, http.StatusOK)

	chair.do(post, round+"/start", nil)
	task := "/desk/" + experts[0].do(get, "/desk", nil).text("items", 0, "id")
	experts[0].do(post, task+"/accept", nil)
	look("accepted", experts[0], http.StatusForbidden)
	if raw := string(experts[0].do(get, task, nil).raw); strings.Contains(raw, "rank") || strings.Contains(raw, "success") {
		t.Errorf("the task says too much: %s", raw)
	}
	if raw := string(experts[0].do(get, "/ideas/"+one, nil).raw); strings.Contains(raw, "score") || strings.Contains(raw, "support") {
		t.Errorf("the idea says too much: %s", raw)
	}
	experts[0].do(post, task+"/review", fullSheet(4))
	look("handed in", experts[0], http.StatusOK)
	look("another who has not", experts[1], http.StatusForbidden)

	visitor := tw.nobody().do(get, "/rankings/"+snapshot, nil)
	if got := visitor.Header.Get("Cache-Control"); !strings.Contains(got, "immutable") || visitor.Header.Get("Etag") != tag {
		t.Errorf("a ranking for everybody: %q, %q", got, visitor.Header.Get("Etag"))
	}
	tw.nobody().in(get, "/rankings/"+snapshot, nil, "If-None-Match", tag).want(http.StatusNotModified)
	if got := mo.do(get, "/rankings/"+snapshot, nil).Header.Get("Cache-Control"); got != "private, no-cache" {
		t.Errorf("a ranking for somebody: %q", got)
	}
}

func TestAChairWhoReviewsAnIdeaDoesNotReadTheOthersReviewsFirst(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	call := tw.newCall(tw.health, "streets")
	fay, mo, chair := tw.person("Fay Founder", "Firm"), tw.person("Mo Moderator", "", tenant.Moderator), tw.person("Carl Chair", "Town hall", tenant.Admin, tenant.Expert)
	ann, one := tw.person("Ann Expert", "Lab A", tenant.Expert), fay.accepted(mo, call, "Trees on wheels")
	round := "/rounds/" + chair.do(post, "/rounds", object{"call_id": call, "due_at": time.Now().Add(48 * time.Hour)}).text("round", "id")
	for _, e := range []*client{ann, chair} {
		chair.do(post, round+"/assignments", object{"idea_id": one, "expert_id": e.id})
	}
	chair.in(post, round+"/assignments", object{"idea_id": one, "expert_id": ann.id}).refused(http.StatusConflict, "assignment.asked_before")
	chair.in(post, round+"/assignments", object{"idea_id": one, "expert_id": mo.id}).refused(http.StatusNotFound, "not_found")
	chair.do(post, round+"/start", nil)
	task := "/desk/" + ann.do(get, "/desk", nil).text("items", 0, "id")
	ann.do(post, task+"/accept", nil)
	ann.do(post, task+"/review", fullSheet(4))
	if got := chair.do(get, round, nil); len(got.at("items", 0, "finals").([]any)) != 0 || got.number("round", "finals") != 1 {
		t.Errorf("before the chair's own review: %s", got.raw)
	}
	own := "/desk/" + chair.do(get, "/desk", nil).text("items", 0, "id")
	chair.do(post, own+"/recuse", object{"reason": "I chair."})
	if got := chair.do(get, round, nil); len(got.at("items", 0, "finals").([]any)) != 1 {
		t.Errorf("afterwards: %s", got.raw)
	}
}
