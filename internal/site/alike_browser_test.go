package site_test

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/chromedp/chromedp"
)

// A founder who has a phone and a keyboard reads the question, goes to the other
// idea's link, and on to the button, without a mouse and without sideways scrolling.
func TestTheQuestionAboutANearDuplicateFitsAPhoneAndTheKeyboard(t *testing.T) {
	t.Parallel()
	n, gus := newCopyRoom(t, nil)
	original := n.by(gus)
	n.send(gus, original, gus.get(original+"/edit", http.StatusOK), http.StatusSeeOther, shadeText, "act", "submit")
	n.accept(original)
	path, tab := n.start(), n.window()
	n.send(n.founder, path, n.founder.get(path+"/edit", http.StatusOK), http.StatusSeeOther, copyText, "act", "save")
	n.play(tab, chromedp.EmulateViewport(390, 844), chromedp.Navigate(n.server.URL+path+"/edit"), script(`document.querySelector("button[value=submit]").click()`))
	n.until(tab, `document.activeElement?.id === "alike-title"`)
	fits := `document.documentElement.scrollWidth <= innerWidth`
	n.until(tab, fits)
	n.play(tab, chromedp.KeyEvent("\t"))
	n.until(tab, fmt.Sprintf(`document.activeElement.pathname === %q`, original))
	n.play(tab, chromedp.KeyEvent("\t"), chromedp.KeyEvent("Ours is for trams."), chromedp.KeyEvent("\t"), chromedp.KeyEvent("\t"))
	n.until(tab, `document.activeElement.value === "submit"`)
	n.play(tab, chromedp.KeyEvent("\r"))
	n.until(tab, fmt.Sprintf(`location.pathname === %q`, path))
}
