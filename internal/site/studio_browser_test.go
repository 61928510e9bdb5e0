package site_test

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/google/uuid"

	"globalbrain/internal/idea"
	"globalbrain/internal/scoring"
	"globalbrain/internal/site"
	"globalbrain/internal/tenant"
)

// window is a tab of a real browser in which the founder is signed in.
func (n *newsroom) window() context.Context { return n.windowOf("fay@example.org") }

// windowOf is a tab of a real browser in which the owner of an address is signed in.
func (tw *town) windowOf(address string) context.Context {
	tw.t.Helper()
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.NoSandbox, chromedp.Flag("disable-dev-shm-usage", true))
	if path := os.Getenv("CHROME"); path != "" {
		options = append(options, chromedp.ExecPath(path))
	}
	alloc, stopAlloc := chromedp.NewExecAllocator(context.Background(), options...)
	browser, stop := chromedp.NewContext(alloc)
	if err := chromedp.Do(browser); err != nil {
		tw.t.Fatalf("start a browser (Chromium or Chrome must be installed; CHROME may name it): %v", err)
	}
	tab, giveUp := context.WithTimeout(browser, time.Minute)
	tw.t.Cleanup(func() { giveUp(); stop(); stopAlloc() })
	signIn := fmt.Sprintf(`(() => {
		const form = document.querySelector("main form");
		form.elements.email.value = %q;
		form.elements.password.value = %q;
		form.requestSubmit();
	})()`, address, password)
	tw.play(tab, chromedp.Navigate(tw.server.URL+"/signin?next=/t/health"), script(signIn))
	tw.until(tab, `location.pathname === "/t/health"`)
	return tab
}

func (tw *town) play(tab context.Context, steps ...chromedp.Action[chromedp.Void]) {
	tw.t.Helper()
	if err := chromedp.Do(tab, steps...); err != nil {
		tw.t.Fatal(err)
	}
}

func script(code string) chromedp.Action[chromedp.Void] {
	return chromedp.Evaluate[chromedp.Void](code)
}

// until waits for an expression to become true, on this page or the next one.
func (tw *town) until(tab context.Context, code string) {
	tw.t.Helper()
	for {
		// Between two pages there is nothing to ask; then it is asked again.
		if is, err := chromedp.Run(tab, chromedp.Evaluate[bool](code)); err == nil && is {
			return
		}
		select {
		case <-tab.Done():
			tw.t.Fatalf("it never becomes true that %s", code)
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// writes fills the whole form in, as typing does.
const writes = `(() => {
	const values = {title: "Typed slowly", problem: "It is hot.", solution: "Plants.", team: "A welder.", goal: "900", language: "en"};
	const form = document.querySelector("#draft");
	for (const [name, value] of Object.entries(values)) form.elements[name].value = value;
	form.elements.ai_use.value = "none";
	form.elements.rights.checked = true;
	form.elements.title.dispatchEvent(new Event("input", {bubbles: true}));
})()`

// slowCoach thinks about one title until it is told to go on.
type slowCoach struct{ asked, goOn chan struct{} }

func (c slowCoach) Coach(ctx context.Context, _ tenant.ID, t scoring.Text) (scoring.Advice, error) {
	if t.Title == "Typed slowly" {
		select {
		case c.asked <- struct{}{}:
			<-c.goOn
		case <-c.goOn:
		}
	}
	return scoring.Advice{Score: scoring.Score{Abstained: true, Reason: scoring.ReasonTooShort}}, ctx.Err()
}

// Pressing Submit while a save is under way must not run into that very save.
func TestSubmittingWaitsForTheSaveThatIsUnderWay(t *testing.T) {
	t.Parallel()
	coach := slowCoach{make(chan struct{}), make(chan struct{})}
	n := newNewsroomWith(t, func(d *site.Deps) { d.Coach = coach })
	path, tab := n.start(), n.window()
	n.play(tab, chromedp.Navigate(n.server.URL+path+"/edit"), script(writes))
	select {
	case <-coach.asked: // the draft is stored, and the answer is not there yet
	case <-tab.Done():
		t.Fatal("what was typed is not saved by itself")
	}
	n.play(tab, script(`document.querySelector("button[value=submit]").click()`))
	close(coach.goOn)
	n.until(tab, fmt.Sprintf(`location.pathname === %q`, path))
	id := uuid.MustParse(path[len("/t/health/ideas/"):])
	v, err := n.store.Idea(t.Context(), n.health.ID, id)
	if err != nil || v.State != idea.Submitted || v.Title != "Typed slowly" {
		t.Errorf("%s %q, %v", v.State, v.Title, err)
	}
}

// A lost network loses nothing: the page says so and saves when it is back.
func TestWhatIsTypedWithoutANetworkIsSavedWhenItIsBack(t *testing.T) {
	t.Parallel()
	n := newNewsroom(t)
	path, tab := n.start(), n.window()
	const (
		lose   = `window.online = window.fetch; window.fetch = () => Promise.reject(new TypeError("offline")); 0`
		regain = `window.fetch = window.online; 0`
	)
	n.play(tab, chromedp.Navigate(n.server.URL+path+"/edit"), script(lose), script(writes))
	n.until(tab, `document.querySelector("#saved").innerText.startsWith("Not saved yet")`)
	n.play(tab, script(regain))
	n.until(tab, `document.querySelector("#saved").innerText.startsWith("Saved")`)
	mustContain(t, n.founder.get(path+"/edit", http.StatusOK), `value="Typed slowly"`)
}
