package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"globalbrain/internal/database"
	"globalbrain/internal/ranking"
	"globalbrain/internal/review"
	"globalbrain/internal/tenant"
)

// Snapshot is a call's ranking as it stood at a moment.
type Snapshot struct {
	ID        uuid.UUID
	Call      uuid.UUID
	CallTitle map[string]string
	CallSlug  string
	At        time.Time
	Model     string // name and version; empty when the model said nothing
	ModelHash string
	Agreement review.Agreement
	Inputs    ranking.Inputs
}

// RankedIdea is a receipt with what a list shows of its idea.
type RankedIdea struct {
	Idea    uuid.UUID
	Title   string
	Problem string
	Receipt ranking.Receipt
}

const snapshotSelect = `
	select s.id, s.call_id, c.title, c.slug, s.at, s.model, s.model_hash, s.agreement, s.inputs
	from ranking_snapshot s join call c on c.tenant_id = $1 and c.id = s.call_id `

func scanSnapshot(row pgx.CollectableRow) (s Snapshot, err error) {
	err = row.Scan(&s.ID, &s.Call, &s.CallTitle, &s.CallSlug, &s.At, &s.Model, &s.ModelHash, &s.Agreement, &s.Inputs)
	return s, err
}

// RankingSnapshot returns one snapshot; NotFound when there is none of this id.
func (s *Store) RankingSnapshot(ctx context.Context, id tenant.ID, snapshot uuid.UUID) (Snapshot, error) {
	one, err := database.Row(ctx, s.db, id, scanSnapshot, snapshotSelect+`where s.tenant_id = $1 and s.id = $2`, id, snapshot)
	if err != nil {
		return one, fmt.Errorf("read ranking %s: %w", snapshot, err)
	}
	return one, nil
}

// SnapshotLine is one ranking in the list of a call's rankings.
type SnapshotLine struct {
	ID    uuid.UUID
	At    time.Time
	Ideas int
}

// Snapshots lists a call's rankings, the newest first; a ranking's id is all
// that tells one from another.
func (s *Store) Snapshots(ctx context.Context, id tenant.ID, call uuid.UUID, next string, size int) (Page[SnapshotLine], error) {
	var before uuid.UUID
	follows, err := readKey(next, &before)
	if err != nil {
		return Page[SnapshotLine]{}, err
	}
	list, err := database.Rows(ctx, s.db, id, pgx.RowToStructByPos[SnapshotLine], `
		select id, at, ideas from ranking_snapshot
		where tenant_id = $1 and call_id = $2 and (not $3 or id < $4) order by id desc limit $5`, id, call, follows, before, size+1)
	if err != nil {
		return Page[SnapshotLine]{}, fmt.Errorf("list rankings of call %s: %w", call, err)
	}
	return pageOf(list, size, func(l SnapshotLine) uuid.UUID { return l.ID })
}

// RankedIdeas lists a snapshot's receipts by rank, starting after the given
// rank. Titles are those of the snapshot's moment, so that the answer is the
// same for ever.
func (s *Store) RankedIdeas(ctx context.Context, id tenant.ID, snapshot uuid.UUID, after, size int) ([]RankedIdea, error) {
	list, err := database.Rows(ctx, s.db, id, func(row pgx.CollectableRow) (r RankedIdea, err error) {
		err = row.Scan(&r.Idea, &r.Title, &r.Problem, &r.Receipt)
		return r, err
	}, `
		select r.idea_id, v.title, v.problem, r.detail from ranking_receipt r
		join ranking_snapshot s on s.tenant_id = $1 and s.id = r.snapshot_id
		join lateral (select v.title, v.problem from idea_version v
		  where v.tenant_id = $1 and v.idea_id = r.idea_id and v.created_at <= s.at order by v.version desc limit 1) v on true
		where r.tenant_id = $1 and r.snapshot_id = $2 and r.rank > $3 order by r.rank limit $4`, id, snapshot, after, size)
	if err != nil {
		return nil, fmt.Errorf("read the receipts of ranking %s: %w", snapshot, err)
	}
	return list, nil
}

// RankedCall is a call with its newest ranking.
type RankedCall struct {
	ID       uuid.UUID
	Slug     string
	Title    map[string]string
	Snapshot uuid.UUID
	At       time.Time
	Ideas    int
}

// RankedCalls lists the calls that have a ranking, with the newest of each.
func (s *Store) RankedCalls(ctx context.Context, id tenant.ID) ([]RankedCall, error) {
	list, err := database.Rows(ctx, s.db, id, pgx.RowToStructByPos[RankedCall], `
		select c.id, c.slug, c.title, n.id, n.at, n.ideas from call c
		join lateral (select s.id, s.at, s.ideas from ranking_snapshot s where s.tenant_id = $1 and s.call_id = c.id order by s.id desc limit 1) n on true
		where c.tenant_id = $1 order by c.created_at, c.id`, id)
	if err != nil {
		return nil, fmt.Errorf("list ranked calls: %w", err)
	}
	return list, nil
}

// IdeaReceipt is an idea's place in the newest ranking of its call.
type IdeaReceipt struct {
	Snapshot uuid.UUID
	CallSlug string
	At       time.Time
	Model    string
	Receipt  ranking.Receipt
}

// NewestSnapshot returns the id of the newest ranking of the call at an
// address; NotFound when it has none.
func (s *Store) NewestSnapshot(ctx context.Context, id tenant.ID, slug string) (uuid.UUID, error) {
	newest, err := database.Row(ctx, s.db, id, pgx.RowTo[uuid.UUID], `
		select s.id from ranking_snapshot s join call c on c.tenant_id = $1 and c.id = s.call_id
		where s.tenant_id = $1 and c.slug = $2 order by s.id desc limit 1`, id, slug)
	if err != nil {
		return newest, fmt.Errorf("find the newest ranking of %s: %w", slug, err)
	}
	return newest, nil
}

// ReceiptOf returns an idea's place in the newest ranking of its call; NotFound
// when it is not ranked. Readers who may still come to judge the idea are refused.
func (s *Store) ReceiptOf(ctx context.Context, id tenant.ID, idea, reader uuid.UUID) (IdeaReceipt, error) {
	blind, err := s.BlindIdeas(ctx, id, reader)
	if err != nil {
		return IdeaReceipt{}, err
	}
	if blind.Hides(idea) {
		return IdeaReceipt{}, errBlind()
	}
	receipt, err := database.Row(ctx, s.db, id, func(row pgx.CollectableRow) (r IdeaReceipt, err error) {
		err = row.Scan(&r.Snapshot, &r.CallSlug, &r.At, &r.Model, &r.Receipt)
		return r, err
	}, `
		select n.id, c.slug, n.at, n.model, r.detail
		from idea i join call c on c.tenant_id = $1 and c.id = i.call_id
		join lateral (select s.id, s.at, s.model from ranking_snapshot s where s.tenant_id = $1 and s.call_id = i.call_id order by s.id desc limit 1) n on true
		join ranking_receipt r on r.tenant_id = $1 and r.snapshot_id = n.id and r.idea_id = i.id
		where i.tenant_id = $1 and i.id = $2`, id, idea)
	if err != nil {
		return receipt, fmt.Errorf("read the receipt of idea %s: %w", idea, err)
	}
	return receipt, nil
}
