package api

import (
	"context"

	"github.com/google/uuid"

	"globalbrain/internal/errs"
	"globalbrain/internal/idea"
	"globalbrain/internal/likeness"
	"globalbrain/internal/postgres"
	"globalbrain/internal/scoring"
)

// How many ideas are named that are like one.
const (
	mostSimilar = 10
	mostCopies  = 10
)

// similarForm is an idea that is like the text at hand.
type similarForm struct {
	IdeaID uuid.UUID   `json:"idea_id"`
	Title  string      `json:"title"`
	State  idea.State  `json:"state"`
	Degree idea.Degree `json:"degree" enum:"copied,close,overlapping,related" doc:"Nearly the same text; nearly the same meaning; whole passages; the same subject"`
	Shared float64     `json:"shared" doc:"What part of this text stands in it word by word, 0..1"`
	Asks   bool        `json:"asks" doc:"Whether its founder is asked about it before this text is submitted"`
}

func formOfSimilar(m likeness.Match) similarForm {
	return similarForm{m.ID, m.Title, m.State, m.Degree, m.Shared, m.Degree.Asks()}
}

// alikeAnswer is the founder's answer about ideas that are nearly the same.
type alikeAnswer struct {
	Alike      []uuid.UUID `json:"alike,omitempty" maxItems:"10" doc:"Ideas that are like it, and that its founder goes on from all the same"`
	Difference string      `json:"difference,omitempty" maxLength:"500" doc:"What is different, for the moderator"`
}

type similarOutput struct {
	Body struct {
		Items []similarForm `json:"items" doc:"The strongest likeness first"`
	}
}

// listSimilar compares the saved draft; without a model, its words only.
func (a *api) listSimilar(ctx context.Context, c caller, in *IdeaPath) (*similarOutput, error) {
	v, err := a.own(ctx, c, in.Idea)
	if err != nil {
		return nil, err
	}
	q, err := a.question(ctx, c, v)
	if err != nil {
		return nil, err
	}
	found, err := a.likeness.Find(ctx, q, mostSimilar)
	if err != nil {
		return nil, err
	}
	out := new(similarOutput)
	out.Body.Items = each(found, formOfSimilar)
	return out, nil
}

// question asks the model where the draft lies, if there is one that has time.
func (a *api) question(ctx context.Context, c caller, v postgres.IdeaView) (likeness.Question, error) {
	var advice scoring.Advice
	if a.coach != nil {
		var err error
		advice, err = a.coach.Coach(ctx, c.tenant.ID, scoring.Text{Title: v.Title, Problem: v.Problem, Solution: v.Solution, Team: v.Team, Language: v.Language})
		if err != nil && !errs.Is(err, errs.Unavailable) {
			return likeness.Question{}, err
		}
	}
	return likeness.About(c.tenant.ID, v.ID, v.Draft, advice.Score), nil
}

// settle returns what is stored with the submission, or the refusal that asks.
func (a *api) settle(ctx context.Context, c caller, v postgres.IdeaView, said *alikeAnswer) ([]idea.Likeness, error) {
	q, err := a.question(ctx, c, v)
	if err != nil { // the question is advice: without the model words are compared, and nobody is stopped
		a.log.ErrorContext(ctx, "a draft is submitted without the model's view of it", "idea", v.ID, "error", err)
		q = likeness.About(c.tenant.ID, v.ID, v.Draft, scoring.Score{})
	}
	answers := map[uuid.UUID]string{}
	if said != nil {
		for _, id := range said.Alike {
			answers[id] = said.Difference
		}
	}
	list, open, err := a.likeness.Settle(ctx, q, answers)
	if err == nil && len(open) > 0 {
		err = errs.New(errs.Conflict, "idea.alike", "This draft is like an idea that is already here; GET its similar ideas to see which. Support that one instead, or submit again with the ids of those that ask as alike.")
	}
	return list, err
}

// copyForm is an idea of which the one that is being screened may be a copy, or
// the other way round.
type copyForm struct {
	IdeaID     uuid.UUID   `json:"idea_id"`
	Title      string      `json:"title"`
	State      idea.State  `json:"state"`
	Founder    string      `json:"founder_name"`
	Shared     float64     `json:"shared" doc:"What part of the screened text stands in it word by word, 0..1"`
	Back       float64     `json:"shared_back" doc:"What part of it stands in the screened text, 0..1"`
	Passages   []string    `json:"passages" doc:"Of the screened text, without markup"`
	Told       idea.Degree `json:"told,omitempty" enum:"copied,close" doc:"What its founder was told before submitting this version"`
	Difference string      `json:"difference,omitempty" doc:"What the founder said then"`
}

type copiesOutput struct {
	Body struct {
		Items []copyForm `json:"items"`
	}
}

func (a *api) listCopies(ctx context.Context, c caller, in *IdeaPath) (*copiesOutput, error) {
	v, err := a.visible(ctx, c, in.Idea)
	if err != nil {
		return nil, err
	}
	found, err := a.likeness.Copies(ctx, c.tenant.ID, v, mostCopies)
	if err != nil {
		return nil, err
	}
	out := new(copiesOutput)
	out.Body.Items = each(found, func(l likeness.Copy) copyForm {
		return copyForm{l.ID, l.Title, l.State, l.FounderName, l.Shared, l.Back, l.Passages(), l.Told.Degree, l.Told.Note}
	})
	return out, nil
}
