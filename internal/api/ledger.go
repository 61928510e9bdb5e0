package api

import (
	"context"
	"time"

	"github.com/google/uuid"

	"globalbrain/internal/ledger"
	"globalbrain/internal/money"
	"globalbrain/internal/pledge"
	"globalbrain/internal/postgres"
)

// proofForm is the sum of every entry in one currency.
type proofForm struct {
	Sum          money.Amount `json:"sum" doc:"Zero, or the books are wrong"`
	Transactions int          `json:"transactions"`
	Entries      int          `json:"entries"`
}

func (a *api) ledgerProofs(ctx context.Context, c caller, _ *InTenant) (*listOutput[proofForm], error) {
	all, err := a.store.Proofs(ctx, c.tenant.ID)
	if err != nil {
		return nil, err
	}
	form := func(p postgres.Proof) proofForm { return proofForm(p) }
	return &listOutput[proofForm]{list[proofForm]{each(all, form)}}, nil
}

// balanceForm is what one account holds in one currency.
type balanceForm struct {
	Account ledger.Account `json:"account"`
	Amount  money.Amount   `json:"amount"`
	Entries int            `json:"entries"`
}

type listBalancesInput struct {
	InTenant
	Paging
	Backers bool `query:"backers" doc:"Backers' accounts too: there is one for each person"`
}

func (a *api) listBalances(ctx context.Context, c caller, in *listBalancesInput) (*pageOutput[balanceForm], error) {
	found, err := a.store.Balances(ctx, c.tenant.ID, in.Backers, in.Next, in.Size)
	if err != nil {
		return nil, err
	}
	form := func(b postgres.Balance) balanceForm { return balanceForm(b) }
	return &pageOutput[balanceForm]{page[balanceForm]{each(found.Items, form), found.Next}}, nil
}

// chargeForm is one attempt to charge a pledge.
type chargeForm struct {
	ID         uuid.UUID          `json:"id"`
	CampaignID uuid.UUID          `json:"campaign_id"`
	PledgeID   uuid.UUID          `json:"pledge_id"`
	Attempt    int                `json:"attempt" doc:"From 1"`
	Key        string             `json:"key" doc:"Under which the gateway does it at most once"`
	Amount     money.Amount       `json:"amount"`
	Fee        money.Amount       `json:"fee" doc:"What the gateway kept"`
	State      pledge.ChargeState `json:"state"`
	Ref        string             `json:"ref,omitempty" doc:"The gateway's id"`
	Decline    pledge.Decline     `json:"decline,omitempty"`
	Code       string             `json:"code,omitempty" doc:"The gateway's word for what went wrong"`
	CreatedAt  time.Time          `json:"created_at"`
	SettledAt  *time.Time         `json:"settled_at,omitempty"`
}

func formOfCharge(h pledge.Charge) chargeForm {
	return chargeForm{
		ID: h.ID, CampaignID: h.Campaign, PledgeID: h.Pledge, Attempt: h.Attempt, Key: h.Key, Amount: h.Amount, Fee: h.Fee, State: h.State,
		Ref: h.Ref, Decline: h.Decline, Code: h.Code, CreatedAt: h.CreatedAt, SettledAt: when(h.SettledAt),
	}
}

type listChargesInput struct {
	InTenant
	Paging
	Campaign string `query:"campaign" doc:"Only of this campaign" format:"uuid"`
}

func (a *api) listCharges(ctx context.Context, c caller, in *listChargesInput) (*pageOutput[chargeForm], error) {
	var of uuid.UUID
	if in.Campaign != "" {
		found, err := a.campaignOf(ctx, c, in.Campaign)
		if err != nil {
			return nil, err
		}
		of = found.ID
	}
	found, err := a.store.Charges(ctx, c.tenant.ID, of, in.Next, in.Size)
	if err != nil {
		return nil, err
	}
	return &pageOutput[chargeForm]{page[chargeForm]{each(found.Items, formOfCharge), found.Next}}, nil
}
