package api

import (
	"context"
	"strconv"

	"github.com/google/uuid"

	"globalbrain/internal/errs"
	"globalbrain/internal/money"
	"globalbrain/internal/payments"
	"globalbrain/internal/pledge"
	"globalbrain/internal/postgres"
)

type makePledgeInput struct {
	CampaignPath
	Body struct {
		Amount    money.Amount `json:"amount"`
		RewardID  *uuid.UUID   `json:"reward_id,omitempty" format:"uuid"`
		Anonymous bool         `json:"anonymous,omitempty" doc:"To the public and to the founder"`
	}
}

// makePledge commits the pledge and asks the gateway for the page where the
// backer enters a payment method. A gateway that does not answer costs nothing:
// the pledge waits for its page.
func (a *api) makePledge(ctx context.Context, c caller, in *makePledgeInput) (*pledgeOutput, error) {
	if err := a.pledges.Take(c.person.ID.String()); err != nil {
		return nil, err
	}
	found, err := a.campaignOf(ctx, c, in.Campaign)
	if err != nil {
		return nil, err
	}
	offer := postgres.MakePledge{
		ID: pledgeID(c, keyOf(ctx)), Campaign: found.ID, Backer: c.person.ID, Amount: in.Body.Amount, Anonymous: in.Body.Anonymous,
	}
	if in.Body.RewardID != nil {
		offer.Reward = *in.Body.RewardID
	}
	p, err := a.store.MakePledge(ctx, c.tenant.ID, offer)
	if err != nil {
		return nil, err
	}
	if p.State.Unconfirmed() && p.SetupURL == "" {
		if err := a.askGateway(ctx, c, p, false); err != nil && !errs.Is(err, errs.Unavailable) {
			return nil, err
		}
	}
	return a.pledge(ctx, c, &PledgePath{in.InTenant, p.ID.String()})
}

// pledgeID makes the id of a pledge from the request's key, so that a request
// that is sent again after a crash finds the pledge that it made.
func pledgeID(c caller, key string) uuid.UUID {
	return uuid.NewSHA1(c.person.ID, []byte(strconv.FormatInt(int64(c.tenant.ID), 10)+":pledge:"+key))
}

// askGateway asks for the page under the pledge's key and notes it.
func (a *api) askGateway(ctx context.Context, c caller, p pledge.Pledge, mend bool) error {
	if a.gateway == nil {
		return errs.New(errs.Unavailable, payments.NoAnswer, "The payment provider did not answer. Please try again in a moment.")
	}
	l, err := a.store.Pledge(ctx, c.tenant.ID, p.ID)
	if err != nil {
		return err
	}
	set, err := a.gateway.Setup(ctx, payments.SetupRequest{
		Account: payments.AccountOf(c.tenant.ID), Key: p.SetupKey(c.tenant.ID), Amount: p.Amount, Description: l.Title, Locale: c.person.Locale,
		ReturnURL: a.baseURL + "/t/" + c.tenant.Slug + "/pledges/" + p.ID.String() + "/return", Authenticate: mend,
	})
	if err != nil {
		return err
	}
	return a.store.PledgeSetUp(ctx, c.tenant.ID, p.ID, p.SetupNo, set.ID, set.URL)
}

// setUpPledge returns the gateway's page again, or begins a new visit to it for
// a pledge whose charge failed.
func (a *api) setUpPledge(ctx context.Context, c caller, in *PledgePath) (*pledgeOutput, error) {
	l, err := a.ownPledge(ctx, c, in.Pledge)
	if err != nil {
		return nil, err
	}
	p, mend := l.Pledge, !l.State.Unconfirmed()
	if mend {
		if err := a.pledges.Take(c.person.ID.String()); err != nil {
			return nil, err
		}
		if p, err = a.store.MendPledge(ctx, c.tenant.ID, l.ID, c.person.ID); err != nil {
			return nil, err
		}
	}
	if p.SetupURL == "" {
		if err := a.askGateway(ctx, c, p, mend); err != nil {
			return nil, err
		}
	}
	return a.pledge(ctx, c, in)
}

// confirmPledge asks the gateway whether the backer has been to its page. The
// gateway's webhook says the same sooner or later.
func (a *api) confirmPledge(ctx context.Context, c caller, in *PledgePath) (*pledgeOutput, error) {
	l, err := a.ownPledge(ctx, c, in.Pledge)
	if err != nil {
		return nil, err
	}
	if a.gateway == nil {
		return nil, errs.New(errs.Unavailable, payments.NoAnswer, "The payment provider did not answer. Please try again in a moment.")
	}
	set, err := a.gateway.FindSetup(ctx, payments.AccountOf(c.tenant.ID), l.SetupKey(c.tenant.ID))
	switch {
	case errs.Is(err, errs.NotFound), err == nil && set.State != payments.SetupSucceeded:
		return &pledgeOutput{formOfPledge(l)}, nil
	case err != nil:
		return nil, err
	}
	if _, err := a.store.ConfirmPledge(ctx, c.tenant.ID, l.ID, l.SetupNo, set.PaymentMethod); err != nil {
		return nil, err
	}
	return a.pledge(ctx, c, in)
}
