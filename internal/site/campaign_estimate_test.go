package site_test

import (
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"globalbrain/internal/scoring"
	"globalbrain/internal/site"
)

// newLaunchMarket is a market with the launch model that ships, and an idea long
// enough to be judged.
func newLaunchMarket(t *testing.T) *market {
	t.Helper()
	cache, _ := os.UserCacheDir()
	library, err := scoring.FindRuntime(os.Getenv("GLOBALBRAIN_ONNXRUNTIME"), filepath.Join("..", "..", "bin", "globalbrain"), cache)
	if err != nil {
		t.Fatal(err)
	}
	launcher, err := scoring.OpenLauncher(filepath.Join("..", "..", "models"), scoring.DefaultLaunchModel, library)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := launcher.Close(); err != nil {
			t.Error(err)
		}
	})
	m := newMarketWith(t, func(d *site.Deps) { d.Launcher = launcher })
	m.say("A well for the upper village", "Two hundred families walk an hour for water every day.", "We drill one well and teach four people to keep it.", "en")
	return m
}

// say changes what the idea says, in its newest version.
func (m *market) say(title, problem, solution, language string) {
	m.t.Helper()
	m.exec(`update idea_version set title = $1, problem = $2, solution = $3, language = $4`, title, problem, solution, language)
}

// band is a chance with its interval as the page says it, after the name of its line.
func band(name string) *regexp.Regexp {
	return regexp.MustCompile(`>` + name + `</span>\s*<svg[^>]*><rect class="signal-room"[^>]*/><rect class="signal-range"[^>]*/><rect class="signal-dot"[^>]*/></svg>\s*<span class="signal-words">\d+% · [^<\d]*\d+%–\d+%</span>`)
}

// silence is a line without a figure that says why.
func silence(name, why string) *regexp.Regexp {
	return regexp.MustCompile(`>` + name + `</span>\s*<svg[^>]*><rect class="signal-room"[^>]*/></svg>\s*<span class="signal-words">` + regexp.QuoteMeta(why) + `</span>`)
}

func mustMatch(t *testing.T, page string, wants ...*regexp.Regexp) {
	t.Helper()
	for _, want := range wants {
		if !want.MatchString(page) {
			t.Errorf("the page does not match %s\n%s", want, page)
		}
	}
}

func TestAFounderSeesThePlansEstimateAndNobodyElseDoes(t *testing.T) {
	t.Parallel()
	m := newLaunchMarket(t)
	plan := m.idea + "/campaign"
	page := m.founder.get(plan, http.StatusOK)
	mustMatch(t, page, band("By the text alone"), band("By the plan alone"), band("By text and plan"))
	mustContain(t, page, "creative campaigns of 2017", "It is advice and decides nothing. Only you see it.",
		`<p class="fine">duration, videos, people who work with you, delivery date, shipping worldwide, country, number of rewards, amounts of the rewards, category, day and hour of the start</p>`)

	saved := []string{"do", "save", "rows", "2", "edit", "0", "goal", "100", "duration", "10", "unit", "day", "reward_0_title", "A postcard", "reward_0_amount", "5", "reward_1_title", "A visit", "reward_1_amount", "50"}
	m.founder.post(plan, http.StatusSeeOther, saved...)
	after := m.founder.get(plan, http.StatusOK)
	mustContain(t, after, `<p class="fine">videos, people who work with you, delivery date, shipping worldwide, country, category, day and hour of the start</p>`)
	if text := band("By the text alone"); text.FindString(after) != text.FindString(page) {
		t.Error("the plan moves what is told by the text alone")
	}
	if byPlan := band("By the plan alone"); byPlan.FindString(after) == byPlan.FindString(page) {
		t.Error("a goal of 100 in place of 5,000 moves nothing")
	}
	refused := m.founder.post(plan, http.StatusUnprocessableEntity, "do", "save", "rows", "1", "goal", "much", "duration", "10", "unit", "day")
	mustMatch(t, refused, band("By text and plan"))

	m.backer.get(plan, http.StatusForbidden)
	m.browser().get(plan, http.StatusSeeOther)
	for who, b := range map[string]*browser{"a backer": m.backer, "a visitor": m.browser()} {
		if seen := b.get(m.idea, http.StatusOK); strings.Contains(seen, "launch model") || strings.Contains(seen, "By the plan alone") {
			t.Errorf("%s sees the estimate", who)
		}
	}
	m.founder.post("/language", http.StatusSeeOther, "language", "zh-CN")
	page = m.founder.get(plan, http.StatusOK)
	mustMatch(t, page, band("只看文字"), band("只看方案"), band("文字与方案合看"))
	mustContain(t, page, "筹款模型的预估", "视频、合作者、交付日期、是否全球发货、所在国家、类别、启动的日期和时刻", "也只有您能看到")
}

func TestAnEstimateThatIsNotGivenSaysWhy(t *testing.T) {
	t.Parallel()
	m := newLaunchMarket(t)
	const apart = "Not given while one of the two above is silent."
	for _, c := range []struct {
		name, title, problem, solution, language, why, missing string
	}{
		{"a Chinese text", "为上游村庄打一口井", "两百户人家每天要走一个小时去取水。", "我们打一口井，并教会四个人维护它。", "zh", "The launch model cannot read this language (Chinese), so it does not judge the text.", "videos, length of the text in words, people"},
		{"a French text", "Un puits pour le village", "Deux cents familles marchent une heure pour chercher de l'eau.", "Nous forons un puits.", "fr", "The launch model cannot read this language (French), so it does not judge the text.", "videos, people"},
		{"a few words", "Well", "Dry.", "", "en", "The text is too short for the launch model to judge.", "videos, people"},
	} {
		m.say(c.title, c.problem, c.solution, c.language) // one after the other: they share the idea
		page := m.founder.get(m.idea+"/campaign", http.StatusOK)
		mustMatch(t, page, silence("By the text alone", c.why), band("By the plan alone"), silence("By text and plan", apart))
		if !strings.Contains(page, c.missing) {
			t.Errorf("%s: the list of what is not stated lacks %q", c.name, c.missing)
		}
	}
}

func TestAmountsWithoutARateAreSaidToBeMissing(t *testing.T) {
	t.Parallel()
	m := newLaunchMarket(t)
	m.exec(`update idea_version set currency = 'KWD'`)
	mustContain(t, m.founder.get(m.idea+"/campaign", http.StatusOK), `<p class="fine">how to compare amounts in KWD, duration,`)
}

func TestWithoutALaunchModelThePlanSaysSoAndWorks(t *testing.T) {
	t.Parallel()
	m := newMarket(t)
	page := m.founder.get(m.idea+"/campaign", http.StatusOK)
	mustContain(t, page, "There is no estimate right now")
	if strings.Contains(page, "By the plan alone") {
		t.Error("an estimate of no model is shown")
	}
	m.launch()
}

func TestTheEstimateFitsAPhone(t *testing.T) {
	t.Parallel()
	m := newLaunchMarket(t)
	tab := m.windowOf("fay.founder@example.org")
	m.play(tab, chromedp.EmulateViewport(390, 844), chromedp.Navigate(m.server.URL+m.idea+"/campaign"))
	m.until(tab, `document.querySelectorAll("[aria-labelledby=estimate-title] .signal-dot").length === 3`)
	m.until(tab, `document.documentElement.scrollWidth <= innerWidth`)
}
