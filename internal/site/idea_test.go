package site_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"globalbrain/internal/idea"
	"globalbrain/internal/site"
	"globalbrain/internal/tenant"
)

// newsroom is a town with an open call, a founder, and a moderator.
type newsroom struct {
	*town
	call      idea.Call
	founder   *browser
	moderator *browser
}

func newNewsroom(t *testing.T) *newsroom {
	t.Helper()
	return newNewsroomWith(t, func(*site.Deps) {})
}

func newNewsroomWith(t *testing.T, set func(*site.Deps)) *newsroom {
	t.Helper()
	n := &newsroom{town: newTownWith(t, set)}
	ctx, id := t.Context(), n.health.ID
	n.founder, n.moderator = n.arrive("Fay", "fay@example.org"), n.arrive("Mo", "mo@example.org")
	mo, err := n.store.AccountByEmail(ctx, "mo@example.org")
	if err == nil {
		err = n.owner.AppointOwner(ctx, id, mo.ID)
	}
	if err == nil {
		n.call, err = n.store.CreateCall(ctx, id, mo.ID, idea.Call{
			Slug: "streets", Title: map[string]string{"en": "Cooler streets", "zh-CN": "清凉街道"}, Brief: map[string]string{"en": "Shade for everybody."},
		})
	}
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// start makes a draft by the founder's hand and returns the path of its page.
func (n *newsroom) start() string {
	n.t.Helper()
	to := n.founder.post("/t/health/ideas", http.StatusSeeOther, "call", n.call.ID.String())
	path, found := strings.CutSuffix(to, "/edit")
	if !found {
		n.t.Fatalf("a new draft leads to %s", to)
	}
	return path
}

var editNumber = regexp.MustCompile(`name="edit" value="(\d+)"|data-edit="(\d+)"`)

// edit returns the edit number that a page carries.
func (n *newsroom) edit(page string) string {
	n.t.Helper()
	found := editNumber.FindStringSubmatch(page)
	if found == nil {
		n.t.Fatalf("no edit number in\n%s", page)
	}
	return found[1] + found[2]
}

// typed is a complete form, with some fields changed: name, value, name, value.
func typed(edit string, changes ...string) []string {
	values := map[string]string{
		"edit": edit, "title": "Shade for bus stops", "problem": "Waiting in the **sun** makes people ill.", "solution": "Plants on the roofs of the stops.",
		"team": "Two gardeners and a welder.", "goal": "1,250.50", "language": "en", "ai_use": "none", "rights": "yes",
	}
	for i := 0; i+1 < len(changes); i += 2 {
		values[changes[i]] = changes[i+1]
	}
	var pairs []string
	for name, value := range values {
		pairs = append(pairs, name, value)
	}
	return pairs
}

// submit hands a new idea in and returns the path of its page.
func (n *newsroom) submit(changes ...string) string {
	n.t.Helper()
	path := n.start()
	edit := n.edit(n.founder.get(path+"/edit", http.StatusOK))
	n.founder.post(path+"/edit", http.StatusSeeOther, append(typed(edit, changes...), "act", "submit")...)
	return path
}

// desk returns the moderator's page of an idea.
func desk(path string) string { return strings.Replace(path, "/ideas/", "/moderation/", 1) }

func (n *newsroom) accept(path string) {
	n.t.Helper()
	n.moderator.post(desk(path)+"/take", http.StatusSeeOther)
	n.moderator.post(desk(path)+"/decide", http.StatusSeeOther, "version", "1", "verdict", "accept")
}

func TestAnIdeaGoesFromADraftThroughScreeningToThePublic(t *testing.T) {
	t.Parallel()
	n := newNewsroom(t)
	mustContain(t, n.founder.get("/t/health/ideas/new", http.StatusOK), "Cooler streets", "Shade for everybody.")
	path := n.start()
	visitor := n.browser()
	visitor.get(path, http.StatusNotFound)
	n.moderator.get(path, http.StatusNotFound)
	n.moderator.get(path+"/edit", http.StatusNotFound)

	page := n.founder.get(path+"/edit", http.StatusOK)
	page = n.founder.post(path+"/edit", http.StatusUnprocessableEntity, append(typed(n.edit(page), "team", "", "rights", ""), "act", "submit")...)
	mustContain(t, page, "Say who would do it.", "Confirm that the idea is yours to post.", `value="Shade for bus stops"`, `value="1,250.50"`)

	to := n.founder.post(path+"/edit", http.StatusSeeOther, append(typed(n.edit(page)), "act", "submit")...)
	if to != path {
		t.Errorf("submitting leads to %s", to)
	}
	mustContain(t, n.founder.get(path, http.StatusOK), "Your idea is submitted.", "a moderator looks at it", "€1,250.50", "<strong>sun</strong>")
	visitor.get(path, http.StatusNotFound)
	mustContain(t, n.moderator.get(path, http.StatusOK), "Screen this idea")

	mustContain(t, n.moderator.get("/t/health/moderation", http.StatusOK), desk(path), "Shade for bus stops", "Fay", "submitted")
	n.moderator.post(desk(path)+"/take", http.StatusSeeOther)
	mustContain(t, n.moderator.get("/t/health/moderation", http.StatusOK), "with Mo")
	page = n.moderator.post(desk(path)+"/decide", http.StatusUnprocessableEntity, "version", "1", "verdict", "reject", "note", "This is not yours.")
	mustContain(t, page, "Choose the rule that the idea breaks.", "This is not yours.")
	n.moderator.post(desk(path)+"/decide", http.StatusSeeOther, "version", "1", "verdict", "request_changes", "note", "Say what the plants cost.")

	page = n.founder.get(path+"/edit", http.StatusOK)
	mustContain(t, page, "What the moderator says", "Say what the plants cost.", "Changes requested")
	mustContain(t, n.founder.get("/t/health/me", http.StatusOK), "Changes were requested")
	n.founder.post(path+"/edit", http.StatusSeeOther, append(typed(n.edit(page), "solution", "Plants for 40 euros a stop."), "act", "submit")...)
	if strings.Contains(n.founder.get(path, http.StatusOK), "Say what the plants cost.") {
		t.Error("the note on the first version is shown with the second one")
	}
	n.moderator.post(desk(path)+"/take", http.StatusSeeOther)
	mustContain(t, n.moderator.post(desk(path)+"/decide", http.StatusConflict, "version", "1", "verdict", "accept"), "newer version")
	n.moderator.post(desk(path)+"/decide", http.StatusSeeOther, "version", "2", "verdict", "accept")
	mustContain(t, visitor.get(path, http.StatusOK), "Plants for 40 euros a stop.", "Written by people", "experts review it")
	mustContain(t, visitor.get("/t/health/ideas", http.StatusOK), path, "The newest ideas come first.")
	mustContain(t, n.founder.get(path, http.StatusOK), "What happened so far", "Withdraw this idea")
}

func TestARejectionTellsTheFounderTheRuleAndHidesTheIdea(t *testing.T) {
	t.Parallel()
	n := newNewsroom(t)
	path := n.submit()
	n.moderator.post(desk(path)+"/take", http.StatusSeeOther)
	n.moderator.post(desk(path)+"/decide", http.StatusSeeOther, "version", "1", "verdict", "reject", "rule", "off_topic", "note", "The call is about streets.")
	mustContain(t, n.founder.get(path, http.StatusOK), "Does not answer the call", "The call is about streets.", "Rejected")
	n.browser().get(path, http.StatusNotFound)
	mustContain(t, n.moderator.post(desk(path)+"/decide", http.StatusConflict, "version", "1", "verdict", "accept"), "does not wait for screening")
	if to := n.founder.send(http.MethodGet, path+"/edit", nil).Header.Get("Location"); to != path {
		t.Errorf("the studio of a rejected idea leads to %q", to)
	}
}

func TestNobodyScreensTheirOwnIdea(t *testing.T) {
	t.Parallel()
	n := newNewsroom(t)
	mo, err := n.store.AccountByEmail(t.Context(), "mo@example.org")
	if err != nil {
		t.Fatal(err)
	}
	fay, err := n.store.AccountByEmail(t.Context(), "fay@example.org")
	if err != nil {
		t.Fatal(err)
	}
	path := n.submit()
	if err := n.store.GrantRole(t.Context(), n.health.ID, mo.ID, fay.ID, tenant.Moderator); err != nil {
		t.Fatal(err)
	}
	mustContain(t, n.founder.get(desk(path), http.StatusOK), "This is your own idea.")
	n.founder.post(desk(path)+"/take", http.StatusForbidden)
	n.moderator.post(desk(path)+"/take", http.StatusSeeOther)
	n.founder.post(desk(path)+"/decide", http.StatusForbidden, "version", "1", "verdict", "accept")
	n.browser().get(path, http.StatusNotFound)
}

func TestTwoTabsNoticeEachOtherAndLoseNothing(t *testing.T) {
	t.Parallel()
	n := newNewsroom(t)
	path := n.start()
	first := n.edit(n.founder.get(path+"/edit", http.StatusOK))
	second := first // another tab with the same page
	n.founder.post(path+"/edit", http.StatusSeeOther, typed(first, "title", "From the first tab")...)

	answer := n.founder.post(path+"/advice", http.StatusConflict, typed(second, "title", "From the second tab")...)
	mustContain(t, answer, "saved in another tab")
	if strings.Contains(answer, "data-edit") {
		t.Error("saving as typed hands a second tab the number to overwrite the first with")
	}
	page := n.founder.post(path+"/edit", http.StatusConflict, typed(second, "title", "From the second tab", "team", "A new team.")...)
	mustContain(t, page, `value="From the second tab"`, "A new team.", "From the first tab", "changed in another tab")
	if strings.Contains(page, "data-autosave") {
		t.Error("the page with the conflict would overwrite the other tab without being asked")
	}
	n.founder.post(path+"/edit", http.StatusSeeOther, typed(n.edit(page), "title", "From the second tab")...)
	mustContain(t, n.founder.get(path+"/edit", http.StatusOK), `value="From the second tab"`)
}

func TestADraftIsSavedAsTyped(t *testing.T) {
	t.Parallel()
	n := newNewsroom(t)
	path := n.start()
	edit := n.edit(n.founder.get(path+"/edit", http.StatusOK))
	answer := n.founder.post(path+"/advice", http.StatusOK, "edit", edit, "title", "Half a ti", "goal", "900")
	mustContain(t, answer, "The steps of the solution", "Saved")
	answer = n.founder.post(path+"/advice", http.StatusOK, "edit", n.edit(answer), "title", "Half a title", "goal", "9,,", "language", "zh")
	page := n.founder.get(path+"/edit", http.StatusOK)
	mustContain(t, page, `value="Half a title"`, `value="900`, n.edit(answer))

	page = n.founder.post(path+"/edit", http.StatusUnprocessableEntity, "edit", n.edit(page), "title", "A title", "goal", "a lot", "language", "zh")
	mustContain(t, page, `value="a lot"`, `id="f-goal-error"`)
	page = n.founder.post(path+"/edit", http.StatusUnprocessableEntity, append(typed(n.edit(page), "title", "A title", "goal", "a lot", "team", ""), "act", "submit")...)
	mustContain(t, page, `value="a lot"`, `id="f-goal-error"`, "Say who would do it.") // every complaint at once
	mustContain(t, n.founder.get(path+"/edit", http.StatusOK), `value="A title"`)      // only the goal was refused
	page = n.founder.post(path+"/edit", http.StatusUnprocessableEntity, typed(n.edit(page), "title", strings.Repeat("长", 121))...)
	mustContain(t, page, "This has 121 characters; at most 120 fit.", strings.Repeat("长", 121))
	n.founder.post(path+"/edit", http.StatusUnprocessableEntity, typed("no number")...)

	n.founder.post("/language", http.StatusSeeOther, "language", "zh-CN")
	mustContain(t, n.founder.get(path+"/edit", http.StatusOK), "保存草稿", "还缺")
	n.moderator.post(path+"/edit", http.StatusNotFound, typed("1")...)
}

func TestWithdrawingAsksFirstAndIsFinal(t *testing.T) {
	t.Parallel()
	n := newNewsroom(t)
	path := n.submit()
	n.accept(path)
	mustContain(t, n.founder.get(path+"/withdraw", http.StatusOK), "Withdraw this idea?", "Shade for bus stops", "cannot be undone")
	n.moderator.post(path+"/withdraw", http.StatusForbidden)
	n.founder.post(path+"/withdraw", http.StatusSeeOther)
	n.browser().get(path, http.StatusNotFound)
	mustContain(t, n.founder.get(path, http.StatusOK), "Withdrawn")
	mustContain(t, n.founder.post(path+"/withdraw", http.StatusConflict), "no longer possible")
}

func TestExploreFiltersSearchesAndTurnsPages(t *testing.T) {
	t.Parallel()
	n := newNewsroom(t)
	paths := map[string]string{}
	for title, language := range map[string]string{"Trees on wheels": "en", "公交站的绿色屋顶": "zh", "100% white roofs": "en"} {
		paths[title] = n.submit("title", title, "language", language)
		n.accept(paths[title])
	}
	visitor := n.browser()
	for name, c := range map[string]struct {
		query url.Values
		want  []string
	}{
		"everything":        {nil, []string{"Trees on wheels", "公交站的绿色屋顶", "100% white roofs"}},
		"a word":            {url.Values{"q": {"WHEELS"}}, []string{"Trees on wheels"}},
		"Chinese":           {url.Values{"q": {"绿色"}}, []string{"公交站的绿色屋顶"}},
		"a wildcard":        {url.Values{"q": {"%"}}, []string{"100% white roofs"}},
		"a language":        {url.Values{"language": {"zh"}}, []string{"公交站的绿色屋顶"}},
		"a stage":           {url.Values{"state": {"shortlisted"}}, nil},
		"a hidden stage":    {url.Values{"state": {"draft"}}, []string{"Trees on wheels", "公交站的绿色屋顶", "100% white roofs"}},
		"another call":      {url.Values{"call": {"0198c0de-0000-7000-8000-000000000000"}}, nil},
		"this call":         {url.Values{"call": {n.call.ID.String()}}, []string{"Trees on wheels", "公交站的绿色屋顶", "100% white roofs"}},
		"a call of no kind": {url.Values{"call": {"x"}, "q": {"wheels"}}, []string{"Trees on wheels"}},
	} {
		page := visitor.get("/t/health/ideas?"+c.query.Encode(), http.StatusOK)
		for title, path := range paths {
			want := false
			for _, w := range c.want {
				want = want || w == title
			}
			if strings.Contains(page, path) != want {
				t.Errorf("%s: shows %s: %v", name, title, !want)
			}
		}
		if len(c.want) == 0 {
			mustContain(t, page, "No idea matches.")
		}
	}
	visitor.get("/t/health/ideas?after=nonsense", http.StatusUnprocessableEntity)
}

func TestAnAdminOpensACallAndIsToldWhatIsWrong(t *testing.T) {
	t.Parallel()
	n := newNewsroom(t)
	n.founder.get("/t/health/calls", http.StatusForbidden)
	page := n.moderator.post("/t/health/calls", http.StatusUnprocessableEntity, "slug", "No Spaces", "title_en", "", "brief_en", "Brief words", "closes", "2001-01-01")
	mustContain(t, page, `id="f-slug-error"`, `id="f-title_en-error"`, `id="f-closes-error"`, "Brief words", "No Spaces")
	page = n.moderator.post("/t/health/calls", http.StatusUnprocessableEntity, "slug", "water", "title_en", "Water", "brief_en", "Brief words", "closes", "soon")
	mustContain(t, page, `id="f-closes-error"`, "year-month-day")
	n.moderator.post("/t/health/calls", http.StatusConflict, "slug", "streets", "title_en", "Again", "brief_en", "Again.")
	n.moderator.post("/t/health/calls", http.StatusSeeOther, "slug", "water", "title_en", "Water for all", "brief_en", "Wells.", "title_zh", "人人有水", "brief_zh", "水井。", "closes", "2999-12-31")
	mustContain(t, n.founder.get("/t/health/ideas/new", http.StatusOK), "Water for all", "Wells.")
	n.founder.post("/language", http.StatusSeeOther, "language", "zh-CN")
	mustContain(t, n.founder.get("/t/health/ideas/new", http.StatusOK), "人人有水", "水井。")
}
