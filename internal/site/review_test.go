package site_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/google/uuid"

	"globalbrain/internal/idea"
	"globalbrain/internal/moderation"
	"globalbrain/internal/money"
	"globalbrain/internal/postgres"
	"globalbrain/internal/ranking"
	"globalbrain/internal/tenant"
)

// jury is a town with two ideas in review, a chair and three experts.
type jury struct {
	*town
	call    idea.Call
	ideas   []uuid.UUID
	chair   *browser
	experts []*browser
	founder *browser
}

func (tw *town) appoint(name, organisation string, roles ...tenant.Role) *browser {
	tw.t.Helper()
	b := tw.arrive(name, strings.ToLower(strings.ReplaceAll(name, " ", "."))+"@example.org")
	ctx, who := tw.t.Context(), tw.whoIs(name)
	boss := tw.whoIs("Olga Owner")
	for _, role := range roles {
		if err := tw.store.GrantRole(ctx, tw.health.ID, boss.ID, who.ID, role); err != nil {
			tw.t.Fatal(err)
		}
	}
	if err := tw.store.SetOrganisation(ctx, tw.health.ID, boss.ID, who.ID, organisation); err != nil {
		tw.t.Fatal(err)
	}
	return b
}

func (tw *town) whoIs(name string) postgres.Credentials {
	tw.t.Helper()
	who, err := tw.store.AccountByEmail(tw.t.Context(), strings.ToLower(strings.ReplaceAll(name, " ", "."))+"@example.org")
	if err != nil {
		tw.t.Fatal(err)
	}
	return who
}

func newJury(t *testing.T) *jury {
	t.Helper()
	tw := newTown(t)
	ctx, id := t.Context(), tw.health.ID
	j := &jury{town: tw}
	tw.arrive("Olga Owner", "olga.owner@example.org")
	olga := tw.whoIs("Olga Owner").ID
	if err := tw.owner.AppointOwner(ctx, id, olga); err != nil {
		t.Fatal(err)
	}
	j.chair = tw.appoint("Carl Chair", "Town hall", tenant.Admin)
	j.founder = tw.appoint("Fay Founder", "Firm")
	for i, name := range []string{"Ann Expert", "Ben Expert", "Cho Expert"} {
		j.experts = append(j.experts, tw.appoint(name, []string{"Lab A", "Lab A", "Lab B"}[i], tenant.Expert))
	}
	var err error
	j.call, err = tw.store.CreateCall(ctx, id, olga, idea.Call{Slug: "streets", Title: map[string]string{"en": "Cool streets"}, Brief: map[string]string{"en": "Shade."}})
	if err != nil {
		t.Fatal(err)
	}
	for _, title := range []string{"Trees on wheels", "Paint it white"} {
		j.ideas = append(j.ideas, j.inReview(title))
	}
	j.rank()
	return j
}

func (j *jury) inReview(title string) uuid.UUID {
	j.t.Helper()
	ctx, id, fay, olga := j.t.Context(), j.health.ID, j.whoIs("Fay Founder").ID, j.whoIs("Olga Owner").ID
	made, err := j.store.CreateIdea(ctx, id, fay, j.call.ID)
	if err == nil {
		made, err = j.store.SaveDraft(ctx, id, fay, made.ID, made.Edit, idea.Draft{
			Title: title, Problem: "The street is too hot in summer.", Solution: "Something that gives shade.", Team: "Two welders.",
			Goal: money.Amount{Minor: 500_000, Currency: "EUR"}, Language: "en", AIUse: idea.AINone, RightsConfirmed: true,
		})
	}
	if err == nil {
		made, err = j.store.SubmitIdea(ctx, id, fay, made.ID, made.Edit)
	}
	if err == nil {
		_, err = j.store.TakeForScreening(ctx, id, olga, made.ID)
	}
	if err == nil {
		_, err = j.store.DecideScreening(ctx, id, olga, made.ID, 1, moderation.Decision{Verdict: moderation.Accept})
	}
	if err == nil {
		err = j.store.StoreScore(ctx, id, made.ID, 1, idea.Score{
			Model: "tiny 1", ModelHash: "abc", Language: "en", Success: idea.Band{Value: .6, Low: .5, High: .7},
			Impact: idea.Band{Value: 4, Low: 3, High: 5}, Feasibility: idea.Band{Value: 4, Low: 3, High: 5}, Auditability: idea.Band{Value: 4, Low: 3, High: 5},
		})
	}
	if err != nil {
		j.t.Fatal(err)
	}
	return made.ID
}

// rank does what the job of a ranking does.
func (j *jury) rank() {
	j.t.Helper()
	if _, err := j.store.BuildRanking(j.t.Context(), j.health.ID, j.call.ID, ranking.DefaultWeights); err != nil {
		j.t.Fatal(err)
	}
}

// open has the chair open a round, fill the places and invite, all by the pages.
func (j *jury) open() string {
	j.t.Helper()
	mustContain(j.t, j.chair.get("/t/health/rounds", http.StatusOK), "Cool streets (2 ideas)")
	room := j.chair.post("/t/health/rounds", http.StatusSeeOther, "call", j.call.ID.String(), "due", "2099-01-31")
	mustContain(j.t, j.chair.get(room, http.StatusOK), "choosing reviewers", "Trees on wheels", "Nobody is chosen yet")
	j.chair.post(room+"/assign", http.StatusSeeOther)
	mustContain(j.t, j.chair.get(room, http.StatusOK), "Places filled: 6", "Ann Expert", "Lab B")
	j.chair.post(room+"/move", http.StatusSeeOther, "to", "open")
	return room
}

var assignmentLink = regexp.MustCompile(`href="(/t/health/desk/[0-9a-f-]{36})"`)

// tasks lists the assignments on an expert's desk.
func (j *jury) tasks(expert *browser) []string {
	j.t.Helper()
	seen := map[string]bool{}
	var list []string
	for _, m := range assignmentLink.FindAllStringSubmatch(expert.get("/t/health/desk", http.StatusOK), -1) {
		if !seen[m[1]] {
			seen[m[1]] = true
			list = append(list, m[1])
		}
	}
	return list
}

func sheet(score, why string) []string {
	var pairs []string
	for _, c := range []string{"impact", "feasibility", "auditability"} {
		pairs = append(pairs, c+"_score", score, c+"_confidence", "4", c+"_rationale", why)
	}
	return pairs
}

const reason = "This is a sufficiently long reason for the score."

func TestARoundIsHeldThroughThePages(t *testing.T) {
	t.Parallel()
	j := newJury(t)
	room := j.open()
	for i, expert := range j.experts {
		mustContain(t, expert.get("/t/health/me", http.StatusOK), "Trees on wheels", "invited")
		for _, task := range j.tasks(expert) {
			expert.post(task+"/answer", http.StatusSeeOther, "do", "accept")
			expert.post(task, http.StatusSeeOther, append(sheet([]string{"5", "4", "2"}[i], reason), "do", "submit")...)
			mustContain(t, expert.get(task, http.StatusOK), "This review is final", reason)
		}
	}
	j.chair.post(room+"/move", http.StatusSeeOther, "to", "discussion")
	mustContain(t, j.chair.get(room, http.StatusOK), "6 of 6 reviews are in", "Review 3", reason, "The reviewers are far apart")
	j.chair.post(room+"/decide", http.StatusSeeOther, "idea", j.ideas[0].String(), "decision", "shortlisted")
	refused := j.chair.post(room+"/decide", http.StatusUnprocessableEntity, "idea", j.ideas[1].String(), "decision", "rejected", "reason", "no")
	mustContain(t, refused, "Please check the marked fields")
	j.chair.post(room+"/decide", http.StatusSeeOther, "idea", j.ideas[1].String(), "decision", "rejected", "reason", "Paint fades within a year.")
	j.chair.post(room+"/move", http.StatusSeeOther, "to", "decided")
	if page := j.founder.get("/t/health/ideas/"+j.ideas[0].String(), http.StatusOK); strings.Contains(page, reason) {
		t.Error("reviews are shown before they are published")
	}
	j.chair.post(room+"/move", http.StatusSeeOther, "to", "published")
	j.rank()
	mustContain(t, j.browser().get("/t/health/ideas/"+j.ideas[0].String(), http.StatusOK), reason, "Ranked 1 of 1", "3 reviews", "Shortlisted")
	mustContain(t, j.founder.get("/t/health/ideas/"+j.ideas[1].String(), http.StatusOK), "Rejected after review: Paint fades within a year.")
	if page := j.browser().get("/t/health/ideas/"+j.ideas[0].String(), http.StatusOK); strings.Contains(page, "Ann Expert") {
		t.Error("a reviewer is named to the public")
	}
}

// Whatever page a reviewer opens before they hand in, it says nothing of the
// model, the others, the support or the rank of the idea.
func TestReviewersJudgeBlindOnEveryPage(t *testing.T) {
	t.Parallel()
	j := newJury(t)
	shown := j.ideas[0].String()
	newest, err := j.store.NewestSnapshot(t.Context(), j.health.ID, "streets")
	if err != nil {
		t.Fatal(err)
	}
	pages := []string{"/t/health/", "/t/health/ideas", "/t/health/ideas?q=trees", "/t/health/me", "/t/health/ranking", "/t/health/ranking/" + newest.String(), "/t/health/ideas/" + shown}
	tells := []string{"Ranked 1", "Ranked 2", ", likely", "supporter", "signal-dot", "the model likes", "tiny 1 says"}
	look := func(b *browser) (seen []string) {
		for _, path := range pages {
			page := b.get(path, http.StatusOK)
			for _, tell := range tells {
				if strings.Contains(page, tell) {
					seen = append(seen, path+": "+tell)
				}
			}
		}
		return seen
	}
	expert := j.experts[0]
	if len(look(expert)) == 0 {
		t.Fatal("nothing is shown to anybody, so nothing is proved")
	}
	j.open()
	task := j.tasks(expert)
	pages = append(pages, "/t/health/desk", task[0], task[1])
	for _, act := range []string{"invited", "accepted", "draft"} {
		if seen := look(expert); len(seen) > 0 {
			t.Errorf("%s: the reviewer sees %q", act, seen)
		}
		expert.get("/t/health/ranking/"+newest.String()+"/inputs.json", http.StatusForbidden)
		expert.post("/t/health/ideas/"+shown+"/support", http.StatusForbidden, "do", "give")
		switch act {
		case "invited":
			for _, path := range task {
				expert.post(path+"/answer", http.StatusSeeOther, "do", "accept")
			}
		case "accepted":
			expert.post(task[0], http.StatusSeeOther, append(sheet("3", "Half a thought"), "do", "save")...)
		}
	}
	mustContain(t, expert.get("/t/health/ideas/"+shown, http.StatusOK), "You are asked to review this idea")
	mustContain(t, expert.get("/t/health/ranking/"+newest.String(), http.StatusOK), "you see no ranks here")
	for _, path := range task {
		expert.post(path, http.StatusSeeOther, append(sheet("3", reason), "do", "submit")...)
	}
	if len(look(expert)) == 0 {
		t.Error("the reviewer is still blind after handing in")
	}
	expert.get("/t/health/ranking/"+newest.String()+"/inputs.json", http.StatusOK)
}

func TestAReviewKeepsWhatWasTyped(t *testing.T) {
	t.Parallel()
	j := newJury(t)
	j.open()
	expert := j.experts[1]
	task := j.tasks(expert)[0]
	mustContain(t, expert.get(task, http.StatusOK), "Accept and write the review", "I have a conflict of interest", "Something that gives shade")
	expert.post(task+"/answer", http.StatusSeeOther, "do", "accept")
	if page := expert.get(task, http.StatusOK); strings.Contains(page, "form-problem") || strings.Count(page, "too hot in summer") != 1 {
		t.Errorf("a fresh form complains\n%s", page)
	}
	refused := expert.post(task, http.StatusUnprocessableEntity, append(sheet("4", "Too short & <b>bold</b>"), "do", "submit")...)
	mustContain(t, refused, "Say why in at least 40 characters; this has 23.", "Too short &amp; &lt;b&gt;bold&lt;/b&gt;", `name="impact_score" value="4" checked`)
	mustContain(t, expert.get(task, http.StatusOK), "Too short &amp; &lt;b&gt;bold&lt;/b&gt;")
	typed := expert.send(http.MethodPost, task+"/typed", form(sheet("2", "Typed on")), "Sec-Fetch-Site", "same-origin", "HX-Request", "true")
	if typed.StatusCode != http.StatusOK || !strings.Contains(typed.body, "Saved") {
		t.Errorf("typing: %d %s", typed.StatusCode, typed.body)
	}
	mustContain(t, expert.get(task, http.StatusOK), "Typed on", `name="impact_score" value="2" checked`)
	mustContain(t, expert.get("/t/health/desk", http.StatusOK), "3 of 3 criteria answered")
	expert.post(task, http.StatusSeeOther, append(sheet("2", reason), "do", "submit")...)
	expert.post(task, http.StatusConflict, append(sheet("5", reason), "do", "submit")...)
	mustContain(t, expert.get(task, http.StatusOK), "This review is final", "sure: 4 of 5")
	j.experts[0].get(task, http.StatusNotFound)
	j.founder.get(task, http.StatusForbidden)
}

func form(pairs []string) url.Values {
	v := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		v.Add(pairs[i], pairs[i+1])
	}
	return v
}

func TestAConflictOfInterestEndsAnAssignment(t *testing.T) {
	t.Parallel()
	j := newJury(t)
	room := j.open()
	expert := j.experts[2]
	task := j.tasks(expert)[0]
	expert.post(task+"/answer", http.StatusSeeOther, "do", "conflict", "reason", "We share an office")
	mustContain(t, expert.get(task, http.StatusOK), "This invitation is over")
	if len(j.tasks(expert)) != 1 {
		t.Error("the other idea left the desk too, or this one did not")
	}
	page := j.chair.get(room, http.StatusOK)
	mustContain(t, page, "conflict of interest", "Fewer than 3 reviewers")
	ben := j.whoIs("Ben Expert").ID.String()
	mustContain(t, j.chair.post(room+"/experts", http.StatusConflict, "idea", j.ideas[0].String(), "expert", ben), "asked to review this idea before")
	fay := j.whoIs("Fay Founder").ID.String()
	j.chair.post(room+"/experts", http.StatusNotFound, "idea", j.ideas[0].String(), "expert", fay) // no expert
	j.founder.get(room, http.StatusForbidden)
}

func TestARankingIsReadByItsID(t *testing.T) {
	t.Parallel()
	j := newJury(t)
	b := j.browser()
	to := b.send(http.MethodGet, "/t/health/ranking/calls/streets", nil).Header.Get("Location")
	first := b.send(http.MethodGet, to, nil)
	mustContain(t, first.body, "Trees on wheels", "Ranked 1 of 2", "Ranked 2 of 2", "no expert has reviewed it yet", "model tiny 1")
	tag := first.Header.Get("ETag")
	if again := b.send(http.MethodGet, to, nil, "If-None-Match", tag); tag == "" || again.StatusCode != http.StatusNotModified || again.body != "" {
		t.Errorf("with tag %s: %d, %d bytes", tag, again.StatusCode, len(again.body))
	}
	if chinese := b.send(http.MethodGet, to, nil, "If-None-Match", tag, "Accept-Language", "zh-CN"); chinese.StatusCode != http.StatusOK || !strings.Contains(chinese.body, "排第 1 名") {
		t.Errorf("in Chinese: %d", chinese.StatusCode)
	}
	inputs := b.send(http.MethodGet, to+"/inputs.json", nil)
	mustContain(t, inputs.body, `"weights"`, `"seed"`, `"model_hash": "abc"`)
	if inputs.Header.Get("Content-Type") != "application/json" {
		t.Errorf("the inputs are %s", inputs.Header.Get("Content-Type"))
	}

	mustContain(t, j.chair.get("/t/health/ideas/"+j.ideas[0].String(), http.StatusOK), "Support this idea", "0 supporters")
	j.chair.post("/t/health/ideas/"+j.ideas[0].String()+"/support", http.StatusSeeOther, "do", "give")
	mustContain(t, j.chair.get("/t/health/ideas/"+j.ideas[0].String(), http.StatusOK), "Take my support back", "1 supporter")
	j.founder.post("/t/health/ideas/"+j.ideas[0].String()+"/support", http.StatusForbidden, "do", "give")
	j.rank()
	next := b.send(http.MethodGet, "/t/health/ranking/calls/streets", nil).Header.Get("Location")
	if next == to {
		t.Fatal("support made no new ranking")
	}
	mustContain(t, b.get("/t/health/ranking/calls/streets/all", http.StatusOK), next, to)
	if old := b.send(http.MethodGet, to, nil); old.body != first.body {
		t.Error("an old ranking changed")
	}
	mustContain(t, b.get("/t/health/ranking", http.StatusOK), next, "How ranking works", "globalbrain rank -snapshot")
	b.get("/t/health/ranking/"+uuid.NewString(), http.StatusNotFound)
	b.get("/t/health/ranking/calls/nowhere", http.StatusNotFound)
	b.get("/t/health/ranking/calls/nowhere/all", http.StatusNotFound)
}
