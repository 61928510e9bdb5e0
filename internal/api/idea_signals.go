package api

import (
	"context"
	"time"

	"github.com/google/uuid"

	"globalbrain/internal/idea"
	"globalbrain/internal/postgres"
	"globalbrain/internal/ranking"
)

// scoreForm is what the model said about an idea's newest version. The bands
// are absent when it abstained, those of the criteria also when the model was
// not trained on them.
type scoreForm struct {
	Run          uuid.UUID  `json:"run" doc:"Names this reading; receipts refer to it"`
	Version      int        `json:"version" doc:"Of the idea"`
	Model        string     `json:"model"`
	ModelHash    string     `json:"model_hash" doc:"SHA-256 of the model's manifest"`
	Language     string     `json:"language" doc:"That the model found the text to be in"`
	Abstained    bool       `json:"abstained"`
	Reason       string     `json:"reason,omitempty" doc:"Why it abstained"`
	Success      *idea.Band `json:"success,omitempty" doc:"Probability, 0..1, with its calibrated interval"`
	Impact       *idea.Band `json:"impact,omitempty" doc:"Rating, 1..5"`
	Feasibility  *idea.Band `json:"feasibility,omitempty" doc:"Rating, 1..5"`
	Auditability *idea.Band `json:"auditability,omitempty" doc:"Rating, 1..5"`
	At           time.Time  `json:"at"`
}

func formOfScore(s idea.Score) scoreForm {
	f := scoreForm{
		Run: s.ID, Version: s.Version, Model: s.Model, ModelHash: s.ModelHash, Language: s.Language, Abstained: s.Abstained, Reason: s.Reason, At: s.At,
	}
	if !s.Abstained {
		f.Success = &s.Success
	}
	if s.Rated() {
		f.Impact, f.Feasibility, f.Auditability = &s.Impact, &s.Feasibility, &s.Auditability
	}
	return f
}

type scoreOutput struct{ Body scoreForm }

// ideaScore is a resource of its own, so that an idea can be read blind.
func (a *api) ideaScore(ctx context.Context, c caller, in *IdeaPath) (*scoreOutput, error) {
	v, err := a.judged(ctx, c, in.Idea)
	if err != nil {
		return nil, err
	}
	score, err := a.store.IdeaScore(ctx, c.tenant.ID, v.ID)
	if err != nil {
		return nil, err
	}
	return &scoreOutput{formOfScore(score)}, nil
}

// judged returns an idea that the caller may see and need not judge blind.
func (a *api) judged(ctx context.Context, c caller, typed string) (postgres.IdeaView, error) {
	v, err := a.visible(ctx, c, typed)
	if err == nil {
		err = a.refuseBlind(ctx, c, v.ID)
	}
	return v, err
}

// ideaReceiptForm is an idea's place in the newest ranking of its call.
type ideaReceiptForm struct {
	SnapshotID uuid.UUID       `json:"snapshot_id"`
	CallSlug   string          `json:"call_slug"`
	At         time.Time       `json:"at"`
	Model      string          `json:"model,omitempty" doc:"Absent when the model said nothing"`
	Receipt    ranking.Receipt `json:"receipt"`
}

type ideaReceiptOutput struct{ Body ideaReceiptForm }

func (a *api) ideaReceipt(ctx context.Context, c caller, in *IdeaPath) (*ideaReceiptOutput, error) {
	v, err := a.judged(ctx, c, in.Idea)
	if err != nil {
		return nil, err
	}
	r, err := a.store.ReceiptOf(ctx, c.tenant.ID, v.ID, c.person.ID)
	if err != nil {
		return nil, err
	}
	return &ideaReceiptOutput{ideaReceiptForm{r.Snapshot, r.CallSlug, r.At, r.Model, r.Receipt}}, nil
}

// publishedForm is a final review of a published round, without a name.
type publishedForm struct {
	Number int       `json:"number" doc:"1, 2, 3: the reviewer's place in this idea's reviews"`
	Sheet  sheetForm `json:"sheet"`
	At     time.Time `json:"at"`
}

func (a *api) ideaReviews(ctx context.Context, c caller, in *IdeaPath) (*listOutput[publishedForm], error) {
	v, err := a.judged(ctx, c, in.Idea)
	if err != nil {
		return nil, err
	}
	all, err := a.store.PublishedReviews(ctx, c.tenant.ID, v.ID, c.person.ID)
	if err != nil {
		return nil, err
	}
	form := func(p postgres.PublishedReview) publishedForm {
		return publishedForm{p.Number, formOfSheet(p.Sheet), p.At}
	}
	return &listOutput[publishedForm]{list[publishedForm]{each(all, form)}}, nil
}
