package main

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// The journey's own idea; a real pitch, so that the real model reads it.
var pitch = map[string]string{
	"title": "Repair carts that visit every school yard",
	"problem": "In the eastern wards a broken bicycle is a child who walks an hour to school. Last spring we counted 412 bicycles at nine schools; 163 of them could not be ridden, " +
		"most for want of a tube, a brake pad or a chain that costs less than four euros. Families have no shop within six kilometres and no tools at home, so a small fault ends the riding for good.",
	"solution": "We build two repair carts with tools and the twelve parts that fail most, and send each to one school a day on a fixed round. Two trained mechanics mend what can be mended in the lunch hour " +
		"and teach four pupils per school to do the next repair themselves. A cart costs 2,900 euros to build and 310 euros a week to run. We publish each week how many bicycles were mended, how many " +
		"ride again a month later, and what each repair cost. After one school year the parent associations take over the carts, with a parts fund of 1,200 euros.",
	"team": "Two bicycle mechanics with eleven years of shop work, a former head teacher who keeps the round and the counts, and a bookkeeper of the parent association.",
	"goal": "12,000", "language": "en", "ai_use": "none", "rights": "yes",
}

var rationale = map[string]string{
	"impact":       "The count of 163 broken bicycles at nine schools is convincing, and the fix is cheap for each child.",
	"feasibility":  "Tools, parts and people are named and priced; the weekly round is modest and was tried in spring.",
	"auditability": "Repairs, rides after a month and cost per repair are published weekly, so anyone can check them.",
}

// TestTheWholeJourney plays one idea from its founder's first visit to the
// balanced ledger, with every role, in a real browser against the whole program.
func TestTheWholeJourney(t *testing.T) {
	t.Parallel()
	site, _ := startDemo(t, t.TempDir())
	th := openTheatre(t, site)

	admin := th.member("oskar@city.example", "en")
	call := admin.opensACall()
	founder := th.signsUp("Noor Haddad", "noor@newcomer.example")
	ideaPath := founder.writesAndSubmits()
	th.member("claire@city.example", "en").screens(founder.path())
	room := admin.opensARound(call)
	th.expertsReview(ideaPath)
	admin.closesTheRound(room, ideaPath)
	founder.readsTheRanking(ideaPath)
	founder.launches(ideaPath)
	backers := th.back(ideaPath)
	founder.seesTheMoney(ideaPath)
	for _, b := range backers {
		b.open("/t/city/pledges")
		b.follow(pitch["title"])
		b.until("Paid", 30*time.Second)
	}
	backers[0].shot("15-backer-collected")
	admin.answersForTheMoney()
	th.looksRight(ideaPath)
	if len(th.complaints) > 0 {
		t.Errorf("the browser complained:\n%s", strings.Join(th.complaints, "\n"))
	}
}

// member signs a demo person in.
func (th *theatre) member(email, language string) *person {
	th.t.Helper()
	p := th.enter(email, language)
	p.open("/signin?next=/t/city/me")
	p.fill(map[string]string{"email": email, "password": demoPassword})
	p.press("main form button")
	if p.path() != "/t/city/me" {
		p.fail("signing in leads to %s", p.path())
	}
	p.setLanguage(language)
	return p
}

// signsUp makes an account and proves its address through the mailbox page.
func (th *theatre) signsUp(name, email string) *person {
	th.t.Helper()
	p := th.enter(name, "en")
	p.open("/t/city")
	p.shot("01-visitor-home")
	p.open("/signup?next=/t/city/ideas/new")
	p.fill(map[string]string{"name": name, "email": "not an address", "password": "a-long-and-odd-password"})
	p.press("main form button")
	p.see("Type an e-mail address") // what was typed is kept beside the complaint
	p.fill(map[string]string{"email": email, "password": "a-long-and-odd-password"})
	p.press("main form button")
	p.open("/mailbox?for=" + email)
	p.shot("02-mailbox")
	p.press(".letter a")
	p.fill(map[string]string{"password": "a-long-and-odd-password"})
	p.press("main form button")
	return p
}

func (p *person) opensACall() string {
	p.t.Helper()
	p.open("/t/city/calls")
	p.fill(map[string]string{
		"slug": "safe-ways", "title_en": "Safe ways to school", "brief_en": "Works that help children reach school by themselves.",
		"title_zh": "平安上学路", "brief_zh": "帮助孩子独立、安全地上学的项目。",
	})
	p.press(`main form[action$="/calls"] button`)
	p.see("Safe ways to school")
	return "Safe ways to school"
}

func (p *person) writesAndSubmits() string {
	p.t.Helper()
	p.open("/t/city/ideas/new")
	p.see("Safe ways to school")
	p.press("main li.call:first-of-type form button")
	p.fill(map[string]string{"title": pitch["title"], "goal": "a lot"})
	p.press(`button[value="submit"]`)
	p.see("Say which problem it solves") // every complaint, and the title is kept
	p.fill(pitch)
	p.until2("#advice", "Chance of being funded")
	p.shot("03-studio-advice")
	p.press(`button[value="submit"]`)
	p.see("Submitted")
	p.shot("04-submitted")
	return p.path()
}

// until2 waits until an element of the page at hand says the text, without reloading.
func (p *person) until2(selector, text string) {
	p.t.Helper()
	for range 60 {
		if strings.Contains(p.textOf(selector), text) {
			return
		}
		time.Sleep(250 * time.Millisecond)
	}
	p.fail("%s never says %q", selector, text)
}

func (p *person) screens(ideaPath string) {
	p.t.Helper()
	p.open(strings.Replace(ideaPath, "/ideas/", "/moderation/", 1))
	p.until("model:", 30*time.Second) // the score job has run
	p.press(`form[action$="/take"] button`)
	p.shot("05-screening")
	p.press(`form[action$="/decide"] button`)
	p.see("Choose what to do") // a decision must be chosen
	p.fill(map[string]string{"verdict": "accept"})
	p.press(`form[action$="/decide"] button`)
}

func (p *person) opensARound(call string) string {
	p.t.Helper()
	p.open("/t/city/rounds")
	p.choose("call", call)
	p.fill(map[string]string{"due": time.Now().AddDate(0, 0, 7).Format(time.DateOnly)})
	p.press(`form[action$="/rounds"] button`)
	room := p.path()
	p.press(`form[action$="/assign"] button`)
	p.press(`form[action$="/move"] button`)
	p.shot("06-room-open")
	return room
}

// expertsReview has every expert whose desk holds the idea accept and judge it.
func (th *theatre) expertsReview(ideaPath string) {
	th.t.Helper()
	finals := 0
	for _, name := range []string{"helena", "samuel", "chenli", "priya", "tomas"} {
		expert := th.member(name+"@city.example", "en")
		expert.open("/t/city/desk")
		if expert.link(pitch["title"]) == "" {
			continue
		}
		finals++
		expert.judges(ideaPath, finals)
	}
	if finals != 3 {
		th.t.Fatalf("%d experts were asked, want 3", finals)
	}
}

func (p *person) judges(ideaPath string, nth int) {
	p.t.Helper()
	p.open(ideaPath)
	p.see("when your own review is handed in") // blind first
	p.open("/t/city/desk")
	p.follow(pitch["title"])
	p.press(`button[value="accept"]`)
	sheet := map[string]string{}
	for name, words := range rationale {
		sheet[name+"_score"], sheet[name+"_confidence"] = fmt.Sprint(5-nth%2), "4"
		sheet[name+"_rationale"] = "too short"
		p.fill(map[string]string{name + "_rationale": "too short"})
		sheet[name+"_rationale"] = words
	}
	p.press(`#review button[value="submit"]`)
	p.see("at least 40 characters")
	p.fill(sheet)
	if nth == 1 {
		p.shot("07-review")
	}
	p.press(`#review button[value="submit"]`)
	p.open("/t/city/desk")
}

func (p *person) closesTheRound(room, ideaPath string) {
	p.t.Helper()
	p.open(room)
	p.press(`form[action$="/move"] button`) // close
	p.fill(map[string]string{"reason": "Three experts agree that it is cheap, practical and easy to check."})
	p.press(`button[value="shortlisted"]`)
	p.press(`form[action$="/move"] button`) // finish
	p.press(`form[action$="/move"] button`) // publish
	p.shot("08-room-published")
	p.open(ideaPath)
	p.see("Shortlisted")
}

func (p *person) readsTheRanking(ideaPath string) {
	p.t.Helper()
	p.open("/t/city/ranking")
	p.follow("Safe ways to school")
	p.until(pitch["title"], 30*time.Second)
	p.see("Experts", "Model")
	p.shot("09-ranking")
	p.open(ideaPath)
	p.shot("10-idea-receipt")
}
