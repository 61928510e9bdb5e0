package api

import (
	"context"

	"globalbrain/internal/tenant"
)

// tenantForm is a community as everybody may see it.
type tenantForm struct {
	Slug     string            `json:"slug" doc:"The part of every address"`
	Name     map[string]string `json:"name" doc:"By language tag; en is always there"`
	Tagline  map[string]string `json:"tagline" doc:"By language tag"`
	Currency string            `json:"currency" doc:"ISO 4217; every amount of the tenant is in it"`
	Locales  []string          `json:"locales"`
	Rules    tenantRules       `json:"rules"`
}

// tenantRules are the numbers that a caller must keep to.
type tenantRules struct {
	MinFinals          int   `json:"min_finals" doc:"Final reviews that an idea needs to be shortlisted"`
	MinOrganisations   int   `json:"min_organisations" doc:"Distinct organisations among those reviews"`
	MinRationale       int   `json:"min_rationale" doc:"Characters of a rationale"`
	CampaignMinSeconds int64 `json:"campaign_min_seconds"`
	CampaignMaxSeconds int64 `json:"campaign_max_seconds"`
}

func formOfTenant(t *tenant.Tenant) tenantForm {
	p := t.Policy
	return tenantForm{
		Slug: t.Slug, Name: t.Name, Tagline: t.Tagline, Currency: t.Currency, Locales: t.Locales,
		Rules: tenantRules{
			MinFinals: p.MinFinals, MinOrganisations: p.MinOrganisations, MinRationale: p.MinRationale,
			CampaignMinSeconds: int64(p.CampaignMin.Seconds()), CampaignMaxSeconds: int64(p.CampaignMax.Seconds()),
		},
	}
}

type tenantOutput struct{ Body tenantForm }

func (a *api) listTenants(ctx context.Context, _ caller, _ *struct{}) (*listOutput[tenantForm], error) {
	all, err := a.store.Tenants(ctx)
	if err != nil {
		return nil, err
	}
	return &listOutput[tenantForm]{list[tenantForm]{each(all, formOfTenant)}}, nil
}

func (a *api) tenant(_ context.Context, c caller, _ *InTenant) (*tenantOutput, error) {
	return &tenantOutput{formOfTenant(c.tenant)}, nil
}
