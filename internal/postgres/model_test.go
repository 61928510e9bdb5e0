package postgres_test

import (
	"fmt"
	"slices"
	"sync"
	"testing"

	"github.com/google/uuid"

	"globalbrain/internal/database"
	"globalbrain/internal/errs"
	"globalbrain/internal/postgres"
	"globalbrain/internal/promotion"
)

func aModel(name string) promotion.Model {
	return promotion.Model{Folder: name, Title: name + " 1", Hash: "hash of " + name}
}

// asOwner is a store over the schema's owner, who promotes for the platform.
func (w *ideaTown) asOwner(t *testing.T) *postgres.Store {
	t.Helper()
	owner, err := postgres.NewStore(database.New(w.pg.Owner))
	if err != nil {
		t.Fatal(err)
	}
	return owner
}

// rescores lists the tenants whose ideas are to be scored anew, in order.
func (w *ideaTown) rescores(t *testing.T) []string {
	t.Helper()
	return column(t, w.pg.Super, `select args ->> 'tenant' from river_job where kind = 'model.rescore' order by id`)
}

func TestATenantPromotesAndRollsBackAndTheOtherKeepsItsModel(t *testing.T) {
	t.Parallel()
	w := newIdeaTown(t)
	ctx := t.Context()
	by := promotion.By{Account: w.moderator}
	for n, m := range []promotion.Model{aModel("a"), aModel("b")} {
		step, err := w.PromoteModel(ctx, w.id, m, postgres.Decision{By: by, Seen: n, Reason: " Better on new authors. "})
		if err != nil || step.Seq != n+1 || step.Model != m {
			t.Fatalf("%+v, %v", step, err)
		}
	}
	if c, err := w.ModelChoice(ctx, w.id); err != nil || c.Own != aModel("b") || c.Live() != aModel("b") || c.Platform.Chosen() {
		t.Errorf("%+v, %v", c, err)
	}
	if c, err := w.ModelChoice(ctx, w.other); err != nil || c.Live().Chosen() {
		t.Errorf("the other tenant: %+v, %v", c, err)
	}
	if _, err := w.RollBackModel(ctx, w.id, postgres.Decision{By: promotion.By{Operator: "root"}, Seen: -1, Reason: "Slower."}); err != nil {
		t.Fatal(err)
	}
	h, err := w.ModelHistory(ctx, w.id)
	if err != nil || len(h) != 3 || h.Live() != aModel("a") {
		t.Fatalf("%+v, %v", h, err)
	}
	if first := h[0]; first.Name != "Mo" || first.By != by || first.Reason != "Better on new authors." || first.At.IsZero() {
		t.Errorf("the first step: %+v", first)
	}
	if last := h[2]; last.Act != promotion.Rollback || last.Name != "root" || last.By.Operator != "root" || last.By.Account != uuid.Nil {
		t.Errorf("the last step: %+v", last)
	}
	if h, err := w.ModelHistory(ctx, w.other); err != nil || len(h) != 0 {
		t.Errorf("the other tenant's history: %+v, %v", h, err)
	}
	if got := w.rescores(t); !slices.Equal(got, []string{"1", "1", "1"}) {
		t.Errorf("jobs of the tenants %v", got)
	}
	lines := column(t, w.pg.Super, `select action || ' ' || (detail ->> 'model') || ' ' || coalesce(actor_id::text, detail ->> 'operator') from audit_event where subject_kind = 'model' order by id`)
	if want := []string{"model.promote a 1 " + w.moderator.String(), "model.promote b 1 " + w.moderator.String(), "model.rollback a 1 root"}; !slices.Equal(lines, want) {
		t.Errorf("the audit trail says %q", lines)
	}
}

func TestThePlatformsModelServesTenantsThatChoseNone(t *testing.T) {
	t.Parallel()
	w := newIdeaTown(t)
	ctx := t.Context()
	owner := w.asOwner(t)
	operator := postgres.Decision{By: promotion.By{Operator: "root"}, Seen: -1, Reason: "A better one."}
	if _, err := w.PromoteModel(ctx, w.id, aModel("own"), postgres.Decision{By: promotion.By{Account: w.moderator}, Seen: -1, Reason: "Ours."}); err != nil {
		t.Fatal(err)
	}
	if _, err := w.PromoteDefault(ctx, aModel("shared"), operator); err == nil {
		t.Error("the application changed the platform's model")
	}
	if _, err := owner.PromoteDefault(ctx, aModel("shared"), operator); err != nil {
		t.Fatal(err)
	}
	if c, err := w.ModelChoice(ctx, w.other); err != nil || c.Live() != aModel("shared") || c.Own.Chosen() {
		t.Errorf("a tenant that chose none: %+v, %v", c, err)
	}
	if c, err := w.ModelChoice(ctx, w.id); err != nil || c.Live() != aModel("own") || c.Platform != aModel("shared") {
		t.Errorf("a tenant with its own: %+v, %v", c, err)
	}
	if got := w.rescores(t); !slices.Equal(got, []string{"1", "2"}) {
		t.Errorf("jobs of the tenants %v", got)
	}
	if _, err := owner.RollBackDefault(ctx, operator); err != nil {
		t.Fatal(err)
	}
	if _, err := owner.RollBackDefault(ctx, operator); errs.CodeOf(err) != "model.first" {
		t.Errorf("nothing to take back: %v", err)
	}
	if h, err := w.DefaultHistory(ctx); err != nil || len(h) != 2 || h.Live().Chosen() || h[0].Name != "root" {
		t.Errorf("%+v, %v", h, err)
	}
	told := column(t, w.pg.Super, `select tenant_id || ' ' || action from audit_event where action like 'model.default%' order by id`)
	if !slices.Equal(told, []string{"2 model.default_promote", "2 model.default_rollback"}) {
		t.Errorf("told: %q", told)
	}
}

func TestOfManyWhoPromoteAtOnceOneIsHeard(t *testing.T) {
	t.Parallel()
	w := newIdeaTown(t)
	if err := w.StoreScore(t.Context(), w.id, w.submit(t, fullDraft("Shade")).ID, 1, sampleScore("one")); err != nil {
		t.Fatal(err)
	}
	var people sync.WaitGroup
	results := make([]error, 8)
	for n := range results {
		people.Go(func() {
			_, results[n] = w.PromoteModel(t.Context(), w.id, aModel(fmt.Sprint("m", n)), postgres.Decision{By: promotion.By{Operator: "root"}, Reason: "Mine."})
		})
	}
	people.Wait()
	heard := 0
	for _, err := range results {
		switch {
		case err == nil:
			heard++
		case errs.CodeOf(err) != "model.changed":
			t.Error(err)
		}
	}
	if heard != 1 {
		t.Errorf("%d were heard", heard)
	}
}

func TestAModelComesInForceWhenItHasScoredEveryIdea(t *testing.T) {
	t.Parallel()
	w := newIdeaTown(t)
	ctx := t.Context()
	var ideas []uuid.UUID
	for n := range 3 {
		i := w.accept(t, w.submit(t, fullDraft(fmt.Sprint("Shade ", n))))
		if err := w.StoreScore(ctx, w.id, i.ID, 1, sampleScore("hash of a")); err != nil {
			t.Fatal(err)
		}
		ideas = append(ideas, i.ID)
	}
	if _, err := w.PromoteModel(ctx, w.id, aModel("b"), postgres.Decision{By: promotion.By{Operator: "root"}, Reason: "Better."}); err != nil {
		t.Fatal(err)
	}
	choice, err := w.ModelChoice(ctx, w.id)
	if err != nil || choice.InForce.Hash != "hash of a" {
		t.Fatalf("%+v, %v", choice, err)
	}
	hash := aModel("b").Hash
	page, err := w.UnscoredIdeas(ctx, w.id, hash, uuid.Nil, 2)
	if err != nil || len(page) != 2 || page[0].Title == "" || page[0].Version != 1 {
		t.Fatalf("%+v, %v", page, err)
	}
	var scored []postgres.Scored
	for _, u := range page {
		scored = append(scored, postgres.Scored{Idea: u.Idea, Version: u.Version, Score: sampleScore(hash)})
	}
	for range 2 { // a job may run twice
		if err := w.StoreScores(ctx, w.id, scored); err != nil {
			t.Fatal(err)
		}
	}
	if in, err := w.PutInForce(ctx, w.id, choice, aModel("b")); err != nil || in {
		t.Errorf("in force with one idea unscored: %v, %v", in, err)
	}
	if score, err := w.IdeaScore(ctx, w.id, page[0].Idea); err != nil || score.ModelHash != "hash of a" {
		t.Errorf("half-way an idea shows %s, %v", score.ModelHash, err)
	}
	if far, err := w.Rescored(ctx, w.id, hash); err != nil || far != (postgres.Rescoring{Scored: 2, Ideas: 3}) {
		t.Errorf("%+v, %v", far, err)
	}
	rest, err := w.UnscoredIdeas(ctx, w.id, hash, page[1].Idea, 2)
	if err != nil || len(rest) != 1 {
		t.Fatalf("%+v, %v", rest, err)
	}
	if err := w.StoreScores(ctx, w.id, []postgres.Scored{{Idea: rest[0].Idea, Version: 1, Score: sampleScore(hash)}}); err != nil {
		t.Fatal(err)
	}
	if _, err := w.pg.Super.Exec(ctx, `delete from river_job`); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if in, err := w.PutInForce(ctx, w.id, choice, aModel("b")); err != nil || !in {
			t.Errorf("not in force: %v, %v", in, err)
		}
	}
	if kinds := column(t, w.pg.Super, `select kind from river_job`); !slices.Equal(kinds, []string{"ranking.snapshot"}) {
		t.Errorf("jobs: %v", kinds)
	}
	for _, i := range ideas {
		if score, err := w.IdeaScore(ctx, w.id, i); err != nil || score.ModelHash != hash {
			t.Errorf("afterwards an idea shows %s, %v", score.ModelHash, err)
		}
	}
}

func TestAfterARollbackIdeasThatCameMeanwhileEnterTheRanking(t *testing.T) {
	t.Parallel()
	w := newIdeaTown(t)
	ctx := t.Context()
	before, meanwhile := w.accept(t, w.submit(t, fullDraft("Shade"))), w.accept(t, w.submit(t, fullDraft("Benches")))
	for _, c := range []struct {
		idea uuid.UUID
		hash string
	}{{before.ID, "hash of a"}, {meanwhile.ID, "hash of b"}} {
		if err := w.StoreScore(ctx, w.id, c.idea, 1, sampleScore(c.hash)); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		hash string
		want []string
	}{
		{"hash of b", []string{"model.rescore"}}, // it is not in force
		{"hash of a", []string{"model.rescore", "ranking.snapshot"}},
	} {
		if _, err := w.pg.Super.Exec(ctx, `delete from river_job`); err != nil {
			t.Fatal(err)
		}
		if err := w.StoreScores(ctx, w.id, []postgres.Scored{{Idea: meanwhile.ID, Version: 1, Score: sampleScore(c.hash)}}); err != nil {
			t.Fatal(err)
		}
		if kinds := column(t, w.pg.Super, `select kind from river_job order by kind`); !slices.Equal(kinds, c.want) {
			t.Errorf("a score by the model with the %s asks for %v, want %v", c.hash, kinds, c.want)
		}
	}
}

func TestAModelThatIsChosenNoMoreDoesNotComeInForce(t *testing.T) {
	t.Parallel()
	w := newIdeaTown(t)
	ctx := t.Context()
	i := w.submit(t, fullDraft("Shade"))
	for _, hash := range []string{"hash of a", "hash of b"} {
		if err := w.StoreScore(ctx, w.id, i.ID, 1, sampleScore(hash)); err != nil {
			t.Fatal(err)
		}
	}
	operator := postgres.Decision{By: promotion.By{Operator: "root"}, Seen: -1, Reason: "Better."}
	if _, err := w.PromoteModel(ctx, w.id, aModel("b"), operator); err != nil {
		t.Fatal(err)
	}
	choice, err := w.ModelChoice(ctx, w.id)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.RollBackModel(ctx, w.id, operator); err != nil {
		t.Fatal(err)
	}
	if in, err := w.PutInForce(ctx, w.id, choice, aModel("b")); err != nil || in {
		t.Errorf("in force after the rollback: %v, %v", in, err)
	}
	if now, err := w.ModelChoice(ctx, w.id); err != nil || now.InForce.Hash != "hash of a" {
		t.Errorf("%+v, %v", now, err)
	}
}

func TestARankingHasTheOpinionsOfOneModel(t *testing.T) {
	t.Parallel()
	p := newPanel(t, 3, 3)
	p.score(t, p.ideas[0], 4)
	p.score(t, p.ideas[1], 3)
	p.exec(t, `update idea_score set model = 'tables 1'`) // which spoke for it
	for _, i := range p.ideas[1:] {                       // the next model has come this far, and further than the old one on the last
		p.exec(t, `insert into idea_score (tenant_id, id, idea_id, version, model, model_hash, language, abstained, success, impact, feasibility, auditability)
			values (1, $1, $2, 1, 'next 1', 'def', 'en', false, '{0.5,0.4,0.6}', '{5,4,5}', '{5,4,5}', '{5,4,5}')`, uuid.New(), i)
	}
	opinions := func(model string) map[string]float64 {
		t.Helper()
		if !p.rank(t) {
			t.Fatal("no new ranking")
		}
		list, err := p.Snapshots(t.Context(), 1, p.call, "", 1)
		if err != nil {
			t.Fatal(err)
		}
		s, err := p.RankingSnapshot(t.Context(), 1, list.Items[0].ID)
		if err != nil || s.Model != model {
			t.Errorf("the ranking is by %q, %v, want %q", s.Model, err, model)
		}
		said := map[string]float64{}
		for _, e := range s.Inputs.Entries {
			if e.Opinion != nil {
				said[e.ID] = e.Opinion.Mean
			}
		}
		return said
	}
	if said := opinions("tiny 1"); len(said) != 2 || said[p.ideas[0].String()] != 4 || said[p.ideas[1].String()] != 3 {
		t.Errorf("half-way: %v", said)
	}
	p.exec(t, `update model_in_force set model = 'next 1', model_hash = 'def'`)
	if said := opinions("next 1"); len(said) != 2 || said[p.ideas[1].String()] != 5 || said[p.ideas[2].String()] != 5 {
		t.Errorf("afterwards: %v", said)
	}
}
