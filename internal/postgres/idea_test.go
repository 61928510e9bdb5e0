package postgres_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"globalbrain/internal/database"
	"globalbrain/internal/errs"
	"globalbrain/internal/idea"
	"globalbrain/internal/moderation"
	"globalbrain/internal/money"
	"globalbrain/internal/pgtest"
	"globalbrain/internal/postgres"
	"globalbrain/internal/tenant"
)

// ideaTown is two tenants, three people who are members of both, and one open
// call in the first.
type ideaTown struct {
	*postgres.Store
	pg                        *pgtest.DB
	id, other                 tenant.ID
	founder, moderator, third uuid.UUID
	call                      idea.Call
}

func newIdeaTown(t testing.TB) *ideaTown {
	t.Helper()
	pg := pgtest.New(t)
	store, err := postgres.NewStore(database.New(pg.App))
	if err != nil {
		t.Fatal(err)
	}
	town := &ideaTown{Store: store, pg: pg, id: 1, other: 2, founder: uuid.New(), moderator: uuid.New(), third: uuid.New()}
	if _, err := pg.Super.Exec(t.Context(), `
		insert into tenant (slug, name, hue, currency, locales, policy)
		select 'town-' || n, '{"en": "Town"}', 1, 'EUR', '{en}', '{}' from generate_series(1, 2) n`); err != nil {
		t.Fatal(err)
	}
	for n, person := range []uuid.UUID{town.founder, town.moderator, town.third} {
		if _, err := pg.Super.Exec(t.Context(), `
			insert into account (id, email, email_key, name, password_hash, locale, email_verified_at)
			values ($1, $2, $2, $3, '', 'en', now())`, person, fmt.Sprintf("p%d@town.example", n), []string{"Fay", "Mo", "Thea"}[n]); err != nil {
			t.Fatal(err)
		}
		if _, err := pg.Super.Exec(t.Context(), `
			insert into membership (tenant_id, account_id, roles, organisation) select id, $1, '{member}', 'Works' from tenant`, person); err != nil {
			t.Fatal(err)
		}
	}
	town.call, err = store.CreateCall(t.Context(), town.id, town.moderator, idea.Call{
		Slug: "streets", Title: map[string]string{"en": "Streets"}, Brief: map[string]string{"en": "Shade."},
	})
	if err != nil {
		t.Fatal(err)
	}
	return town
}

func fullDraft(title string) idea.Draft {
	return idea.Draft{
		Title: title, Problem: "It is hot.", Solution: "Plants.", Team: "A welder.",
		Goal: money.Amount{Minor: 100_000, Currency: "EUR"}, Language: "en", AIUse: idea.AINone, RightsConfirmed: true,
	}
}

// draft, submit and accept carry an idea to the named point or end the test.
func (w *ideaTown) draft(t testing.TB, d idea.Draft) idea.Idea {
	t.Helper()
	i, err := w.CreateIdea(t.Context(), w.id, w.founder, w.call.ID)
	if err == nil {
		i, err = w.SaveDraft(t.Context(), w.id, w.founder, i.ID, i.Edit, d)
	}
	if err != nil {
		t.Fatal(err)
	}
	return i
}

func (w *ideaTown) submit(t testing.TB, d idea.Draft) idea.Idea {
	t.Helper()
	i := w.draft(t, d)
	i, err := w.SubmitIdea(t.Context(), w.id, w.founder, i.ID, i.Edit)
	if err != nil {
		t.Fatal(err)
	}
	return i
}

func (w *ideaTown) screen(t *testing.T, i idea.Idea, d moderation.Decision) idea.Idea {
	t.Helper()
	if _, err := w.TakeForScreening(t.Context(), w.id, w.moderator, i.ID); err != nil {
		t.Fatal(err)
	}
	i, err := w.DecideScreening(t.Context(), w.id, w.moderator, i.ID, i.Version, d)
	if err != nil {
		t.Fatal(err)
	}
	return i
}

func (w *ideaTown) accept(t *testing.T, i idea.Idea) idea.Idea {
	t.Helper()
	return w.screen(t, i, moderation.Decision{Verdict: moderation.Accept})
}

// jobs counts the queued jobs of a kind.
func (w *ideaTown) jobs(t *testing.T, kind string) (count int) {
	t.Helper()
	if err := w.pg.Super.QueryRow(t.Context(), `select count(*) from river_job where kind = $1`, kind).Scan(&count); err != nil {
		t.Fatal(err)
	}
	return count
}

func TestAnIdeaGoesFromDraftToReviewWithItsHistory(t *testing.T) {
	t.Parallel()
	w := newIdeaTown(t)
	i := w.submit(t, fullDraft("Shade"))
	if i.State != idea.Submitted || i.Version != 1 || i.SubmittedAt.IsZero() || w.jobs(t, "idea.score") != 1 {
		t.Errorf("submitted: %+v, %d jobs", i, w.jobs(t, "idea.score"))
	}
	i = w.screen(t, i, moderation.Decision{Verdict: moderation.RequestChanges, Note: "Who waters them?"})
	if i.State != idea.ChangesRequested || i.ChangeCycles != 1 {
		t.Errorf("changes: %+v", i)
	}
	better := fullDraft("Shade, watered")
	saved, err := w.SaveDraft(t.Context(), w.id, w.founder, i.ID, i.Edit, better)
	if err != nil {
		t.Fatal(err)
	}
	v, err := w.Idea(t.Context(), w.id, i.ID)
	if err != nil || v.Title != "Shade, watered" || v.Said.Title != "Shade" || v.Said.Number != 1 || v.FounderName != "Fay" || v.Organisation != "Works" || v.CallSlug != "streets" {
		t.Errorf("while it is changed: %+v, %v", v, err)
	}
	if i, err = w.SubmitIdea(t.Context(), w.id, w.founder, i.ID, saved.Edit); err != nil || i.Version != 2 {
		t.Fatalf("submitted again: %+v, %v", i, err)
	}
	i = w.accept(t, i)
	if i.State != idea.InReview || w.jobs(t, "ranking.snapshot") != 1 {
		t.Errorf("accepted: %s, %d snapshots", i.State, w.jobs(t, "ranking.snapshot"))
	}
	history, err := w.IdeaHistory(t.Context(), w.id, i.ID)
	var steps []string
	for n, h := range history {
		if h.Seq != n+1 || h.Actor == uuid.Nil || h.Name == "" || h.At.IsZero() {
			t.Errorf("step %d: %+v", n, h)
		}
		steps = append(steps, string(h.To))
	}
	if got := strings.Join(steps, " "); err != nil || got != "submitted screening changes_requested submitted screening in_review" {
		t.Errorf("history: %s, %v", got, err)
	}
	decisions, err := w.ScreeningDecisions(t.Context(), w.id, i.ID)
	if err != nil || len(decisions) != 2 || decisions[0].Verdict != moderation.Accept || decisions[1].Note != "Who waters them?" || decisions[1].Version != 1 {
		t.Errorf("decisions: %+v, %v", decisions, err)
	}
	if first, err := w.IdeaVersion(t.Context(), w.id, i.ID, 1); err != nil || first.Title != "Shade" {
		t.Errorf("the first version: %+v, %v", first, err)
	}
	var audited int
	if err := w.pg.Super.QueryRow(t.Context(), `select count(*) from audit_event where subject_id = $1`, i.ID).Scan(&audited); err != nil || audited != 7 {
		t.Errorf("%d audit lines, %v", audited, err)
	}
}

func TestTwoTabsCannotOverwriteEachOther(t *testing.T) {
	t.Parallel()
	w := newIdeaTown(t)
	i := w.draft(t, fullDraft("As both tabs saw it"))
	var saved, refused atomic.Int32
	var wg sync.WaitGroup
	for n := range 6 {
		wg.Go(func() {
			_, err := w.SaveDraft(t.Context(), w.id, w.founder, i.ID, i.Edit, idea.Draft{Title: fmt.Sprint("Tab ", n)})
			switch {
			case err == nil:
				saved.Add(1)
			case errs.CodeOf(err) == "idea.edited_elsewhere" && errs.Is(err, errs.Conflict):
				refused.Add(1)
			default:
				t.Errorf("tab %d: %v", n, err)
			}
		})
	}
	wg.Wait()
	if saved.Load() != 1 || refused.Load() != 5 {
		t.Errorf("%d saved and %d were refused", saved.Load(), refused.Load())
	}
	if _, err := w.SubmitIdea(t.Context(), w.id, w.founder, i.ID, i.Edit); err == nil {
		t.Error("a text that the founder has not seen was submitted")
	}
}

func TestADraftKeepsWhatWasTypedAndOnlyItsFounderWritesIt(t *testing.T) {
	t.Parallel()
	w := newIdeaTown(t)
	half := idea.Draft{Problem: "一半 \U0001F33F\n\n<b>", Language: "zh-CN"}
	i := w.draft(t, half)
	v, err := w.Idea(t.Context(), w.id, i.ID)
	half.Goal.Currency = "EUR"
	if err != nil || v.Draft != half || v.Said.Draft != half || v.Said.Number != 0 {
		t.Errorf("read back: %+v, %v", v.Draft, err)
	}
	for name, c := range map[string]struct {
		founder uuid.UUID
		draft   idea.Draft
		want    errs.Kind
	}{
		"somebody else":     {w.third, half, errs.Forbidden},
		"a text too long":   {w.founder, idea.Draft{Title: strings.Repeat("字", 121)}, errs.Invalid},
		"a goal in dollars": {w.founder, idea.Draft{Goal: money.Amount{Minor: 5, Currency: "USD"}}, errs.Invalid},
		"a goal below zero": {w.founder, idea.Draft{Goal: money.Amount{Minor: -5, Currency: "EUR"}}, errs.Invalid},
	} {
		if _, err := w.SaveDraft(t.Context(), w.id, c.founder, i.ID, i.Edit, c.draft); !errs.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := w.SubmitIdea(t.Context(), w.id, w.founder, i.ID, i.Edit); !errs.Is(err, errs.Invalid) {
		t.Errorf("a half idea was submitted: %v", err)
	}
	if _, err := w.CreateIdea(t.Context(), w.id, uuid.New(), w.call.ID); !errs.Is(err, errs.Forbidden) {
		t.Errorf("somebody who is no member: %v", err)
	}
	if _, err := w.CreateIdea(t.Context(), w.id, w.founder, uuid.New()); !errs.Is(err, errs.NotFound) {
		t.Errorf("a call that does not exist: %v", err)
	}
}

func TestAClosedCallTakesBackOnlyWhatItSentOutForChanges(t *testing.T) {
	t.Parallel()
	w := newIdeaTown(t)
	fresh := w.draft(t, fullDraft("Too late"))
	changed := w.screen(t, w.submit(t, fullDraft("In time")), moderation.Decision{Verdict: moderation.RequestChanges, Note: "Costs?"})
	if _, err := w.pg.Super.Exec(t.Context(), `update call set closes_at = clock_timestamp()`); err != nil {
		t.Fatal(err)
	}
	if _, err := w.SubmitIdea(t.Context(), w.id, w.founder, fresh.ID, fresh.Edit); errs.CodeOf(err) != "idea.call_closed" {
		t.Errorf("a first submission: %v", err)
	}
	if _, err := w.SubmitIdea(t.Context(), w.id, w.founder, changed.ID, changed.Edit); err != nil {
		t.Errorf("what was sent out for changes: %v", err)
	}
	if _, err := w.CreateIdea(t.Context(), w.id, w.founder, w.call.ID); errs.CodeOf(err) != "idea.call_closed" {
		t.Errorf("a new draft: %v", err)
	}
}

func TestAnUnprovedAddressKeepsItsDraftAndSubmitsLater(t *testing.T) {
	t.Parallel()
	w := newIdeaTown(t)
	i := w.draft(t, fullDraft("Shade"))
	if _, err := w.pg.Super.Exec(t.Context(), `update account set email_verified_at = null where id = $1`, w.founder); err != nil {
		t.Fatal(err)
	}
	if _, err := w.SubmitIdea(t.Context(), w.id, w.founder, i.ID, i.Edit); errs.CodeOf(err) != "idea.unverified" {
		t.Errorf("before: %v", err)
	}
	if _, err := w.pg.Super.Exec(t.Context(), `update account set email_verified_at = now() where id = $1`, w.founder); err != nil {
		t.Fatal(err)
	}
	if _, err := w.SubmitIdea(t.Context(), w.id, w.founder, i.ID, i.Edit); err != nil {
		t.Errorf("after: %v", err)
	}
}

func TestAWithdrawnIdeaIsGoneForGood(t *testing.T) {
	t.Parallel()
	w := newIdeaTown(t)
	i := w.accept(t, w.submit(t, fullDraft("Shade")))
	if _, err := w.WithdrawIdea(t.Context(), w.id, w.third, i.ID, ""); !errs.Is(err, errs.Forbidden) {
		t.Errorf("somebody else: %v", err)
	}
	i, err := w.WithdrawIdea(t.Context(), w.id, w.founder, i.ID, "We moved away.")
	if err != nil || i.State != idea.Withdrawn {
		t.Fatalf("withdrawn: %+v, %v", i, err)
	}
	if _, err := w.WithdrawIdea(t.Context(), w.id, w.founder, i.ID, ""); !errs.Is(err, errs.Conflict) {
		t.Errorf("a second time: %v", err)
	}
	if page, err := w.Ideas(t.Context(), w.id, postgres.IdeaFilter{}, "", 10); err != nil || len(page.Items) != 0 {
		t.Errorf("still listed: %+v, %v", page, err)
	}
}

func TestAnIdeaIsNotWithdrawnUnderItsCampaign(t *testing.T) {
	t.Parallel()
	for state, free := range map[string]bool{"draft": true, "live": false, "collecting": false, "funded": false, "failed": true, "cancelled": true} {
		w := newIdeaTown(t)
		i := w.accept(t, w.submit(t, fullDraft("Shade")))
		// The campaign is put where it stands without its way there.
		sql := fmt.Sprintf(`set session_replication_role = replica;
			insert into campaign (tenant_id, id, idea_id, founder_id, state, goal_minor, currency, duration_seconds, launched_at, deadline, closed_at, pledged_minor, backers)
			values (1, gen_random_uuid(), '%s', '%s', '%s', 1, 'EUR', 1, now(), now() + interval '1 second', now(), 1, 1);
			reset session_replication_role`, i.ID, w.founder, state)
		if _, err := w.pg.Super.Exec(t.Context(), sql); err != nil {
			t.Fatal(err)
		}
		_, err := w.WithdrawIdea(t.Context(), w.id, w.founder, i.ID, "")
		if (err == nil) != free || err != nil && errs.CodeOf(err) != "idea.campaigning" {
			t.Errorf("under a campaign that is %s: %v", state, err)
		}
	}
}

func TestACallHasItsOwnAddress(t *testing.T) {
	t.Parallel()
	w := newIdeaTown(t)
	again := idea.Call{Slug: "streets", Title: map[string]string{"en": "Again"}, Brief: map[string]string{"en": "Again."}}
	if _, err := w.CreateCall(t.Context(), w.id, w.moderator, again); errs.CodeOf(err) != "idea.call_slug_taken" {
		t.Errorf("a second call with the address: %v", err)
	}
	again.Slug = "Streets!"
	if _, err := w.CreateCall(t.Context(), w.id, w.moderator, again); !errs.Is(err, errs.Invalid) {
		t.Errorf("an address that is none: %v", err)
	}
	bySlug, err := w.CallBySlug(t.Context(), w.id, "streets")
	byID, err2 := w.Call(t.Context(), w.id, w.call.ID)
	calls, err3 := w.Calls(t.Context(), w.id)
	if err != nil || err2 != nil || err3 != nil || bySlug.ID != w.call.ID || byID.Title["en"] != "Streets" || !byID.ClosesAt.IsZero() || len(calls) != 1 {
		t.Errorf("%+v %+v %+v, %v %v %v", bySlug, byID, calls, err, err2, err3)
	}
}

func TestAnotherTenantSeesNothingOfAnIdea(t *testing.T) {
	t.Parallel()
	w := newIdeaTown(t)
	i := w.accept(t, w.submit(t, fullDraft("Shade")))
	ctx := t.Context()
	_, read := w.Idea(ctx, w.other, i.ID)
	_, version := w.IdeaVersion(ctx, w.other, i.ID, 1)
	_, save := w.SaveDraft(ctx, w.other, w.founder, i.ID, i.Edit, idea.Draft{})
	_, withdraw := w.WithdrawIdea(ctx, w.other, w.founder, i.ID, "")
	_, take := w.TakeForScreening(ctx, w.other, w.moderator, i.ID)
	_, call := w.Call(ctx, w.other, w.call.ID)
	_, slug := w.CallBySlug(ctx, w.other, w.call.Slug)
	for name, err := range map[string]error{"read": read, "version": version, "save": save, "withdraw": withdraw, "take": take, "call": call, "slug": slug} {
		if !errs.Is(err, errs.NotFound) {
			t.Errorf("%s: %v", name, err)
		}
	}
	list, err := w.Ideas(ctx, w.other, postgres.IdeaFilter{States: idea.States}, "", 10)
	history, err2 := w.IdeaHistory(ctx, w.other, i.ID)
	calls, err3 := w.Calls(ctx, w.other)
	if err != nil || err2 != nil || err3 != nil || len(list.Items)+len(history)+len(calls) != 0 {
		t.Errorf("lists: %v %v %v, %v %v %v", list, history, calls, err, err2, err3)
	}
}

func TestTheDatabaseHoldsTheTablesOfTheIdea(t *testing.T) {
	t.Parallel()
	w := newIdeaTown(t)
	rows, err := w.pg.Super.Query(t.Context(), `select from_state, to_state from state_rule where machine = 'idea'`)
	if err != nil {
		t.Fatal(err)
	}
	stored, err := pgx.CollectRows(rows, pgx.RowToStructByPos[idea.Step])
	if err != nil || len(stored) != len(idea.Transitions) {
		t.Fatalf("%d steps in the database and %d in Go, %v", len(stored), len(idea.Transitions), err)
	}
	for _, step := range idea.Transitions {
		if !slices.Contains(stored, step) {
			t.Errorf("the database lacks %v", step)
		}
	}
	i := w.draft(t, idea.Draft{})
	for _, to := range idea.States {
		_, err := w.pg.Super.Exec(t.Context(), `update idea set state = $2 where id = $1`, i.ID, to)
		if wrong := (err == nil) != (to == idea.Drafting || idea.Allowed(idea.Drafting, to)); wrong {
			t.Errorf("a draft becomes %s: %v", to, err)
		}
		if _, err := w.pg.Super.Exec(t.Context(), `alter table idea disable trigger idea_state; update idea set state = 'draft'; alter table idea enable trigger idea_state`); err != nil {
			t.Fatal(err)
		}
	}
	for _, l := range idea.Limits {
		for _, c := range []struct {
			length int
			fits   bool
		}{{l.Max, true}, {l.Max + 1, false}} {
			sql := fmt.Sprintf(`update idea set %s = repeat('字', %d) where id = $1`, pgx.Identifier{l.Field}.Sanitize(), c.length)
			if _, err := w.pg.Super.Exec(t.Context(), sql, i.ID); (err == nil) != c.fits {
				t.Errorf("%s of %d characters: %v", l.Field, c.length, err)
			}
		}
	}
}
