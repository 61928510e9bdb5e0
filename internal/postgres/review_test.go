package postgres_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"globalbrain/internal/database"
	"globalbrain/internal/errs"
	"globalbrain/internal/pgtest"
	"globalbrain/internal/postgres"
	"globalbrain/internal/ranking"
	"globalbrain/internal/review"
	"globalbrain/internal/tenant"
)

// panel is a tenant with a call, ideas in review, a chair and experts.
type panel struct {
	*postgres.Store
	pg       *pgtest.DB
	tenant   *tenant.Tenant
	call     uuid.UUID
	chair    uuid.UUID
	ideas    []uuid.UUID
	founders []uuid.UUID
	experts  []uuid.UUID // organisations "Lab 0", "Lab 1", ...
}

func newPanel(t *testing.T, ideas, experts int) *panel {
	t.Helper()
	pg := pgtest.New(t)
	store, err := postgres.NewStore(database.New(pg.App))
	if err != nil {
		t.Fatal(err)
	}
	p := &panel{Store: store, pg: pg, tenant: &tenant.Tenant{ID: 1, Policy: tenant.DefaultPolicy()}, call: uuid.New()}
	p.exec(t, `insert into tenant (slug, name, hue, currency, locales, policy) values ('town', '{"en": "Town"}', 1, 'EUR', '{en}', '{}')`)
	p.exec(t, `insert into call (tenant_id, id, slug, title, brief) values (1, $1, 'call', '{"en": "Call"}', '{"en": "Brief"}')`, p.call)
	p.chair = p.person(t, "Chair", "Town hall", "member", "admin")
	for i := range experts {
		p.experts = append(p.experts, p.person(t, fmt.Sprint("Expert ", i), fmt.Sprint("Lab ", i), "member", "expert"))
	}
	for i := range ideas {
		founder := p.person(t, fmt.Sprint("Founder ", i), fmt.Sprint("Firm ", i), "member")
		p.founders = append(p.founders, founder)
		p.ideas = append(p.ideas, p.idea(t, founder, fmt.Sprint("Idea ", i)))
	}
	return p
}

func (p *panel) exec(t *testing.T, sql string, args ...any) {
	t.Helper()
	if _, err := p.pg.Super.Exec(t.Context(), sql, args...); err != nil {
		t.Fatal(err)
	}
}

func (p *panel) person(t *testing.T, name, organisation string, roles ...string) uuid.UUID {
	t.Helper()
	id := uuid.New()
	p.exec(t, `insert into account (id, email, email_key, name, password_hash, locale) values ($1, $2 || '@x.example', $2, $3, '', 'en')`, id, id.String(), name)
	p.exec(t, `insert into membership (tenant_id, account_id, roles, organisation) values (1, $1, $2, $3)`, id, roles, organisation)
	return id
}

func (p *panel) idea(t *testing.T, founder uuid.UUID, title string) uuid.UUID {
	t.Helper()
	id := uuid.New()
	p.exec(t, `insert into idea (tenant_id, id, call_id, founder_id, version, title, currency, goal_minor) values (1, $1, $2, $3, 1, $4, 'EUR', 100000)`, id, p.call, founder, title)
	p.exec(t, `insert into idea_version (tenant_id, idea_id, version, title, problem, solution, team, goal_minor, currency, language, ai_use)
		values (1, $1, 1, $2, 'A problem.', 'A solution.', 'A team.', 100000, 'EUR', 'en', 'none')`, id, title)
	for _, state := range []string{"submitted", "screening", "in_review"} {
		p.exec(t, `update idea set state = $2 where tenant_id = 1 and id = $1`, id, state)
	}
	return id
}

func (p *panel) score(t *testing.T, idea uuid.UUID, points float64) {
	t.Helper()
	p.exec(t, `insert into idea_score (tenant_id, id, idea_id, version, model, model_hash, language, abstained, success, impact, feasibility, auditability)
		values (1, $1, $2, 1, 'tiny 1', 'abc', 'en', false, '{0.5,0.4,0.6}', $3, $3, $3)`, uuid.New(), idea, []float64{points, points - 1, points + 1})
	p.exec(t, `insert into model_in_force (tenant_id, model, model_hash) values (1, 'tiny 1', 'abc') on conflict do nothing`)
}

// open starts a round, assigned and open.
func (p *panel) open(t *testing.T) review.Round {
	t.Helper()
	round, err := p.OpenRound(t.Context(), 1, postgres.RoundOpen{Call: p.call, Chair: p.chair, Due: time.Now().Add(72 * time.Hour)})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.AssignExperts(t.Context(), p.tenant, round.ID, p.chair); err != nil {
		t.Fatal(err)
	}
	if err := p.StartRound(t.Context(), 1, round.ID, p.chair); err != nil {
		t.Fatal(err)
	}
	return round
}

func full(score int) review.Sheet {
	var s review.Sheet
	for i := range s {
		s[i] = review.Judgement{Score: score, Confidence: 4, Rationale: strings.Repeat("because ", 6)}
	}
	return s
}

// finish lets an expert accept and hand in everything on their desk.
func (p *panel) finish(t *testing.T, expert uuid.UUID, score int) {
	t.Helper()
	desk, err := p.Desk(t.Context(), 1, expert)
	if err != nil {
		t.Fatal(err)
	}
	for _, item := range desk {
		if item.Assignment.State != review.Invited {
			continue
		}
		if err := p.AcceptAssignment(t.Context(), 1, item.Assignment.ID, expert); err != nil {
			t.Fatal(err)
		}
		if err := p.SubmitReview(t.Context(), p.tenant, item.Assignment.ID, expert, full(score)); err != nil {
			t.Fatal(err)
		}
	}
}

func TestARoundFromOpeningToPublication(t *testing.T) {
	t.Parallel()
	p := newPanel(t, 2, 4)
	ctx := t.Context()
	round := p.open(t)

	if _, err := p.OpenRound(ctx, 1, postgres.RoundOpen{Call: p.call, Chair: p.chair, Due: time.Now().Add(72 * time.Hour)}); errs.CodeOf(err) != "round.running" {
		t.Errorf("a second round: %v", err)
	}
	for i, expert := range p.experts {
		p.finish(t, expert, 2+i)
	}
	if err := p.DecideIdea(ctx, p.tenant, postgres.RoundDecision{Round: round.ID, Idea: p.ideas[0], Chair: p.chair, Decision: review.Shortlist}); errs.CodeOf(err) != "round.not_discussing" {
		t.Errorf("a decision before the close: %v", err)
	}
	if err := p.CloseRound(ctx, 1, round.ID, p.chair); err != nil {
		t.Fatal(err)
	}
	if err := p.FinishRound(ctx, 1, round.ID, p.chair); errs.CodeOf(err) != "round.undecided" {
		t.Errorf("finishing without decisions: %v", err)
	}
	if err := p.DecideIdea(ctx, p.tenant, postgres.RoundDecision{Round: round.ID, Idea: p.ideas[0], Chair: p.chair, Decision: review.Shortlist}); err != nil {
		t.Fatal(err)
	}
	if err := p.DecideIdea(ctx, p.tenant, postgres.RoundDecision{Round: round.ID, Idea: p.ideas[0], Chair: p.chair, Decision: review.Reject, Reason: "A change of mind, much later."}); !errs.Is(err, errs.Conflict) {
		t.Errorf("a second decision: %v", err)
	}
	if err := p.DecideIdea(ctx, p.tenant, postgres.RoundDecision{Round: round.ID, Idea: p.ideas[1], Chair: p.chair, Decision: review.Reject, Reason: "There is no way to check the effect."}); err != nil {
		t.Fatal(err)
	}
	if list, err := p.PublishedReviews(ctx, 1, p.ideas[0], p.founders[0]); err != nil || len(list) != 0 {
		t.Errorf("before publication the founder sees %d reviews, %v", len(list), err)
	}
	if err := p.FinishRound(ctx, 1, round.ID, p.chair); err != nil {
		t.Fatal(err)
	}
	if err := p.PublishRound(ctx, 1, round.ID, p.chair); err != nil {
		t.Fatal(err)
	}
	if list, err := p.PublishedReviews(ctx, 1, p.ideas[0], p.founders[0]); err != nil || len(list) != 3 {
		t.Errorf("after publication the founder sees %d reviews, %v", len(list), err)
	}
	closed, err := p.ClosedRound(ctx, 1, ranking.DefaultWeights)
	if err != nil || len(closed.Entries) != 2 {
		t.Fatalf("the closed round has %d ideas, %v", len(closed.Entries), err)
	}
	for _, e := range closed.Entries {
		if want := map[string]string{p.ideas[0].String(): "shortlisted", p.ideas[1].String(): "rejected"}[e.ID]; e.Decision != want || len(e.Ratings) != 3 {
			t.Errorf("%s was %q with %d ratings, want %q with 3", e.ID, e.Decision, len(e.Ratings), want)
		}
	}
	states := column(t, p.pg.Super, `select state from idea where id = any($1) order by title`, p.ideas)
	if !slices.Equal(states, []string{"shortlisted", "rejected"}) {
		t.Errorf("ideas are %v", states)
	}
	steps := column(t, p.pg.Super, `select to_state from review_round_transition where round_id = $1 order by seq`, round.ID)
	if !slices.Equal(steps, []string{"assigning", "open", "discussion", "decided", "published"}) {
		t.Errorf("the round's history is %v", steps)
	}
	jobs := column(t, p.pg.Super, `select distinct kind from river_job`)
	if !slices.Equal(jobs, []string{"ranking.snapshot"}) {
		t.Errorf("jobs are %v", jobs)
	}
}

func TestAnIdeaWithoutEnoughFinalsIsNotShortlisted(t *testing.T) {
	t.Parallel()
	p := newPanel(t, 1, 3)
	round := p.open(t)
	p.finish(t, p.experts[0], 5)
	p.finish(t, p.experts[1], 5)
	if err := p.CloseRound(t.Context(), 1, round.ID, p.chair); err != nil {
		t.Fatal(err)
	}
	err := p.DecideIdea(t.Context(), p.tenant, postgres.RoundDecision{Round: round.ID, Idea: p.ideas[0], Chair: p.chair, Decision: review.Shortlist})
	if errs.CodeOf(err) != "round.few_finals" {
		t.Errorf("two finals: %v", err)
	}
	if state := column(t, p.pg.Super, `select state from review_assignment where reviewer_id = $1`, p.experts[2]); state[0] != "expired" {
		t.Errorf("the invitation that nobody answered is %s", state[0])
	}
}

func TestAConflictMakesAssignmentImpossibleOnEveryPath(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name string
		tie  func(t *testing.T, p *panel, idea, founder, expert uuid.UUID)
		code string
	}{
		{"the founder", func(t *testing.T, p *panel, idea, _, expert uuid.UUID) {
			p.exec(t, `update idea set founder_id = $2 where id = $1`, idea, expert)
		}, "review.conflict_same_person"},
		{"a colleague of the founder", func(t *testing.T, p *panel, _, founder, expert uuid.UUID) {
			p.exec(t, `update membership set organisation = 'One House' where account_id in ($1, $2)`, founder, expert)
		}, "review.conflict_same_organisation"},
		{"declared before", func(t *testing.T, p *panel, idea, _, expert uuid.UUID) {
			p.exec(t, `insert into conflict_of_interest (tenant_id, idea_id, account_id) values (1, $1, $2)`, idea, expert)
		}, "review.conflict_declared"},
		{"pledged", func(t *testing.T, p *panel, idea, founder, expert uuid.UUID) {
			campaign := uuid.New()
			p.exec(t, `insert into campaign (tenant_id, id, idea_id, founder_id, goal_minor, currency, duration_seconds) values (1, $1, $2, $3, 100, 'EUR', 86400)`, campaign, idea, founder)
			p.exec(t, `insert into pledge (tenant_id, id, campaign_id, backer_id, amount_minor, currency) values (1, $1, $2, $3, 10, 'EUR')`, uuid.New(), campaign, expert)
		}, "review.conflict_pledged"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			p := newPanel(t, 1, 4)
			expert := p.experts[0]
			c.tie(t, p, p.ideas[0], p.founders[0], expert)
			round, err := p.OpenRound(t.Context(), 1, postgres.RoundOpen{Call: p.call, Chair: p.chair, Due: time.Now().Add(72 * time.Hour)})
			if err != nil {
				t.Fatal(err)
			}
			if err := p.AssignExpert(t.Context(), 1, round.ID, p.ideas[0], expert, p.chair); errs.CodeOf(err) != c.code {
				t.Errorf("by hand: %v, want %s", err, c.code)
			}
			if added, err := p.AssignExperts(t.Context(), p.tenant, round.ID, p.chair); err != nil || added != 3 {
				t.Errorf("in bulk: %d added, %v", added, err)
			}
			if n := column(t, p.pg.Super, `select id::text from review_assignment where reviewer_id = $1`, expert); len(n) != 0 {
				t.Error("assigned in spite of the conflict")
			}
			room, err := p.Room(t.Context(), 1, round.ID, p.chair)
			if err != nil {
				t.Fatal(err)
			}
			if slices.ContainsFunc(room.Items[0].MayBeAsked, func(e postgres.RoomExpert) bool { return e.ID == expert }) {
				t.Error("offered to the chair in spite of the conflict")
			}
		})
	}
}

// Who comes to have a conflict after the invitation can neither accept nor submit.
func TestAConflictThatArisesLaterStopsTheReview(t *testing.T) {
	t.Parallel()
	p := newPanel(t, 1, 3)
	p.open(t)
	expert := p.experts[1]
	desk, err := p.Desk(t.Context(), 1, expert)
	if err != nil {
		t.Fatal(err)
	}
	if err := p.AcceptAssignment(t.Context(), 1, desk[0].Assignment.ID, expert); err != nil {
		t.Fatal(err)
	}
	p.exec(t, `update membership set organisation = 'Firm 0' where account_id = $1`, expert)
	if err := p.SubmitReview(t.Context(), p.tenant, desk[0].Assignment.ID, expert, full(5)); errs.CodeOf(err) != "review.conflict_same_organisation" {
		t.Errorf("submit: %v", err)
	}
}

func TestAConflictedChairNeitherSeesNorActs(t *testing.T) {
	t.Parallel()
	p := newPanel(t, 1, 3)
	round := p.open(t)
	for _, e := range p.experts {
		p.finish(t, e, 4)
	}
	if err := p.CloseRound(t.Context(), 1, round.ID, p.chair); err != nil {
		t.Fatal(err)
	}
	p.exec(t, `update membership set organisation = 'firm 0' where account_id = $1`, p.chair)
	room, err := p.Room(t.Context(), 1, round.ID, p.chair)
	if err != nil {
		t.Fatal(err)
	}
	item := room.Items[0]
	if item.Conflict != review.SameOrganisation || len(item.Finals)+len(item.Reviewers)+len(item.MayBeAsked) != 0 {
		t.Errorf("the chair sees %+v", item)
	}
	err = p.DecideIdea(t.Context(), p.tenant, postgres.RoundDecision{Round: round.ID, Idea: p.ideas[0], Chair: p.chair, Decision: review.Shortlist})
	if !errs.Is(err, errs.Forbidden) {
		t.Errorf("decide: %v", err)
	}
}

func TestAReviewIsFinalOnceItIsHandedIn(t *testing.T) {
	t.Parallel()
	p := newPanel(t, 1, 3)
	p.open(t)
	expert := p.experts[0]
	ctx := t.Context()
	desk, err := p.Desk(ctx, 1, expert)
	if err != nil {
		t.Fatal(err)
	}
	id := desk[0].Assignment.ID
	if err := p.SaveReviewDraft(ctx, 1, id, expert, full(3)); errs.CodeOf(err) != "review.not_accepted" {
		t.Errorf("a draft before the acceptance: %v", err)
	}
	if err := p.AcceptAssignment(ctx, 1, id, expert); err != nil {
		t.Fatal(err)
	}
	draft := review.Sheet{{Score: 4, Rationale: "Half a thou"}}
	if err := p.SaveReviewDraft(ctx, 1, id, expert, draft); err != nil {
		t.Fatal(err)
	}
	if task, err := p.ReviewTask(ctx, 1, id, expert); err != nil || task.Sheet != draft || task.SavedAt.IsZero() || task.Assignment.State != review.InProgress {
		t.Errorf("the draft came back as %+v, %v", task, err)
	}
	if err := p.SubmitReview(ctx, p.tenant, id, expert, draft); !errs.Is(err, errs.Invalid) {
		t.Errorf("half a review: %v", err)
	}
	if err := p.SubmitReview(ctx, p.tenant, id, expert, full(4)); err != nil {
		t.Fatal(err)
	}
	if err := p.SubmitReview(ctx, p.tenant, id, expert, full(1)); errs.CodeOf(err) != "review.final" {
		t.Errorf("a second time: %v", err)
	}
	if err := p.RecuseFromAssignment(ctx, 1, id, expert, ""); errs.CodeOf(err) != "review.final" {
		t.Errorf("recusing after the final: %v", err)
	}
	if task, err := p.ReviewTask(ctx, 1, id, expert); err != nil || task.Sheet[0].Score != 4 {
		t.Errorf("the final came back as %+v, %v", task, err)
	}
	for _, sql := range []string{`update review_final set scores = '{1,1,1}'`, `delete from review_final`} {
		if _, err := p.pg.Super.Exec(ctx, sql); err == nil {
			t.Errorf("%s: the superuser may", sql)
		}
	}
}

func TestAnAssignmentIsItsReviewersOwn(t *testing.T) {
	t.Parallel()
	p := newPanel(t, 1, 3)
	p.open(t)
	desk, err := p.Desk(t.Context(), 1, p.experts[0])
	if err != nil {
		t.Fatal(err)
	}
	id := desk[0].Assignment.ID
	other := p.experts[1]
	for name, err := range map[string]error{
		"accept":   p.AcceptAssignment(t.Context(), 1, id, other),
		"decline":  p.DeclineAssignment(t.Context(), 1, id, other, ""),
		"conflict": p.DeclareConflict(t.Context(), 1, id, other, ""),
		"recuse":   p.RecuseFromAssignment(t.Context(), 1, id, other, ""),
		"draft":    p.SaveReviewDraft(t.Context(), 1, id, other, full(3)),
		"submit":   p.SubmitReview(t.Context(), p.tenant, id, other, full(3)),
	} {
		if !errs.Is(err, errs.NotFound) {
			t.Errorf("%s another's assignment: %v", name, err)
		}
	}
	if _, err := p.ReviewTask(t.Context(), 1, id, other); !errs.Is(err, errs.NotFound) {
		t.Errorf("read another's assignment: %v", err)
	}
}

func TestWhoStepsBackIsReplaced(t *testing.T) {
	t.Parallel()
	p := newPanel(t, 1, 5)
	round := p.open(t)
	ctx := t.Context()
	answer := func(expert uuid.UUID, do func(context.Context, uuid.UUID) error) {
		t.Helper()
		desk, err := p.Desk(ctx, 1, expert)
		if err != nil || len(desk) != 1 {
			t.Fatalf("%d on the desk, %v", len(desk), err)
		}
		if err := do(ctx, desk[0].Assignment.ID); err != nil {
			t.Fatal(err)
		}
	}
	var asked []uuid.UUID
	for _, e := range p.experts {
		if desk, _ := p.Desk(ctx, 1, e); len(desk) == 1 {
			asked = append(asked, e)
		}
	}
	answer(asked[0], func(ctx context.Context, id uuid.UUID) error {
		return p.DeclineAssignment(ctx, 1, id, asked[0], "On leave")
	})
	answer(asked[1], func(ctx context.Context, id uuid.UUID) error {
		if err := p.AcceptAssignment(ctx, 1, id, asked[1]); err != nil {
			return err
		}
		return p.DeclareConflict(ctx, 1, id, asked[1], "We talk about working together")
	})
	if added, err := p.AssignExperts(ctx, p.tenant, round.ID, p.chair); err != nil || added != 2 {
		t.Fatalf("%d added, %v", added, err)
	}
	states := column(t, p.pg.Super, `select state from review_assignment order by state`)
	if !slices.Equal(states, []string{"declined", "invited", "invited", "invited", "replaced"}) {
		t.Errorf("assignments are %v", states)
	}
	if err := p.AssignExpert(ctx, 1, round.ID, p.ideas[0], asked[0], p.chair); errs.CodeOf(err) != "assignment.asked_before" {
		t.Errorf("asking again: %v", err)
	}
}

func TestAnInvitationThatLapsedFreesItsPlace(t *testing.T) {
	t.Parallel()
	p := newPanel(t, 1, 4)
	round := p.open(t)
	p.exec(t, `update review_assignment set invited_at = invited_at - interval '4 days'`)
	var late uuid.UUID
	for _, e := range p.experts {
		if desk, _ := p.Desk(t.Context(), 1, e); len(desk) == 1 {
			late = e
			if err := p.AcceptAssignment(t.Context(), 1, desk[0].Assignment.ID, e); errs.CodeOf(err) != "assignment.expired" {
				t.Errorf("accepting late: %v", err)
			}
		}
	}
	if added, err := p.AssignExperts(t.Context(), p.tenant, round.ID, p.chair); err != nil || added != 1 {
		t.Errorf("%d added, %v; three of four were asked before", added, err)
	}
	if blind, err := p.BlindIdeas(t.Context(), 1, late); err != nil || blind.Hides(p.ideas[0]) {
		t.Errorf("who lapsed is still blind: %v", err)
	}
}
