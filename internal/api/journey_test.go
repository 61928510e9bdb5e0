package api_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"globalbrain/internal/ranking"
	"globalbrain/internal/tenant"
)

const (
	get  = http.MethodGet
	post = http.MethodPost
	put  = http.MethodPut
	drop = http.MethodDelete
)

func draftOf(title string) object {
	return object{
		"title": title, "problem": "The street is too hot in summer.", "solution": "Something that gives shade.", "team": "Two welders.",
		"goal": object{"minor": 500_000, "currency": "EUR"}, "language": "en", "ai_use": "none", "rights_confirmed": true,
	}
}

// submitted is an idea that its founder has handed in over the API.
func (c *client) submitted(call uuid.UUID, title string) string {
	c.t.Helper()
	made := c.do(post, "/ideas", object{"call_id": call})
	id := made.text("id")
	saved := c.do(put, "/ideas/"+id+"/draft", draftOf(title), "If-Match", made.Header.Get("ETag"))
	c.do(post, "/ideas/"+id+"/submit", nil, "If-Match", saved.Header.Get("ETag"))
	return id
}

// accepted is an idea that a moderator has let through to the experts.
func (c *client) accepted(moderator *client, call uuid.UUID, title string) string {
	c.t.Helper()
	id := c.submitted(call, title)
	moderator.do(post, "/screening/"+id+"/take", nil)
	moderator.do(post, "/screening/"+id+"/decide", object{"version": 1, "verdict": "accept"})
	return id
}

// fullSheet is a review that may be handed in.
func fullSheet(score int) object {
	one := object{"score": score, "confidence": 4, "rationale": strings.Repeat("It is well thought through. ", 3)}
	return object{"impact": one, "feasibility": one, "auditability": one}
}

func (tw *town) experts(where *tenant.Tenant) []*client {
	tw.t.Helper()
	var all []*client
	for i, name := range []string{"Ann Expert", "Ben Expert", "Cho Expert"} {
		all = append(all, tw.personIn(where, name, []string{"Lab A", "Lab A", "Lab B"}[i], tenant.Expert))
	}
	return all
}

// rank does what the job of a ranking does.
func (tw *town) rank(where *tenant.Tenant, call uuid.UUID) {
	tw.t.Helper()
	if _, err := tw.store.BuildRanking(tw.t.Context(), where.ID, call, ranking.DefaultWeights); err != nil {
		tw.t.Fatal(err)
	}
}

// shortlisted is the id of a round in which the chair had an idea reviewed by
// three experts and shortlisted it.
func (c *client) shortlisted(experts []*client, call uuid.UUID, idea string) string {
	c.t.Helper()
	room := c.do(post, "/rounds", object{"call_id": call, "due_at": time.Now().Add(48 * time.Hour)})
	id := room.text("round", "id")
	round := "/rounds/" + id
	if n := c.do(post, round+"/assign", nil).number("added"); n != len(experts) {
		c.t.Fatalf("%d experts were assigned", n)
	}
	c.do(post, round+"/start", nil)
	for i, e := range experts {
		desk := e.do(get, "/desk", nil)
		task := "/desk/" + desk.text("items", 0, "id")
		e.in(get, "/ideas/"+idea+"/support", nil).refused(http.StatusForbidden, "review.blind")
		e.do(post, task+"/accept", nil)
		e.do(put, task+"/review", object{"impact": object{"score": 3}, "feasibility": object{}, "auditability": object{}})
		if got := e.do(post, task+"/review", fullSheet(3+i%3)).text("assignment", "state"); got != "final" {
			c.t.Fatalf("the review is %q", got)
		}
		e.in(put, task+"/review", fullSheet(1)).refused(http.StatusConflict, "review.final")
		e.do(get, "/ideas/"+idea+"/support", nil)
	}
	c.do(post, round+"/close", nil)
	c.do(post, round+"/ideas/"+idea+"/decide", object{"decision": "shortlisted"})
	c.do(post, round+"/finish", nil)
	if got := c.do(post, round+"/publish", nil).text("round", "state"); got != "published" {
		c.t.Fatalf("the round is %q", got)
	}
	return id
}

func TestTheJourneyFromADraftToACampaignGoesOverTheAPI(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	call := tw.newCall(tw.health, "streets")
	founder, visitor := tw.person("Fay Founder", "Firm"), tw.nobody()
	moderator, chair := tw.person("Mo Moderator", "Town hall", tenant.Moderator), tw.person("Carl Chair", "Town hall", tenant.Admin)
	experts := tw.experts(tw.health)

	idea := founder.submitted(call, "Trees on wheels")
	visitor.in(get, "/ideas/"+idea, nil).refused(http.StatusNotFound, "not_found")
	founder.in(get, "/screening", nil).refused(http.StatusForbidden, "permission")
	queue := moderator.do(get, "/screening", nil)
	if len(queue.items()) != 1 || queue.text("items", 0, "idea_id") != idea {
		t.Fatalf("the queue: %s", queue.raw)
	}
	moderator.do(post, "/screening/"+idea+"/take", nil)
	moderator.in(post, "/screening/"+idea+"/decide", object{"version": 1, "verdict": "reject", "note": "No."}).refused(http.StatusUnprocessableEntity, "fields")
	if got := moderator.do(post, "/screening/"+idea+"/decide", object{"version": 1, "verdict": "accept"}).text("state"); got != "in_review" {
		t.Fatalf("accepted: %q", got)
	}
	if got := visitor.do(get, "/ideas?q=wheels&state=in_review", nil); got.text("items", 0, "id") != idea {
		t.Errorf("the public list: %s", got.raw)
	}

	chair.shortlisted(experts, call, idea)
	if got := visitor.do(get, "/ideas/"+idea+"/reviews", nil); len(got.items()) != 3 || got.number("items", 0, "sheet", "impact", "score") != 3 {
		t.Errorf("the published reviews: %s", got.raw)
	}
	visitor.in(put, "/ideas/"+idea+"/support", nil).refused(http.StatusUnauthorized, "sign_in")
	if got := moderator.do(put, "/ideas/"+idea+"/support", nil); got.number("count") != 1 || got.at("mine") != true {
		t.Errorf("support: %s", got.raw)
	}
	founder.in(put, "/ideas/"+idea+"/support", nil).refused(http.StatusForbidden, "support.own")

	tw.rank(tw.health, call)
	ranked := visitor.do(get, "/rankings", nil)
	receipts := visitor.do(get, "/rankings/"+ranked.text("items", 0, "snapshot_id")+"/receipts", nil)
	if receipts.text("items", 0, "idea_id") != idea || receipts.number("items", 0, "receipt", "ratings") != 3 {
		t.Errorf("the ranking: %s", receipts.raw)
	}
	if got := visitor.do(get, "/ideas/"+idea+"/receipt", nil); got.number("receipt", "rank") != 1 {
		t.Errorf("the receipt: %s", got.raw)
	}

	plan := object{
		"goal": object{"minor": 100_000, "currency": "EUR"}, "duration_seconds": 10 * 24 * 3600,
		"rewards": []object{{"title": "A postcard", "amount": object{"minor": 500, "currency": "EUR"}, "quantity": 10}},
	}
	planned := founder.do(put, "/ideas/"+idea+"/campaign", plan)
	founder.in(put, "/ideas/"+idea+"/campaign", plan).refused(http.StatusPreconditionRequired, "if_match.missing")
	planned = founder.do(put, "/ideas/"+idea+"/campaign", plan, "If-Match", planned.Header.Get("ETag"))
	founder.in(put, "/ideas/"+idea+"/campaign", plan, "If-Match", `"1"`).refused(http.StatusPreconditionFailed, "if_match.changed")
	campaign := "/campaigns/" + planned.text("id")
	visitor.in(get, campaign, nil).refused(http.StatusNotFound, "not_found")
	if got := founder.do(post, campaign+"/launch", nil); got.text("state") != "live" || got.number("totals", "backers") != 0 {
		t.Fatalf("launched: %s", got.raw)
	}
	if got := visitor.do(get, campaign, nil); got.number("rewards", 0, "amount", "minor") != 500 {
		t.Errorf("the campaign: %s", got.raw)
	}
	founder.in(post, "/ideas/"+idea+"/withdraw", object{}).refused(http.StatusConflict, "idea.campaigning")
	moderator.in(post, campaign+"/cancel", object{"reason": "I do not like it."}).refused(http.StatusForbidden, "campaign.not_yours")
	if got := chair.do(post, campaign+"/cancel", object{"reason": "The street is gone."}).text("state"); got != "cancelled" {
		t.Errorf("cancelled: %q", got)
	}
}
