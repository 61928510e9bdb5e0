package main

import (
	"fmt"
	"strings"
	"time"

	"github.com/chromedp/chromedp"
)

// launches turns the shortlisted idea into a campaign that lasts one minute.
func (p *person) launches(ideaPath string) {
	p.t.Helper()
	p.open(ideaPath + "/campaign")
	p.fill(map[string]string{
		"goal": "300", "duration": "1", "unit": "minute",
		"reward_0_title": "A postcard from the round", "reward_0_amount": "25", "reward_0_quantity": "1", "reward_0_description": "Drawn by pupils.",
	})
	p.shot("11-campaign-plan")
	p.press(`button[value="launch"]`)
	p.press(`form[action$="/launch"] button`)
	p.open(ideaPath)
	p.shot("12-campaign-live")
}

// back has three members pledge, each with another test card; the last reward
// goes to the first.
func (th *theatre) back(ideaPath string) []*person {
	th.t.Helper()
	var list []*person
	for n, c := range []struct{ key, card, amount, reward string }{
		{"backer-1", "ok", "150", "postcard"},
		{"backer-2", "lost", "100", ""},
		{"backer-3", "soft_once", "80", ""},
	} {
		email := th.backerEmail(n)
		p := th.member(email, "en")
		p.open(ideaPath)
		if n == 0 {
			p.fill(map[string]string{"amount": "nothing"})
			p.press(`form[action$="/pledge"] button`)
			p.see("Enter an amount in digits") // and the form is still there
		}
		p.fill(map[string]string{"amount": c.amount})
		if c.reward != "" {
			p.chooseReward(c.reward)
		}
		p.press(`form[action$="/pledge"] button`)
		if n == 0 {
			p.shot("13-sandbox-page")
		}
		p.fill(map[string]string{"card": c.card})
		p.press(`button[name="confirm"]`)
		if !strings.HasPrefix(p.path(), "/t/city/pledges/") {
			p.fail("after the gateway's page the backer is at %s", p.path())
		}
		p.until("your card is charged then", 20*time.Second)
		list = append(list, p)
	}
	list[0].shot("14-pledge-active")
	return list
}

// seesTheMoney waits for the deadline job, the charges and the ledger.
func (p *person) seesTheMoney(ideaPath string) {
	p.t.Helper()
	p.open(ideaPath)
	p.follow("The campaign's money")
	for end := time.Now().Add(3 * time.Minute); !strings.Contains(p.textOf(".stepper .now"), "Funded"); {
		if time.Now().After(end) {
			p.fail("the campaign is not funded after three minutes")
		}
		time.Sleep(time.Second)
		p.do(chromedp.Reload())
	}
	p.see("€330")
	p.shot("16-founder-money")
}

func (p *person) answersForTheMoney() {
	p.t.Helper()
	p.open("/t/city/money")
	p.see("The books balance")
	p.shot("17-money-desk")
	p.open("/t/city/money/reconcile")
	p.see("Everything agrees.")
}

// looksRight walks the pages of every role in both languages, at a desktop's
// and a phone's width: nothing may be wider than the window.
func (th *theatre) looksRight(ideaPath string) {
	th.t.Helper()
	tours := map[string][]string{
		"":                    {"/", "/t/city", "/t/city/ideas", ideaPath, "/t/city/ranking", "/signin", "/signup", "/t/city/nothing-here"},
		"amara@city.example":  {"/t/city/me", "/t/city/ideas/new", "/t/city/pledges"},
		"helena@city.example": {"/t/city/desk"},
		"claire@city.example": {"/t/city/moderation"},
		"oskar@city.example":  {"/t/city/rounds", "/t/city/money", "/t/city/people", "/t/city/calls", "/t/city/models", "/t/city/models/ideas-minilm", "/t/city/models/ideas-ngram"},
	}
	for _, language := range []string{"en", "zh-CN"} {
		for email, pages := range tours {
			p := th.enter("a tour", language)
			if email != "" {
				p = th.member(email, language)
			}
			for width, narrow := range []func(){func() {}, p.phone} {
				narrow()
				for n, page := range pages {
					p.open(page)
					p.fits()
					p.shot(fmt.Sprintf("tour-%s-%s-%d-%d", language, strings.Split(email+"@", "@")[0], width, n))
				}
			}
		}
	}
}

// fits fails when the page is wider than the window.
func (p *person) fits() {
	p.t.Helper()
	wide := evaluate[string](p, `(() => {
		const room = document.documentElement.clientWidth;
		if (document.documentElement.scrollWidth <= room) return "";
		const all = [...document.querySelectorAll("body *")].filter(e => e.getBoundingClientRect().right > room + 1);
		return all.slice(-3).map(e => e.outerHTML.slice(0, 160)).join("\n") || "the page";
	})()`)
	if wide != "" {
		p.shot("too-wide")
		p.t.Errorf("%s: wider than the window: %s", p.path(), wide)
	}
}

// textOf returns what an element says, "" without one.
func (p *person) textOf(selector string) string {
	text := evaluate[string](p, fmt.Sprintf(`document.querySelector(%s)?.innerText || ""`, quote(selector)))
	return text
}

// choose picks the option of a select whose words hold the text.
func (p *person) choose(name, words string) {
	p.t.Helper()
	found := evaluate[bool](p, fmt.Sprintf(`(() => {
		const s = document.querySelector("select[name=" + %s + "]");
		const o = [...(s?.options || [])].find(o => o.text.includes(%s));
		if (o) s.value = o.value;
		return !!o;
	})()`, quote(name), quote(words)))
	if !found {
		p.fail("%s offers no %q", name, words)
	}
}

// chooseReward picks the reward whose words hold the text.
func (p *person) chooseReward(words string) {
	p.t.Helper()
	found := evaluate[bool](p, fmt.Sprintf(`(() => {
		const l = [...document.querySelectorAll("label.reward")].find(l => l.innerText.includes(%s));
		if (l) l.querySelector("input").click();
		return !!l;
	})()`, quote(words)))
	if !found {
		p.fail("there is no reward %q", words)
	}
}

// setLanguage uses the language switch of the page's foot.
func (p *person) setLanguage(tag string) {
	p.t.Helper()
	if p.attribute("html", "lang") == tag {
		return
	}
	p.press(fmt.Sprintf(`footer button[value=%q]`, tag))
}

func (p *person) attribute(selector, name string) string {
	value := evaluate[string](p, fmt.Sprintf(`document.querySelector(%s)?.getAttribute(%s) || ""`, quote(selector), quote(name)))
	return value
}

// backerEmail is the address of the nth demo backer of the city.
func (th *theatre) backerEmail(n int) string {
	th.t.Helper()
	list, err := readDemo()
	if err != nil {
		th.t.Fatal(err)
	}
	for _, content := range list {
		if content.Slug != "city" {
			continue
		}
		for i := len(content.People) - 1; i >= 0; i-- {
			if len(content.People[i].Roles) == 1 {
				if n == 0 {
					return content.People[i].Email
				}
				n--
			}
		}
	}
	th.t.Fatal("the city has too few backers")
	return ""
}
