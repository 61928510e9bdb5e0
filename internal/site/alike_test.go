package site_test

import (
	"context"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"globalbrain/internal/idea"
	"globalbrain/internal/likeness"
	"globalbrain/internal/scoring"
	"globalbrain/internal/site"
	"globalbrain/internal/tenant"
)

// Two texts that say much the same in other words, and one that was copied.
var (
	shadeText = []string{
		"title", "Shade for bus stops", "problem", "Buses stop where nobody planted a tree, and in **July** the benches are too hot to sit on.",
		"solution", "We put boxes with climbing plants on the roofs of forty stops and water them from the gutter.", "team", "A gardener and a welder.",
	}
	copyText = []string{
		"title", "SHADE for tram stops", "problem", "> Buses stop where nobody planted a tree, and in July the benches are too hot to sit on!",
		"solution", "We put boxes with climbing plants on the roofs of fifty stops, and water them from the gutter.", "team", "A gardener and a welder.",
	}
	choirText = []string{
		"title", "A choir in the tram", "problem", "People on their way home look at the floor and do not know who lives in their street.",
		"solution", "Twenty singers rehearse in trams twice a week, so that everybody hears a song and talks about it.", "team", "A conductor.",
	}
)

// newCopyRoom is a newsroom whose site knows of every idea at once, and a second
// founder.
func newCopyRoom(t *testing.T, coach site.Coach) (*newsroom, *browser) {
	t.Helper()
	n := newNewsroomWith(t, func(d *site.Deps) {
		d.Coach = coach
		d.Likeness = likeness.New(d.Store, likeness.Options{Staleness: time.Nanosecond, Patience: time.Minute})
	})
	return n, n.arrive("Gus", "gus@example.org")
}

// by makes a draft for somebody else than the founder.
func (n *newsroom) by(b *browser) string {
	n.t.Helper()
	return strings.TrimSuffix(b.post("/t/health/ideas", http.StatusSeeOther, "call", n.call.ID.String()), "/edit")
}

// send posts a complete form with the edit number of a page.
func (n *newsroom) send(b *browser, path, page string, status int, text []string, more ...string) string {
	n.t.Helper()
	return b.post(path+"/edit", status, append(typed(n.edit(page), text...), more...)...)
}

func TestAFounderIsAskedOnceAboutANearDuplicateAndNeverStopped(t *testing.T) {
	t.Parallel()
	n, gus := newCopyRoom(t, nil)
	original := n.submit(shadeText...)
	path := n.by(gus)
	page := gus.get(path+"/edit", http.StatusOK)
	if page = n.send(gus, path, page, http.StatusSeeOther, copyText, "act", "save"); page != path+"/edit" {
		t.Fatalf("saving leads to %s", page)
	}
	if page = gus.get(path+"/edit", http.StatusOK); strings.Contains(page, "Similar ideas here") {
		t.Error("an idea that is not public is named")
	}
	n.accept(original)
	page = gus.get(path+"/edit", http.StatusOK)
	mustContain(t, page, "Similar ideas here", `href="`+original+`"`, "Shade for bus stops", "nearly the same text")

	// What is missing is said first, and nothing is asked then.
	page = n.send(gus, path, page, http.StatusUnprocessableEntity, append([]string{"rights", ""}, copyText...), "act", "submit")
	if strings.Contains(page, "alike-title") {
		t.Error("a draft that is not complete is asked about")
	}
	page = n.send(gus, path, page, http.StatusOK, copyText, "act", "submit")
	mustContain(t, page, "This looks like an idea that is already here", "Support “Shade for bus stops” instead", "Submit it all the same", `value="SHADE for tram stops"`)
	shown := regexp.MustCompile(`name="alike" value="([^"]+)"`).FindStringSubmatch(page)
	if shown == nil || !strings.HasSuffix(original, shown[1]) {
		t.Fatalf("the question names %v", shown)
	}
	page = n.send(gus, path, page, http.StatusUnprocessableEntity, copyText, "act", "submit", "alike", shown[1], "difference", strings.Repeat("long ", 101))
	mustContain(t, page, "alike-title", "at most 500 fit", "long long")
	// Browsers count a line end as one character and send two.
	answer := "Ours is for <trams>." + strings.Repeat("\r\n!", 240)
	if to := n.send(gus, path, page, http.StatusSeeOther, copyText, "act", "submit", "alike", shown[1], "difference", answer); to != path {
		t.Fatalf("going on leads to %s", to)
	}

	mustContain(t, n.moderator.get(desk(path), http.StatusOK),
		"Like other ideas here", `href="`+original+`"`, "of this text stands in it, word by word", "<mark>Buses stop where nobody planted a tree, and in July the benches are too hot to sit on</mark>",
		"We put boxes", "told that the text is nearly the same", "Ours is for &lt;trams&gt;.")
	mustContain(t, n.moderator.get(desk(original), http.StatusOK), "Like other ideas here", "SHADE for tram stops", "Gus · Submitted")

	// The answer holds for the next version as well.
	n.moderator.post(desk(path)+"/take", http.StatusSeeOther)
	n.moderator.post(desk(path)+"/decide", http.StatusSeeOther, "version", "1", "verdict", "request_changes", "note", "Say what the plants cost.")
	page = gus.get(path+"/edit", http.StatusOK)
	if to := n.send(gus, path, page, http.StatusSeeOther, copyText, "act", "submit"); to != path {
		t.Errorf("the founder is asked again: %s", to)
	}
	id := uuid.MustParse(path[strings.LastIndex(path, "/")+1:])
	kept, err := n.store.Likenesses(t.Context(), n.health.ID, id)
	if err != nil || len(kept) != 2 || kept[0].Version != 2 || kept[0].Note != strings.ReplaceAll(answer, "\r\n", "\n") || kept[1].Degree != idea.Copied || kept[1].Shared < 0.7 {
		t.Errorf("kept: %+v, %v", kept, err)
	}
}

func TestAFoundersOwnVersionsAndOtherTextsAreNoDuplicates(t *testing.T) {
	t.Parallel()
	n, gus := newCopyRoom(t, nil)
	path := n.submit(shadeText...)
	n.moderator.post(desk(path)+"/take", http.StatusSeeOther)
	n.moderator.post(desk(path)+"/decide", http.StatusSeeOther, "version", "1", "verdict", "request_changes", "note", "More.")
	page := n.founder.get(path+"/edit", http.StatusOK)
	if to := n.send(n.founder, path, page, http.StatusSeeOther, shadeText, "act", "submit"); to != path {
		t.Errorf("a new version of the same idea is asked about: %s", to)
	}
	other := n.by(gus)
	page = gus.get(other+"/edit", http.StatusOK)
	if to := n.send(gus, other, page, http.StatusSeeOther, choirText, "act", "submit"); to != other {
		t.Errorf("another idea is asked about: %s", to)
	}
	if strings.Contains(n.moderator.get(desk(other), http.StatusOK), "Like other ideas here") {
		t.Error("a moderator is shown a likeness where there is none")
	}
}

// seer is a coach that embeds every text in the same place.
type seer struct{ abstains bool }

func (s seer) Coach(context.Context, tenant.ID, scoring.Text) (scoring.Advice, error) {
	score := scoring.Score{ModelHash: "seer", Embedding: []float32{1, 0}, Nearness: scoring.Nearness{Related: 0.5, Close: 0.9}}
	if s.abstains {
		score.Abstained, score.Reason = true, scoring.ReasonUncertain
	}
	return scoring.Advice{Score: score}, nil
}

func TestNearnessInMeaningIsToldInWordsAndAskedAbout(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		coach  seer
		vector []float32
		words  string
		asked  bool
	}{
		"nearly the same": {seer{}, []float32{1, 0}, "says nearly the same", true},
		"nearly the same, while the model is unsure": {seer{abstains: true}, []float32{1, 0}, "says nearly the same", true},
		"the same subject":                           {seer{}, []float32{0.6, 0.8}, "about the same thing", false},
		"another subject":                            {seer{}, []float32{0, 1}, "", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			n, gus := newCopyRoom(t, c.coach)
			original := n.submit(shadeText...)
			n.accept(original)
			id := uuid.MustParse(original[strings.LastIndex(original, "/")+1:])
			if err := n.store.StoreScore(t.Context(), n.health.ID, id, 1, idea.Score{Model: "seer", ModelHash: "seer", Success: idea.Band{High: 1}, Embedding: c.vector}); err != nil {
				t.Fatal(err)
			}
			path := n.by(gus)
			page := gus.get(path+"/edit", http.StatusOK)
			page = gus.post(path+"/advice", http.StatusOK, typed(n.edit(page), choirText...)...)
			if got := strings.Contains(page, "Similar ideas here"); got != (c.words != "") || !strings.Contains(page, c.words) {
				t.Errorf("advice: %s", page)
			}
			if !c.asked {
				n.send(gus, path, page, http.StatusSeeOther, choirText, "act", "submit")
				return
			}
			mustContain(t, n.send(gus, path, page, http.StatusOK, choirText, "act", "submit"), "alike-title", c.words)
			n.send(gus, path, gus.get(path+"/edit", http.StatusOK), http.StatusSeeOther, choirText, "act", "submit", "alike", id.String())
			mustContain(t, n.moderator.get(desk(path), http.StatusOK), "told that it says nearly the same", "Shade for bus stops")
		})
	}
}
