package likeness

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"globalbrain/internal/database"
	"globalbrain/internal/idea"
	"globalbrain/internal/moderation"
	"globalbrain/internal/money"
	"globalbrain/internal/pgtest"
	"globalbrain/internal/postgres"
	"globalbrain/internal/scoring"
	"globalbrain/internal/tenant"
)

// world is two tenants with the same three people and a call each.
type world struct {
	*postgres.Store
	pg                        *pgtest.DB
	founder, moderator, other uuid.UUID
	calls                     map[tenant.ID]uuid.UUID
}

const here, there = tenant.ID(1), tenant.ID(2)

func newWorld(t *testing.T) *world {
	t.Helper()
	pg := pgtest.New(t)
	store, err := postgres.NewStore(database.New(pg.App))
	if err != nil {
		t.Fatal(err)
	}
	w := &world{Store: store, pg: pg, founder: uuid.New(), moderator: uuid.New(), other: uuid.New(), calls: map[tenant.ID]uuid.UUID{}}
	if _, err := pg.Super.Exec(t.Context(), `
		insert into tenant (slug, name, hue, currency, locales, policy)
		select 'town-' || n, '{"en": "Town"}', 1, 'EUR', '{en}', '{}' from generate_series(1, 2) n`); err != nil {
		t.Fatal(err)
	}
	for _, person := range []uuid.UUID{w.founder, w.moderator, w.other} {
		if _, err := pg.Super.Exec(t.Context(), `
			insert into account (id, email, email_key, name, password_hash, locale, email_verified_at)
			values ($1::uuid, $1::text || '@town.example', $1::text, 'Fay', '', 'en', now())`, person); err != nil {
			t.Fatal(err)
		}
		if _, err := pg.Super.Exec(t.Context(), `insert into membership (tenant_id, account_id, roles) select id, $1, '{member}' from tenant`, person); err != nil {
			t.Fatal(err)
		}
	}
	for _, id := range []tenant.ID{here, there} {
		c, err := store.CreateCall(t.Context(), id, w.moderator, idea.Call{Slug: "streets", Title: map[string]string{"en": "Streets"}, Brief: map[string]string{"en": "Shade."}})
		if err != nil {
			t.Fatal(err)
		}
		w.calls[id] = c.ID
	}
	return w
}

// post submits an idea and, when it should be public, lets it through.
func (w *world) post(t *testing.T, id tenant.ID, d idea.Draft, public bool) idea.Idea {
	t.Helper()
	ctx := t.Context()
	d.Goal, d.Language, d.AIUse, d.RightsConfirmed = money.Amount{Minor: 100, Currency: "EUR"}, "en", idea.AINone, true
	i, err := w.CreateIdea(ctx, id, w.founder, w.calls[id])
	if err == nil {
		i, err = w.SaveDraft(ctx, id, w.founder, i.ID, i.Edit, d)
	}
	if err == nil {
		i, err = w.SubmitIdea(ctx, id, w.founder, i.ID, i.Edit)
	}
	if err == nil && public {
		i = w.decide(t, id, i, moderation.Decision{Verdict: moderation.Accept})
	}
	if err != nil {
		t.Fatal(err)
	}
	return i
}

func (w *world) decide(t *testing.T, id tenant.ID, i idea.Idea, d moderation.Decision) idea.Idea {
	t.Helper()
	_, err := w.TakeForScreening(t.Context(), id, w.moderator, i.ID)
	if err == nil {
		i, err = w.DecideScreening(t.Context(), id, w.moderator, i.ID, i.Version, d)
	}
	if err != nil {
		t.Fatal(err)
	}
	return i
}

func (w *world) score(t *testing.T, id tenant.ID, i idea.Idea, model string, vector ...float32) {
	t.Helper()
	s := idea.Score{Model: model, ModelHash: model, Language: "en", Success: idea.Band{High: 1}, Embedding: vector}
	if err := w.StoreScore(t.Context(), id, i.ID, i.Version, s); err != nil {
		t.Fatal(err)
	}
}

// shade and choir have nothing in common.
var (
	shade = idea.Draft{
		Title: "Shade for bus stops", Problem: "Buses stop where nobody planted a tree, and in July the benches are too hot to sit on.",
		Solution: "We put boxes with climbing plants on the roofs of forty stops and water them from the gutter.", Team: "A gardener and a welder.",
	}
	choir = idea.Draft{
		Title: "A choir in the tram", Problem: "People on their way home look at the floor and do not know who lives in their street.",
		Solution: "Twenty singers rehearse in trams twice a week, so that everybody hears a song and talks about it.", Team: "A conductor who drives trams.",
	}
)

// eager looks whenever it is asked, and waits for what it sees.
var eager = Options{Staleness: time.Nanosecond, Patience: time.Minute}

// find lists what is found, in words.
func find(t *testing.T, f *Finder, q Question) string {
	t.Helper()
	matches, err := f.Find(t.Context(), q, 5)
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, m := range matches {
		list = append(list, fmt.Sprintf("%s: %s", m.Degree, m.Title))
	}
	return strings.Join(list, ", ")
}

func TestACopyIsFoundAsSoonAsItIsPublicAndNoLonger(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	f := New(w.Store, eager)
	asks := Question{Tenant: here, Draft: shade}
	moderates := Question{Tenant: here, Draft: shade, Standing: true}
	check := func(when, everybody, moderator string) {
		t.Helper()
		if got := find(t, f, asks); got != everybody {
			t.Errorf("%s: everybody finds %q, want %q", when, got, everybody)
		}
		if got := find(t, f, moderates); got != moderator {
			t.Errorf("%s: a moderator finds %q, want %q", when, got, moderator)
		}
	}
	check("before", "", "")
	w.post(t, here, choir, true)
	i := w.post(t, here, shade, false)
	const copied = "copied: Shade for bus stops"
	check("submitted", "", copied)
	i = w.decide(t, here, i, moderation.Decision{Verdict: moderation.Accept})
	check("public", copied, copied)
	if got := find(t, f, Question{Tenant: here, Idea: i.ID, Draft: shade, Standing: true}); got != "" {
		t.Errorf("the idea is like itself: %q", got)
	}
	if _, err := w.WithdrawIdea(t.Context(), here, w.founder, i.ID, ""); err != nil {
		t.Fatal(err)
	}
	check("withdrawn", "", "")
	j := w.post(t, here, shade, false)
	check("once more", "", copied)
	w.decide(t, here, j, moderation.Decision{Verdict: moderation.Reject, Rule: moderation.Spam, Note: "No."})
	check("rejected", "", "")
}

func TestNothingOfATenantIsFoundInAnother(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	f := New(w.Store, eager)
	w.score(t, there, w.post(t, there, shade, true), "model", 1, 0)
	q := Question{Tenant: here, Draft: shade, Standing: true, Model: "model", Vector: []float32{1, 0}, Near: scoring.Nearness{Related: 0.5, Close: 0.9}}
	if got := find(t, f, q); got != "" {
		t.Errorf("found %q", got)
	}
	if q.Tenant = there; find(t, f, q) == "" {
		t.Error("and not where it is either")
	}
	if q.Tenant = here; find(t, f, q) != "" {
		t.Error("found after the other tenant was read")
	}
}

func TestMeaningIsComparedWithinOneModel(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	f := New(w.Store, eager)
	s, c := w.post(t, here, shade, true), w.post(t, here, choir, true)
	w.score(t, here, s, "one", 1, 0)
	w.score(t, here, c, "one", 0.8, 0.6)
	w.score(t, here, c, "two", 1, 0)
	words := idea.Draft{Title: "Plants above the bench", Problem: "Waiting in the sun is bad for old people."}
	ask := func(model string, near scoring.Nearness, vector ...float32) string {
		return find(t, f, About(here, uuid.New(), words, scoring.Score{ModelHash: model, Embedding: vector, Nearness: near}))
	}
	measured := scoring.Nearness{Related: 0.7, Close: 0.95}
	for name, c := range map[string]struct{ got, want string }{
		"one model":                    {ask("one", measured, 1, 0), "close: Shade for bus stops, related: A choir in the tram"},
		"another model":                {ask("two", measured, 1, 0), "close: A choir in the tram"},
		"a model without embeddings":   {ask("three", measured), ""},
		"a model that nobody measured": {ask("one", scoring.Nearness{}, 1, 0), ""},
		"opposite":                     {ask("one", measured, -1, 0), ""},
		"an embedding of another size": {ask("one", measured, 1, 0, 0), ""},
	} {
		if c.got != c.want {
			t.Errorf("%s: %q, want %q", name, c.got, c.want)
		}
	}
	again := w.decideAgain(t, s)
	if got := ask("one", measured, 1, 0); got != "related: A choir in the tram" {
		t.Errorf("version %d is not scored yet, and %q is found", again.Version, got)
	}
}

// decideAgain sends a public idea back through a new version.
func (w *world) decideAgain(t *testing.T, i idea.Idea) idea.Idea {
	t.Helper()
	if _, err := w.pg.Super.Exec(t.Context(), `update idea set state = 'changes_requested' where id = $1`, i.ID); err != nil {
		t.Fatal(err)
	}
	v, err := w.Idea(t.Context(), here, i.ID)
	if err == nil {
		i, err = w.SubmitIdea(t.Context(), here, w.founder, i.ID, v.Edit)
	}
	if err != nil {
		t.Fatal(err)
	}
	return w.decide(t, here, i, moderation.Decision{Verdict: moderation.Accept})
}

func TestAScriptWithoutSpacesAndWithoutAModelIsComparedByItsCharacters(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	f := New(w.Store, eager)
	text := idea.Draft{Title: "给公交站遮阳", Problem: "公交车站没有树荫，夏天的长椅烫得没法坐。", Solution: "我们在四十个车站的顶棚上放种植箱，种爬藤植物，用雨水浇灌。", Team: "一位园丁和一位焊工。"}
	w.post(t, here, text, true)
	text.Solution = strings.ReplaceAll(text.Solution, "四十", "**五十**")
	if got := find(t, f, Question{Tenant: here, Draft: text}); got != "copied: 给公交站遮阳" {
		t.Errorf("found %q", got)
	}
}

func TestWhatIsKnownMayBeAMomentOldAndIsReadOnceForAll(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	now := time.Now()
	f := New(w.Store, Options{Patience: time.Minute, now: func() time.Time { return now }})
	q := Question{Tenant: here, Draft: shade}
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			if _, err := f.Find(t.Context(), q, 5); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	w.post(t, here, shade, true)
	if got := find(t, f, q); got != "" {
		t.Errorf("at once: %q", got)
	}
	now = now.Add(5 * time.Second)
	if got := find(t, f, q); got == "" {
		t.Error("not found after the moment")
	}
}

func TestATenantThatNobodyAsksAboutIsForgotten(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	now := time.Now()
	f := New(w.Store, Options{Patience: time.Minute, Idle: time.Hour, now: func() time.Time { return now }})
	w.score(t, here, w.post(t, here, shade, true), "model", 1, 0)
	q := Question{Tenant: here, Draft: shade, Model: "model", Vector: []float32{1, 0}, Near: scoring.Nearness{Related: 0.5, Close: 0.9}}
	find(t, f, q)
	now = now.Add(50 * time.Minute)
	find(t, f, Question{Tenant: here, Draft: shade})
	now = now.Add(50 * time.Minute)
	find(t, f, Question{Tenant: there, Draft: shade})
	held := f.shelves.held[here]
	if held == nil {
		t.Fatal("the tenant is forgotten although it was asked about")
	}
	find(t, f, Question{Tenant: here, Draft: shade})
	if len(held.spaces) != 0 {
		t.Errorf("%d models are held that nobody asked about", len(held.spaces))
	}
	now = now.Add(61 * time.Minute)
	find(t, f, Question{Tenant: there, Draft: shade})
	if f.shelves.held[here] != nil || len(f.shelves.held) != 1 {
		t.Errorf("%d tenants are held", len(f.shelves.held))
	}
	if got := find(t, f, q); got != "copied: Shade for bus stops" {
		t.Errorf("read anew, it finds %q", got)
	}
}

// Whoever has no patience gets what is known; the reading goes on and serves the
// next one. An error is told and tried again.
func TestAReadingOutlivesWhoAskedForIt(t *testing.T) {
	t.Parallel()
	var f follower
	release, reads := make(chan struct{}), 0
	slow := func(ctx context.Context, since time.Time) (time.Time, error) {
		<-release
		reads++
		return since.Add(time.Hour), ctx.Err()
	}
	hasty := Options{Patience: time.Nanosecond, Staleness: time.Hour, now: time.Now}
	if err := f.follow(t.Context(), hasty, slow); err != nil {
		t.Errorf("without patience: %v", err)
	}
	gone, leave := context.WithCancel(t.Context())
	leave()
	patient := Options{Patience: time.Minute, Staleness: time.Hour, now: time.Now}
	if err := f.follow(gone, patient, slow); !errors.Is(err, context.Canceled) {
		t.Errorf("who has left: %v", err)
	}
	close(release)
	for range 3 {
		if err := f.follow(t.Context(), patient, slow); err != nil {
			t.Error(err)
		}
	}
	if reads != 1 || !f.since.Equal(time.Time{}.Add(time.Hour)) {
		t.Errorf("%d readings, the next from %v", reads, f.since)
	}
	var broken follower
	failure := errors.New("no database")
	fails := func(context.Context, time.Time) (time.Time, error) { return time.Now(), failure }
	for range 2 {
		if err := broken.follow(t.Context(), patient, fails); !errors.Is(err, failure) || !broken.since.IsZero() {
			t.Errorf("%v, next from %v", err, broken.since)
		}
	}
	if err := broken.follow(t.Context(), patient, slow); err != nil {
		t.Errorf("after the failure: %v", err)
	}
}
