package postgres

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"reflect"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"globalbrain/internal/ranking"
	"globalbrain/internal/tenant"
)

// BuildRanking ranks a call's ideas anew and keeps the result as a snapshot with
// a receipt for every idea. It does nothing when nothing changed since the
// newest snapshot, so running it twice is running it once. It reports whether a
// snapshot was added.
func (s *Store) BuildRanking(ctx context.Context, id tenant.ID, call uuid.UUID, w ranking.Weights) (added bool, err error) {
	err = s.db.InTenant(ctx, id, func(ctx context.Context, tx pgx.Tx) error {
		added = false
		// One build of a call at a time: the later one sees the earlier one's snapshot.
		if _, err := tx.Exec(ctx, `select from call where tenant_id = $1 and id = $2 for no key update`, id, call); err != nil {
			return err
		}
		entries, model, err := rankingEntries(ctx, tx, id, `i.call_id = $2 and i.state in ('in_review', 'shortlisted')`, call)
		if err != nil {
			return err
		}
		in := ranking.Inputs{Call: call.String(), Weights: w, Entries: entries}
		last, err := newestInputs(ctx, tx, id, call)
		if err != nil {
			return err
		}
		if last != nil {
			in.Seed = last.Seed
			if reflect.DeepEqual(in, *last) {
				return nil
			}
		} else if len(entries) == 0 {
			return nil
		}
		in.Seed = uint64(rand.Uint32()) //nolint:gosec // G404: it is published with the ranking
		added = true
		return insertSnapshot(ctx, tx, id, call, in, model)
	})
	if err != nil {
		return false, fmt.Errorf("rank call %s: %w", call, err)
	}
	return added, nil
}

// modelName says which model the scores of a ranking come from, be it that its
// n-grams spoke for it.
type modelName struct{ name, hash string }

// rankingEntries gathers what is known of the ideas that where selects ($1 is
// the tenant): the newest score by the model in force, every final review, and
// support. One ranking has the opinions of one model: while the next one is still
// scoring, an idea that only that one has seen has no opinion. Reviewers appear
// under numbers, for the inputs are public.
func rankingEntries(ctx context.Context, tx pgx.Tx, id tenant.ID, where string, args ...any) ([]ranking.Entry, modelName, error) {
	var model modelName
	rows, err := tx.Query(ctx, `
		select i.id, coalesce(i.goal_minor, 0), coalesce(s.id::text, ''), coalesce(s.version, 0), coalesce(s.abstained, true), coalesce(s.reason, ''),
		  s.impact[1], s.feasibility[1], s.auditability[1], coalesce(f.model, ''), coalesce(f.model_hash, ''),
		  (select count(*) from idea_support u where u.tenant_id = $1 and u.idea_id = i.id),
		  coalesce((select d.decision from review_decision d where d.tenant_id = $1 and d.idea_id = i.id order by d.at desc limit 1), '')
		from idea i
		left join model_in_force f on f.tenant_id = $1
		left join lateral (select * from idea_score s where s.tenant_id = $1 and s.idea_id = i.id and s.model_hash = f.model_hash
		  order by s.version desc limit 1) s on true
		where i.tenant_id = $1 and `+where+` order by i.id`, append([]any{id}, args...)...)
	if err != nil {
		return nil, model, err
	}
	entries, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (e ranking.Entry, err error) {
		var goal int64
		var abstained bool
		var impact, feasibility, auditability *float64
		var name, hash string
		err = row.Scan(&e.ID, &goal, &e.Run, &e.Version, &abstained, &e.Reason, &impact, &feasibility, &auditability, &name, &hash, &e.Support, &e.Decision)
		e.Goal = float64(goal)
		if !abstained && impact != nil && feasibility != nil && auditability != nil {
			e.Opinion = &ranking.Points{Mean: (*impact + *feasibility + *auditability) / 3}
			model = modelName{name, hash}
		} else if !abstained {
			e.Reason = ranking.NoCriteria
		}
		return e, err
	})
	if err != nil {
		return nil, model, err
	}
	return entries, model, addRatings(ctx, tx, id, entries)
}

// addRatings adds the final reviews to the entries. Reviewers are numbered by
// their ids, so that one has one number throughout.
func addRatings(ctx context.Context, tx pgx.Tx, id tenant.ID, entries []ranking.Entry) error {
	at := map[uuid.UUID]int{}
	ideas := make([]uuid.UUID, len(entries))
	for i, e := range entries {
		ideas[i] = uuid.MustParse(e.ID)
		at[ideas[i]] = i
	}
	rows, err := tx.Query(ctx, `
		select idea_id, 'reviewer ' || dense_rank() over (order by reviewer_id), scores, confidences
		from review_final where tenant_id = $1 and idea_id = any($2) order by idea_id, reviewer_id, assignment_id`, id, ideas)
	if err != nil {
		return err
	}
	var idea uuid.UUID
	var reviewer string
	var scores, confidences []int
	_, err = pgx.ForEachRow(rows, []any{&idea, &reviewer, &scores, &confidences}, func() error {
		sheet := sheetOf(scores, confidences, make([]string, len(scores)))
		e := &entries[at[idea]]
		e.Ratings = append(e.Ratings, ranking.Rating{Reviewer: reviewer, Points: sheet.Mean(), Confidence: sheet.Confidence()})
		return nil
	})
	return err
}

func newestInputs(ctx context.Context, tx pgx.Tx, id tenant.ID, call uuid.UUID) (*ranking.Inputs, error) {
	rows, err := tx.Query(ctx, `select inputs from ranking_snapshot where tenant_id = $1 and call_id = $2 order by id desc limit 1`, id, call)
	if err != nil {
		return nil, err
	}
	list, err := pgx.CollectRows(rows, pgx.RowTo[ranking.Inputs])
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return &list[0], nil
}

func insertSnapshot(ctx context.Context, tx pgx.Tx, id tenant.ID, call uuid.UUID, in ranking.Inputs, model modelName) error {
	// The stored inputs are what counts: rank what a reader of them would rank.
	raw, err := json.Marshal(in)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(raw, &in); err != nil {
		return err
	}
	snapshot := newID()
	panel := ranking.Panel(in.Entries, in.Weights.Panel)
	receipts := ranking.Order(in, panel)
	_, err = tx.Exec(ctx, `
		insert into ranking_snapshot (tenant_id, id, call_id, seed, model, model_hash, inputs, agreement, ideas)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		id, snapshot, call, int64(in.Seed), model.name, model.hash, raw, panel.Agreement, len(receipts)) //nolint:gosec // G115: seeds are 32 bits
	if err != nil {
		return err
	}
	// One statement for all receipts: COPY is refused under row-level security.
	_, err = tx.Exec(ctx, `
		insert into ranking_receipt (tenant_id, snapshot_id, idea_id, rank, detail)
		select $1, $2, (r ->> 'id')::uuid, (r ->> 'rank')::int, r from jsonb_array_elements($3) r`, id, snapshot, receipts)
	return err
}

// ClosedRound returns the inputs of the newest published round's ideas, each
// with its decision, for checking the weights against it.
func (s *Store) ClosedRound(ctx context.Context, id tenant.ID, w ranking.Weights) (ranking.Inputs, error) {
	in := ranking.Inputs{Weights: w}
	err := s.db.InTenant(ctx, id, func(ctx context.Context, tx pgx.Tx) (err error) {
		in.Entries, _, err = rankingEntries(ctx, tx, id, `i.id in (
			select ri.idea_id from review_round_idea ri where ri.tenant_id = $1 and ri.round_id = (
			  select r.id from review_round r where r.tenant_id = $1 and r.state = 'published' order by r.published_at desc limit 1))`)
		return err
	})
	if err != nil {
		return in, fmt.Errorf("read the last closed round: %w", err)
	}
	return in, nil
}
