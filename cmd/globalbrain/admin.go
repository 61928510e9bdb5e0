package main

import (
	"context"
	"flag"
	"fmt"
	"strings"
	"text/tabwriter"

	"globalbrain/internal/config"
	"globalbrain/internal/database"
	"globalbrain/internal/postgres"
	"globalbrain/internal/tenant"
)

const adminUsage = `globalbrain admin ACT [flags]

  tenants                         list the tenants
  create-tenant -slug S -name N   make a tenant with the default policy
  appoint-owner -slug S -email E  make an account an owner of a tenant

All take -owner-url (or GLOBALBRAIN_OWNER_URL); create-tenant also takes
-currency, -locales and -hue.
`

type adminInput struct {
	slug, name, email, currency, locales string
	hue                                  int
}

// runAdmin does what only an operator may: it works with the owner's role.
func runAdmin(ctx context.Context, args []string, c console) error {
	acts := map[string]func(context.Context, *postgres.Store, adminInput, console) error{
		"tenants": listTenants, "create-tenant": createTenant, "appoint-owner": appointOwner,
	}
	if len(args) == 0 || acts[args[0]] == nil {
		_, _ = fmt.Fprint(c.stderr, adminUsage)
		return errUsage
	}
	var in adminInput
	cfg, _, err := config.Load("admin", args[1:], c.env, c.stderr, func(f *flag.FlagSet) {
		f.StringVar(&in.slug, "slug", "", "the part of the tenant's address")
		f.StringVar(&in.name, "name", "", "the tenant's English name")
		f.StringVar(&in.email, "email", "", "the e-mail address of an account")
		f.StringVar(&in.currency, "currency", "EUR", "the tenant's currency, ISO 4217")
		f.StringVar(&in.locales, "locales", "en,zh-CN", "the tenant's languages, the first is the usual one")
		f.IntVar(&in.hue, "hue", 210, "the tenant's colour, 0 to 359")
	})
	if err != nil {
		return err
	}
	if cfg.OwnerURL == "" {
		return missing("owner-url")
	}
	db, err := database.Open(ctx, cfg.OwnerURL, database.Options{MaxConns: 2})
	if err != nil {
		return err
	}
	defer db.Close()
	store, err := postgres.NewStore(db)
	if err != nil {
		return err
	}
	return acts[args[0]](ctx, store, in, c)
}

func listTenants(ctx context.Context, store *postgres.Store, _ adminInput, c console) error {
	list, err := store.Tenants(ctx)
	if err != nil {
		return err
	}
	table := tabwriter.NewWriter(c.stdout, 0, 4, 2, ' ', 0)
	_, _ = fmt.Fprintln(table, "slug\tname\tcurrency\tlocales")
	for _, t := range list {
		_, _ = fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", t.Slug, t.Name["en"], t.Currency, strings.Join(t.Locales, ","))
	}
	return table.Flush()
}

func createTenant(ctx context.Context, store *postgres.Store, in adminInput, c console) error {
	t := &tenant.Tenant{
		Slug: in.slug, Name: map[string]string{"en": in.name}, Hue: in.hue, Currency: in.currency,
		Locales: strings.Split(in.locales, ","), Policy: tenant.DefaultPolicy(),
	}
	id, err := store.CreateTenant(ctx, t)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(c.stdout, "tenant %d is at /t/%s; give it an owner with appoint-owner\n", id, t.Slug)
	return err
}

func appointOwner(ctx context.Context, store *postgres.Store, in adminInput, c console) error {
	t, err := store.TenantBySlug(ctx, in.slug)
	if err != nil {
		return fmt.Errorf("find tenant %q: %w", in.slug, err)
	}
	who, err := store.AccountByEmail(ctx, in.email)
	if err != nil {
		return fmt.Errorf("find the account of %q (its owner signs up first): %w", in.email, err)
	}
	if err := store.AppointOwner(ctx, t.ID, who.ID); err != nil {
		return err
	}
	_, err = fmt.Fprintf(c.stdout, "%s owns %s\n", who.Name, t.Slug)
	return err
}
