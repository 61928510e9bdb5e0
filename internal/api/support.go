package api

import "context"

// supportForm is an idea's support as one reader sees it.
type supportForm struct {
	Count int  `json:"count"`
	Mine  bool `json:"mine" doc:"The caller's support is among them"`
}

type supportOutput struct{ Body supportForm }

func (a *api) support(ctx context.Context, c caller, in *IdeaPath) (*supportOutput, error) {
	v, err := a.judged(ctx, c, in.Idea)
	if err != nil {
		return nil, err
	}
	state, err := a.store.SupportOf(ctx, c.tenant.ID, v.ID, c.person.ID)
	if err != nil {
		return nil, err
	}
	return &supportOutput{supportForm{state.Count, state.Mine}}, nil
}

// giveSupport gives the caller's support; a second time changes nothing. Who
// reviews the idea may not: the answer would show them the count.
func (a *api) giveSupport(ctx context.Context, c caller, in *IdeaPath) (*supportOutput, error) {
	v, err := a.judged(ctx, c, in.Idea)
	if err != nil {
		return nil, err
	}
	if err := a.store.Support(ctx, c.tenant.ID, v.ID, c.person.ID); err != nil {
		return nil, err
	}
	return a.support(ctx, c, in)
}

func (a *api) withdrawSupport(ctx context.Context, c caller, in *IdeaPath) (*supportOutput, error) {
	v, err := a.judged(ctx, c, in.Idea)
	if err != nil {
		return nil, err
	}
	if err := a.store.WithdrawSupport(ctx, c.tenant.ID, v.ID, c.person.ID); err != nil {
		return nil, err
	}
	return a.support(ctx, c, in)
}
