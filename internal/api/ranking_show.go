package api

import (
	"context"
	"encoding/base64"
	"strconv"
	"time"

	"github.com/google/uuid"

	"globalbrain/internal/errs"
	"globalbrain/internal/postgres"
	"globalbrain/internal/ranking"
	"globalbrain/internal/review"
)

// snapshotForm is a call's ranking as it stood at a moment, with everything that
// it was made from: "globalbrain rank -snapshot" rebuilds the order from it.
type snapshotForm struct {
	ID        uuid.UUID         `json:"id"`
	CallID    uuid.UUID         `json:"call_id"`
	CallSlug  string            `json:"call_slug"`
	CallTitle map[string]string `json:"call_title"`
	At        time.Time         `json:"at"`
	Model     string            `json:"model,omitempty" doc:"Absent when the model said nothing"`
	ModelHash string            `json:"model_hash,omitempty"`
	Agreement review.Agreement  `json:"agreement" doc:"How far the reviewers agree"`
	Inputs    ranking.Inputs    `json:"inputs"`
}

// SnapshotPath is the input of what concerns one ranking.
type SnapshotPath struct {
	InTenant
	Snapshot string `path:"snapshot" doc:"The ranking's id"`
	Reading
}

type snapshotOutput struct {
	Status int
	Lasting
	Body snapshotForm
}

// Lasting are the headers of what never changes under its address.
type Lasting struct {
	ETag         string `header:"ETag"`
	CacheControl string `header:"Cache-Control"`
}

// lastingFor lets everybody keep what nobody signed in was shown. Somebody who
// is signed in asks each time: they may come to review one of the ideas.
func lastingFor(c caller, tag string) Lasting {
	if c.person.Known() {
		return Lasting{tag, "private, no-cache"}
	}
	return Lasting{tag, "public, max-age=31536000, immutable"}
}

func (a *api) showRanking(ctx context.Context, c caller, in *SnapshotPath) (*snapshotOutput, error) {
	s, err := a.snapshot(ctx, c, in)
	if err != nil {
		return nil, err
	}
	tag := strconv.Quote(s.ID.String())
	return &snapshotOutput{in.status(tag), lastingFor(c, tag), snapshotForm{
		s.ID, s.Call, s.CallSlug, s.CallTitle, s.At, s.Model, s.ModelHash, s.Agreement, s.Inputs,
	}}, nil
}

// snapshot returns a ranking unless the caller must judge an idea of it blind.
func (a *api) snapshot(ctx context.Context, c caller, in *SnapshotPath) (postgres.Snapshot, error) {
	id, err := idOf(in.Snapshot)
	if err != nil {
		return postgres.Snapshot{}, err
	}
	s, err := a.store.RankingSnapshot(ctx, c.tenant.ID, id)
	if err != nil {
		return s, err
	}
	blind, err := a.store.BlindIdeas(ctx, c.tenant.ID, c.person.ID)
	if err == nil && blindTo(s.Inputs, blind) {
		err = errBlind()
	}
	return s, err
}

// rankedForm is one receipt of a ranking.
type rankedForm struct {
	IdeaID  uuid.UUID       `json:"idea_id"`
	Title   string          `json:"title" doc:"As it was then"`
	Receipt ranking.Receipt `json:"receipt"`
}

type listReceiptsInput struct {
	SnapshotPath
	Paging
}

type listReceiptsOutput struct {
	Status int
	Lasting
	Body page[rankedForm]
}

// listReceipts lists a ranking by rank.
func (a *api) listReceipts(ctx context.Context, c caller, in *listReceiptsInput) (*listReceiptsOutput, error) {
	s, err := a.snapshot(ctx, c, &in.SnapshotPath)
	if err != nil {
		return nil, err
	}
	after, err := rankAfter(in.Next)
	if err != nil {
		return nil, err
	}
	ideas, err := a.store.RankedIdeas(ctx, c.tenant.ID, s.ID, after, in.Size+1)
	if err != nil {
		return nil, err
	}
	out := &listReceiptsOutput{}
	if len(ideas) > in.Size {
		ideas = ideas[:in.Size]
		out.Body.Next = base64.RawURLEncoding.EncodeToString([]byte(strconv.Itoa(ideas[in.Size-1].Receipt.Rank)))
	}
	out.Body.Items = each(ideas, func(r postgres.RankedIdea) rankedForm { return rankedForm{r.Idea, r.Title, r.Receipt} })
	tag := strconv.Quote(s.ID.String() + ":" + strconv.Itoa(after) + ":" + strconv.Itoa(in.Size))
	out.Status, out.Lasting = in.status(tag), lastingFor(c, tag)
	return out, nil
}

// rankAfter reads the next of a page of receipts: the last rank that was shown.
func rankAfter(next string) (int, error) {
	if next == "" {
		return 0, nil
	}
	raw, err := base64.RawURLEncoding.DecodeString(next)
	if err == nil {
		var rank int
		if rank, err = strconv.Atoi(string(raw)); err == nil && rank > 0 && rank < 1<<30 {
			return rank, nil
		}
	}
	return 0, errs.New(errs.Invalid, "page", "This page of the list does not exist. Start from the first one.")
}
