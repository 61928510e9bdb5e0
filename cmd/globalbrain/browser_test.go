package main

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// shots is where the journey's screenshots are kept as test output.
const shots = "../../artifacts/journey"

// theatre is one real browser in which people have a window each.
type theatre struct {
	t    *testing.T
	ctx  context.Context
	site string

	mu         sync.Mutex
	complaints []string // of the browser: broken CSP, scripts that failed
}

func openTheatre(t *testing.T, site string) *theatre {
	t.Helper()
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.NoSandbox, chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-dev-shm-usage", true), chromedp.WindowSize(1280, 900),
	)
	if path := os.Getenv("CHROME"); path != "" {
		options = append(options, chromedp.ExecPath(path))
	}
	alloc, stopAlloc := chromedp.NewExecAllocator(t.Context(), options...)
	ctx, stop := chromedp.NewContext(alloc)
	t.Cleanup(func() { stop(); stopAlloc() })
	if err := chromedp.Do(ctx); err != nil {
		t.Fatalf("start a browser (Chromium or Chrome must be installed; CHROME may name it): %v", err)
	}
	if err := os.MkdirAll(shots, 0o750); err != nil {
		t.Fatal(err)
	}
	return &theatre{t: t, ctx: ctx, site: site}
}

// person is one player with a window, cookies and language of their own.
type person struct {
	*theatre
	name string
	ctx  context.Context
}

func (th *theatre) enter(name, language string) *person {
	th.t.Helper()
	ctx, leave := chromedp.NewContext(th.ctx, chromedp.WithNewBrowserContext())
	th.t.Cleanup(leave)
	p := &person{theatre: th, name: name, ctx: ctx}
	if err := chromedp.Do(ctx); err != nil {
		th.t.Fatalf("open a window for %s: %v", name, err)
	}
	go p.listen(chromedp.Console(ctx))
	_, err := chromedp.Call(ctx, network.SetExtraHTTPHeaders, network.SetExtraHTTPHeadersParams{Headers: network.Headers{"Accept-Language": language}})
	if err != nil {
		th.t.Fatalf("set the language of %s: %v", name, err)
	}
	return p
}

// listen notes what the browser complains about: a broken content security
// policy or a script that failed. A refused form answers 4xx, which Chromium
// logs as an error of the network and which is none.
func (p *person) listen(messages iter.Seq2[chromedp.ConsoleMessage, error]) {
	for m, err := range messages {
		if err != nil {
			return
		}
		if (m.Type == chromedp.ConsoleError || m.Type == chromedp.ConsoleException) && m.Source != "network" {
			p.complain(p.name, m.Text)
		}
	}
}

func (th *theatre) complain(who, what string) {
	th.mu.Lock()
	defer th.mu.Unlock()
	th.complaints = append(th.complaints, who+": "+what)
}

// do runs actions and ends the test, with a picture, when one fails.
func (p *person) do(actions ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	limited, cancel := context.WithTimeout(p.ctx, 30*time.Second)
	defer cancel()
	if err := chromedp.Do(limited, actions...); err != nil {
		p.fail("%v", err)
	}
}

func (p *person) fail(format string, args ...any) {
	p.t.Helper()
	p.shot("failed")
	limited, cancel := context.WithTimeout(p.ctx, 10*time.Second)
	defer cancel()
	where, _ := chromedp.Run(limited, chromedp.Location())
	text, _ := chromedp.Run(limited, chromedp.Evaluate[string]("document.body.innerText"))
	p.t.Fatalf("%s at %s: %s\n%s", p.name, where, fmt.Sprintf(format, args...), text)
}

// evaluate runs a script in the page.
func evaluate[T any](p *person, code string) T {
	p.t.Helper()
	limited, cancel := context.WithTimeout(p.ctx, 30*time.Second)
	defer cancel()
	value, err := chromedp.Run(limited, chromedp.Evaluate[T](code))
	if err != nil {
		p.t.Fatalf("%s: %v in %s", p.name, err, code)
	}
	return value
}

// open goes to a path of the site.
func (p *person) open(path string) {
	p.t.Helper()
	p.do(chromedp.Navigate(p.site + path))
}

// fill types into fields by their names, as a person would: the page's scripts
// hear of it. Radio buttons and boxes take the value to choose.
func (p *person) fill(fields map[string]string) {
	p.t.Helper()
	for name, value := range fields {
		code := fmt.Sprintf(`(() => {
			const fields = [...document.querySelectorAll("main [name=" + JSON.stringify(%[1]s) + "]")];
			const f = fields.length > 1 || fields[0]?.type === "radio" ? fields.find(x => x.value === %[2]s) : fields[0];
			if (!f) return false;
			if (f.type === "radio" || f.type === "checkbox") f.checked = true; else f.value = %[2]s;
			f.dispatchEvent(new Event("input", {bubbles: true}));
			f.dispatchEvent(new Event("change", {bubbles: true}));
			return f.type === "radio" || f.type === "checkbox" || f.tagName !== "SELECT" || f.value === %[2]s;
		})()`, quote(name), quote(value))
		found := evaluate[bool](p, code)
		if !found {
			p.fail("there is no field %s that takes %q", name, value)
		}
	}
}

// press clicks what the selector finds and waits for the page that follows.
func (p *person) press(selector string) {
	p.t.Helper()
	limited, cancel := context.WithTimeout(p.ctx, 30*time.Second)
	defer cancel()
	if _, err := chromedp.RunResponse(limited, chromedp.Click(chromedp.CSS(selector))); err != nil {
		p.fail("press %s: %v", selector, err)
	}
}

// see fails unless the page says all of the texts.
func (p *person) see(texts ...string) {
	p.t.Helper()
	page := evaluate[string](p, "document.body.innerText")
	for _, text := range texts {
		if !strings.Contains(page, text) {
			p.fail("the page does not say %q", text)
		}
	}
}

// says reports whether the page says the text.
func (p *person) says(text string) bool {
	page := evaluate[string](p, "document.body.innerText")
	return strings.Contains(page, text)
}

// link returns the address of the first link whose words hold the text, or "".
func (p *person) link(text string) string {
	p.t.Helper()
	href := evaluate[string](p, fmt.Sprintf(`[...document.querySelectorAll("main a")].find(a => a.innerText.includes(%s))?.getAttribute("href") || ""`, quote(text)))
	return href
}

// follow goes where the link with the text leads.
func (p *person) follow(text string) {
	p.t.Helper()
	href := p.link(text)
	if href == "" {
		p.fail("there is no link %q", text)
	}
	if strings.HasPrefix(href, "/") {
		href = p.site + href
	}
	p.do(chromedp.Navigate(href))
}

// path returns the path of the page at hand.
func (p *person) path() string {
	p.t.Helper()
	where, err := chromedp.Run(p.ctx, chromedp.Location())
	if err != nil {
		p.t.Fatalf("%s: where am I: %v", p.name, err)
	}
	return strings.TrimPrefix(where, p.site)
}

// shot keeps a picture of the page.
func (p *person) shot(name string) {
	limited, cancel := context.WithTimeout(p.ctx, 20*time.Second)
	defer cancel()
	picture, err := chromedp.Run(limited, chromedp.FullScreenshot(90))
	if err != nil {
		p.t.Logf("no picture %s: %v", name, err)
		return
	}
	if err := os.WriteFile(filepath.Join(shots, name+".jpg"), picture, 0o600); err != nil {
		p.t.Log(err)
	}
}

// until reloads the page until it says the text.
func (p *person) until(text string, most time.Duration) {
	p.t.Helper()
	for end := time.Now().Add(most); !p.says(text); {
		if time.Now().After(end) {
			p.fail("after %v the page still does not say %q", most, text)
		}
		time.Sleep(500 * time.Millisecond)
		p.do(chromedp.Reload())
	}
}

// phone makes the window as narrow as a phone.
func (p *person) phone() {
	p.t.Helper()
	_, err := chromedp.Call(p.ctx, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{Width: 390, Height: 844, DeviceScaleFactor: 1, Mobile: true})
	if err != nil {
		p.fail("%v", err)
	}
}

func quote(s string) string {
	raw, err := json.Marshal(s)
	if err != nil {
		panic(err) // a string always becomes JSON
	}
	return string(raw)
}
