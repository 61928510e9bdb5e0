package api

import (
	"context"

	"github.com/google/uuid"

	"globalbrain/internal/idea"
	"globalbrain/internal/likeness"
	"globalbrain/internal/scoring"
)

type coachInput struct {
	InTenant
	Body struct {
		Title    string `json:"title,omitempty" maxLength:"120"`
		Problem  string `json:"problem,omitempty" maxLength:"5000"`
		Solution string `json:"solution,omitempty" maxLength:"10000"`
		Team     string `json:"team,omitempty" maxLength:"5000"`
		Language string `json:"language,omitempty" doc:"BCP 47; absent: the model finds out" maxLength:"35"`
	}
}

// adviceForm is what the model says about a text that nobody has submitted.
type adviceForm struct {
	Model     string            `json:"model"`
	Language  string            `json:"language"`
	Abstained bool              `json:"abstained"`
	Reason    string            `json:"reason,omitempty" doc:"Why the model abstained"`
	Success   *scoring.Chance   `json:"success,omitempty" doc:"Probability, 0..1, with its calibrated interval; 0..1 is the interval of a model that nobody has measured"`
	Criteria  *scoring.Criteria `json:"criteria,omitempty" doc:"Ratings, 1..5; absent from a model that was not trained on them"`
	Passages  []passageForm     `json:"passages" doc:"What helps most first, what hurts most last"`
	Similar   []similarForm     `json:"similar" doc:"Public ideas that are like it, the strongest likeness first"`
}

type passageForm struct {
	Field   string  `json:"field"`
	Start   int     `json:"start" doc:"Byte of the field"`
	End     int     `json:"end" doc:"Byte after the last"`
	Text    string  `json:"text"`
	Success float64 `json:"success" doc:"Probability that the passage adds, -1..1"`
	Rating  float64 `json:"rating" doc:"Rating points that the passage adds"`
}

type coachOutput struct{ Body adviceForm }

// advise asks the model about a text and keeps nothing of it.
func (a *api) advise(ctx context.Context, c caller, in *coachInput) (*coachOutput, error) {
	if a.coach == nil {
		return nil, noModel()
	}
	b := in.Body
	advice, err := a.coach.Coach(ctx, c.tenant.ID, scoring.Text{Title: b.Title, Problem: b.Problem, Solution: b.Solution, Team: b.Team, Language: b.Language})
	if err != nil {
		return nil, err
	}
	s := advice.Score
	out := &coachOutput{adviceForm{Model: s.Model, Language: s.Language, Abstained: s.Abstained, Reason: s.Reason}}
	if !s.Abstained {
		out.Body.Success, out.Body.Criteria = &s.Success, s.Criteria
	}
	out.Body.Passages = each(advice.Passages, func(p scoring.Passage) passageForm {
		return passageForm{p.Field, p.Start, p.End, p.Text, p.Success, p.Rating}
	})
	draft := idea.Draft{Title: b.Title, Problem: b.Problem, Solution: b.Solution, Team: b.Team}
	alike, err := a.likeness.Find(ctx, likeness.About(c.tenant.ID, uuid.Nil, draft, s), mostSimilar)
	if err != nil {
		return nil, err
	}
	out.Body.Similar = each(alike, formOfSimilar)
	return out, nil
}
