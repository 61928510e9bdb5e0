package main

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"globalbrain/internal/account"
	"globalbrain/internal/payments"
	"globalbrain/internal/postgres"
	"globalbrain/internal/tenant"
)

// demoPassword opens every demo account; the demo listens on this machine only.
const demoPassword = "demo-password-1"

// filler puts demo content into a database: as the owner where only an
// operator may, else as the application.
type filler struct {
	owner *postgres.Store
	app   *postgres.Store
	hash  string // of demoPassword

	gateway   payments.Gateway
	returnURL string // where the gateway leads back to; nobody follows it
}

// demoPlace is one tenant while it is being filled.
type demoPlace struct {
	*filler
	content demoTenant
	tenant  *tenant.Tenant
	people  map[string]uuid.UUID // by key
	call    uuid.UUID
}

// demoPolicy is the default policy with a faster clock: campaigns may be as
// short as a minute and declined cards are tried again within one, so that a
// deadline and what follows can be watched.
func demoPolicy() tenant.Policy {
	p := tenant.DefaultPolicy()
	p.CampaignMin = time.Minute
	p.RetryCharge = 20 * time.Second
	p.CollectWindow = 10 * time.Minute
	return p
}

// fillTenant makes one tenant with its people, each signed up, verified and
// given their roles by the tenant's owner.
func (f *filler) fillTenant(ctx context.Context, content demoTenant) (*demoPlace, error) {
	t := &tenant.Tenant{
		Slug: content.Slug, Name: content.Name, Tagline: content.Tagline, Hue: content.Hue,
		Currency: content.Currency, Locales: []string{"en", "zh-CN"}, Policy: demoPolicy(),
	}
	id, err := f.owner.CreateTenant(ctx, t)
	if err != nil {
		return nil, err
	}
	t.ID = id
	p := &demoPlace{filler: f, content: content, tenant: t, people: map[string]uuid.UUID{}}
	for _, person := range content.People {
		if p.people[person.Key], err = f.signUp(ctx, person); err != nil {
			return nil, fmt.Errorf("sign up %s: %w", person.Key, err)
		}
	}
	boss, err := p.appoint(ctx)
	if err != nil {
		return nil, err
	}
	for _, person := range content.People {
		if err := p.welcome(ctx, boss, person); err != nil {
			return nil, fmt.Errorf("welcome %s: %w", person.Key, err)
		}
	}
	return p, nil
}

// signUp is what sign-up and the link in the message do.
func (f *filler) signUp(ctx context.Context, person demoPerson) (uuid.UUID, error) {
	ticket := account.NewTicket(uuid.Must(uuid.NewV7()))
	err := f.app.SignUp(ctx, postgres.SignUp{
		Name: person.Name, Email: person.Email, Locale: person.Locale, PasswordHash: f.hash, Ticket: ticket,
		Verify: account.Letter{To: person.Email, Subject: "Welcome", Body: "This demo account is ready to use."},
	})
	if err != nil {
		return uuid.Nil, err
	}
	return f.app.VerifyEmail(ctx, ticket)
}

// appoint makes the content's owner the tenant's first owner.
func (p *demoPlace) appoint(ctx context.Context) (uuid.UUID, error) {
	for _, person := range p.content.People {
		for _, role := range person.Roles {
			if tenant.Role(role) == tenant.Owner {
				return p.people[person.Key], p.owner.AppointOwner(ctx, p.tenant.ID, p.people[person.Key])
			}
		}
	}
	return uuid.Nil, fmt.Errorf("demo tenant %s has no owner", p.tenant.Slug)
}

func (p *demoPlace) welcome(ctx context.Context, boss uuid.UUID, person demoPerson) error {
	id := p.people[person.Key]
	if err := p.app.JoinTenant(ctx, p.tenant.ID, id); err != nil {
		return err
	}
	for _, role := range person.Roles {
		if role := tenant.Role(role); role != tenant.Member && role != tenant.Owner {
			if err := p.app.GrantRole(ctx, p.tenant.ID, boss, id, role); err != nil {
				return err
			}
		}
	}
	if person.Organisation == "" {
		return nil
	}
	return p.app.SetOrganisation(ctx, p.tenant.ID, boss, id, person.Organisation)
}
