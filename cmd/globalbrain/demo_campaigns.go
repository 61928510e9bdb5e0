package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/google/uuid"

	"globalbrain/internal/campaign"
	"globalbrain/internal/money"
	"globalbrain/internal/payments"
	"globalbrain/internal/postgres"
)

// When late campaigns end: those that have reached their goal within minutes of
// the demo's first start, so that closing, charging and the ledger can be
// watched; the others tomorrow.
const (
	soon     = 3 * time.Minute
	tomorrow = 26 * time.Hour
)

// fillCampaigns launches the content's campaigns and makes their pledges.
func (p *demoPlace) fillCampaigns(ctx context.Context, ideas []written) error {
	for _, w := range ideas {
		if w.Campaign == nil {
			continue
		}
		c, err := p.launch(ctx, w)
		if err != nil {
			return fmt.Errorf("launch the campaign of %s: %w", w.Key, err)
		}
		for _, pledge := range w.Pledges {
			if err := p.pledge(ctx, w, c, pledge); err != nil {
				return fmt.Errorf("%s pledges to %s: %w", pledge.Backer, w.Key, err)
			}
		}
	}
	return nil
}

func (w written) duration() time.Duration {
	var sum int64
	for _, p := range w.Pledges {
		sum += p.AmountMinor
	}
	switch {
	case w.Stage != stageLiveLate:
		return time.Duration(w.Campaign.Days) * 24 * time.Hour
	case sum >= w.Campaign.GoalMinor:
		return soon
	}
	return tomorrow
}

func (p *demoPlace) launch(ctx context.Context, w written) (campaign.Campaign, error) {
	plan := campaign.Plan{Goal: p.amount(w.Campaign.GoalMinor), Duration: w.duration()}
	for _, r := range w.Campaign.Rewards {
		plan.Rewards = append(plan.Rewards, campaign.Reward{Title: r.Title, Description: r.Description, Amount: p.amount(r.AmountMinor), Quantity: r.Limit})
	}
	founder := p.people[w.Founder]
	c, err := p.app.SaveCampaign(ctx, p.tenant.ID, postgres.SaveCampaign{Idea: w.id, Person: founder, Plan: plan})
	if err != nil {
		return c, err
	}
	return p.app.LaunchCampaign(ctx, p.tenant.ID, c.ID, founder)
}

func (p *demoPlace) amount(minor int64) money.Amount {
	return money.Amount{Minor: minor, Currency: p.tenant.Currency}
}

// pledge does what a backer does: the form, the gateway's page, and the way back.
func (p *demoPlace) pledge(ctx context.Context, w written, c campaign.Campaign, d demoPledge) error {
	in := postgres.MakePledge{ID: uuid.Must(uuid.NewV7()), Campaign: c.ID, Backer: p.people[d.Backer], Amount: p.amount(d.AmountMinor), Anonymous: d.Anonymous}
	if d.Reward >= 0 {
		in.Reward = c.Rewards[d.Reward].ID
	}
	made, err := p.app.MakePledge(ctx, p.tenant.ID, in)
	if err != nil {
		return err
	}
	account, key := payments.AccountOf(p.tenant.ID), made.SetupKey(p.tenant.ID)
	setup, err := p.gateway.Setup(ctx, payments.SetupRequest{
		Account: account, Key: key, Amount: in.Amount, Description: w.Title, Locale: "en", ReturnURL: p.returnURL,
	})
	if err != nil {
		return err
	}
	if err := p.app.PledgeSetUp(ctx, p.tenant.ID, made.ID, made.SetupNo, setup.ID, setup.URL); err != nil {
		return err
	}
	if err := enterCard(ctx, setup.URL); err != nil {
		return err
	}
	if setup, err = p.gateway.FindSetup(ctx, account, key); err != nil {
		return err
	}
	_, err = p.app.ConfirmPledge(ctx, p.tenant.ID, made.ID, made.SetupNo, setup.PaymentMethod)
	return err
}

// enterCard sends the form of the gateway's page with the card that works.
func enterCard(ctx context.Context, page string) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, page, strings.NewReader(url.Values{"card": {"ok"}}.Encode()))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	stay := &http.Client{Timeout: 10 * time.Second, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	answer, err := stay.Do(r)
	if err != nil {
		return fmt.Errorf("enter a card: %w", err)
	}
	defer func() { _ = answer.Body.Close() }()
	if answer.StatusCode != http.StatusSeeOther {
		return errors.New("the gateway's page answered " + answer.Status)
	}
	return nil
}
