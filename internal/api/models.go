package api

import (
	"context"
	"time"

	"globalbrain/internal/errs"
	"globalbrain/internal/postgres"
	"globalbrain/internal/promotion"
	"globalbrain/internal/scoring"
)

// modelForm is one installed model.
type modelForm struct {
	Model     string           `json:"model" doc:"The folder's name, by which it is promoted"`
	Title     string           `json:"title,omitempty" doc:"Name and version"`
	Hash      string           `json:"hash,omitempty" doc:"SHA-256 of its manifest"`
	Languages []string         `json:"languages,omitempty" doc:"ISO 639 codes that it reads"`
	Live      bool             `json:"live" doc:"It answers for this tenant"`
	Alone     bool             `json:"alone" doc:"false: it only answers beside another model, and cannot be promoted"`
	Broken    bool             `json:"broken,omitempty" doc:"Its manifest cannot be read"`
	Success   *modelFigureForm `json:"success_auc,omitempty" doc:"Of telling which ideas succeed"`
	Rating    *modelFigureForm `json:"rating_auc,omitempty" doc:"Of telling which ideas are rated above the median"`
}

// modelFigureForm is a figure with its 95 % interval.
type modelFigureForm struct {
	Value float64 `json:"value"`
	Low   float64 `json:"low"`
	High  float64 `json:"high"`
}

// modelStepForm is one step of the history.
type modelStepForm struct {
	Step   int           `json:"step"`
	Act    promotion.Act `json:"act" enum:"promote,rollback"`
	Model  string        `json:"model" doc:"That answers from then on; empty: the platform's"`
	Title  string        `json:"title"`
	Hash   string        `json:"hash"`
	By     string        `json:"by,omitempty" doc:"Who did it"`
	Reason string        `json:"reason"`
	At     *time.Time    `json:"at,omitempty"`
}

// modelRoomForm is everything about a tenant's models.
type modelRoomForm struct {
	Live    modelNameForm   `json:"live" doc:"The model that shall answer"`
	Served  bool            `json:"served" doc:"false: it cannot be served, and another one answers instead"`
	InForce modelNameForm   `json:"in_force" doc:"The model whose scores pages and rankings show"`
	Scored  int             `json:"scored" doc:"Ideas that the live model has scored; at all of them it comes in force"`
	Ideas   int             `json:"ideas"`
	Items   []modelForm     `json:"items" doc:"The installed models"`
	History []modelStepForm `json:"history" doc:"The newest step first"`
}

type modelNameForm struct {
	Model string `json:"model,omitempty"`
	Title string `json:"title"`
	Hash  string `json:"hash"`
}

type modelRoomOutput struct{ Body modelRoomForm }

// listModels shows what is installed, what answers, and how that came.
func (a *api) listModels(ctx context.Context, c caller, _ *InTenant) (*modelRoomOutput, error) {
	if a.models == nil {
		return nil, noModel()
	}
	room, err := a.models.Room(ctx, c.tenant.ID)
	if err != nil {
		return nil, err
	}
	out := modelRoomForm{
		Live: modelNameForm{room.Live.Folder, room.Live.Title, room.Live.Hash}, Served: room.Broken == nil,
		InForce: modelNameForm{Title: room.Choice.InForce.Title, Hash: room.Choice.InForce.Hash},
		Scored:  room.Progress.Scored, Ideas: room.Progress.Ideas, Items: []modelForm{}, History: []modelStepForm{},
	}
	for _, each := range room.Installed {
		out.Items = append(out.Items, formOfModel(each, room.Live))
	}
	for i := len(room.History) - 1; i >= 0; i-- {
		out.History = append(out.History, formOfStep(room.History[i]))
	}
	return &modelRoomOutput{out}, nil
}

func noModel() error {
	return errs.New(errs.Unavailable, "coach.absent", "No model is loaded here.")
}

func formOfModel(each scoring.Installed, live promotion.Model) modelForm {
	if each.Err != nil {
		return modelForm{Model: each.Folder, Broken: true}
	}
	m, f := each.Manifest, each.Manifest.Figures()
	auc := func(from scoring.Ordered[map[string]scoring.Estimate]) *modelFigureForm {
		e, ok := from.First()["auc"]
		if !ok {
			return nil
		}
		return &modelFigureForm{e.Value, e.Low, e.High}
	}
	return modelForm{
		Model: each.Folder, Title: m.Title(), Hash: m.Hash(), Languages: m.Languages, Alone: m.Alone(),
		Live: each.Folder == live.Folder && m.Hash() == live.Hash, Success: auc(f.Success), Rating: auc(f.Rating),
	}
}

func formOfStep(s promotion.Step) modelStepForm {
	return modelStepForm{Step: s.Seq, Act: s.Act, Model: s.Model.Folder, Title: s.Model.Title, Hash: s.Model.Hash, By: s.Name, Reason: s.Reason, At: when(s.At)}
}

type promoteModelInput struct {
	InTenant
	Body struct {
		Model  string `json:"model" doc:"The folder's name" minLength:"1" maxLength:"120"`
		Reason string `json:"reason" doc:"For the history" minLength:"1" maxLength:"500"`
		Seen   *int   `json:"seen,omitempty" doc:"The last step that you know of, 0 for none: 409 when there was another since" minimum:"0"`
	}
}

type rollBackModelInput struct {
	InTenant
	Body struct {
		Reason string `json:"reason" doc:"For the history" minLength:"1" maxLength:"500"`
		Seen   *int   `json:"seen,omitempty" doc:"The last step that you know of: 409 when there was another since" minimum:"0"`
	}
}

type modelStepOutput struct{ Body modelStepForm }

// promoteModel makes an installed model answer for the tenant.
func (a *api) promoteModel(ctx context.Context, c caller, in *promoteModelInput) (*modelStepOutput, error) {
	if a.models == nil {
		return nil, noModel()
	}
	step, err := a.models.Promote(ctx, c.tenant.ID, in.Body.Model, decisionOf(c, in.Body.Seen, in.Body.Reason))
	if err != nil {
		return nil, err
	}
	return &modelStepOutput{formOfStep(step)}, nil
}

// rollBackModel takes the last promotion back.
func (a *api) rollBackModel(ctx context.Context, c caller, in *rollBackModelInput) (*modelStepOutput, error) {
	if a.models == nil {
		return nil, noModel()
	}
	step, err := a.models.RollBack(ctx, c.tenant.ID, decisionOf(c, in.Body.Seen, in.Body.Reason))
	if err != nil {
		return nil, err
	}
	return &modelStepOutput{formOfStep(step)}, nil
}

func decisionOf(c caller, seen *int, reason string) postgres.Decision {
	d := postgres.Decision{By: promotion.By{Account: c.person.ID}, Seen: -1, Reason: reason}
	if seen != nil {
		d.Seen = *seen
	}
	return d
}
