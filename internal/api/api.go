// Package api is the JSON door: /api/v1 with OpenAPI 3.1, RFC 9457 problems,
// ETags, keyset pages and idempotency keys. It asks the same questions of the
// domain and the store as the site, and knows nothing of HTML.
package api

import (
	"context"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humachi"
	"github.com/go-chi/chi/v5"

	"globalbrain/internal/account"
	"globalbrain/internal/brain"
	"globalbrain/internal/errs"
	"globalbrain/internal/likeness"
	"globalbrain/internal/middleware"
	"globalbrain/internal/payments"
	"globalbrain/internal/postgres"
	"globalbrain/internal/scoring"
	"globalbrain/internal/tenant"
)

// Prefix is where the API is mounted.
const Prefix = "/api/v1"

// Coach gives live advice on a draft by the tenant's model.
type Coach interface {
	Coach(ctx context.Context, id tenant.ID, t scoring.Text) (scoring.Advice, error)
}

// Deps is what the API works with.
type Deps struct {
	Store    *postgres.Store
	Coach    Coach            // nil: no model is loaded, and there is no advice
	Models   *brain.Brain     // nil: the same, and there is none to choose
	Likeness *likeness.Finder // nil: one of the API's own
	Gateway  payments.Gateway // nil: nobody can pledge
	BaseURL  string           // of the site, without a slash at the end: where the gateway's page leads back to
	Hasher   *account.Hasher  // nil: one that does two hashes at once
	Log      *slog.Logger
}

type api struct {
	store    *postgres.Store
	coach    Coach
	models   *brain.Brain
	likeness *likeness.Finder
	gateway  payments.Gateway
	baseURL  string
	log      *slog.Logger
	hasher   *account.Hasher

	signInFrom *middleware.Limiter // sign-ins by network
	signInTo   *middleware.Limiter // and by the account that is aimed at
	pledges    *middleware.Limiter // by person; each asks the gateway for a page
}

// Server answers requests below Prefix. It is safe for concurrent use.
type Server struct {
	http.Handler
	api *api
}

// Refuse answers a request that was turned away before it came here, in the
// form of the API.
func (s *Server) Refuse(w http.ResponseWriter, r *http.Request, err error) {
	if errs.CodeOf(err) == "body_large" {
		err = tooLarge()
	}
	s.api.refuse(w, r, err)
}

// setErrors makes huma's own refusals problems. It is a setting of the whole
// program, so it is made once.
var setErrors = sync.OnceFunc(func() { huma.NewError = newError })

// New returns the API, which sees whole paths.
func New(d Deps) *Server {
	if d.Hasher == nil {
		d.Hasher = account.NewHasher(2)
	}
	if d.Likeness == nil {
		d.Likeness = likeness.New(d.Store, likeness.Options{})
	}
	a := &api{
		store: d.Store, coach: d.Coach, likeness: d.Likeness, models: d.Models, gateway: d.Gateway, baseURL: strings.TrimSuffix(d.BaseURL, "/"), log: d.Log, hasher: d.Hasher,
		signInFrom: middleware.NewLimiter(40, 15*time.Second, time.Now),
		signInTo:   middleware.NewLimiter(10, time.Minute, time.Now),
		pledges:    middleware.NewLimiter(20, 15*time.Second, time.Now),
	}
	setErrors()
	router := chi.NewRouter()
	router.Use(a.identify, a.idempotent)
	router.NotFound(func(w http.ResponseWriter, r *http.Request) {
		a.refuse(w, r, problem(http.StatusNotFound, "not_found", "There is nothing at this address. "+Prefix+"/openapi.json lists what there is."))
	})
	router.MethodNotAllowed(func(w http.ResponseWriter, r *http.Request) {
		a.refuse(w, r, problem(http.StatusMethodNotAllowed, "method", "This address does not take this method."))
	})
	a.routes(humachi.New(router, describe()))
	return &Server{http.StripPrefix(Prefix, router), a}
}

func describe() huma.Config {
	c := huma.DefaultConfig("Global Brain", "1.0.0")
	c.Info.Description = "Ideas, reviews, ranks, campaigns and pledges of one tenant. " +
		"Amounts are integers in the currency's smallest unit. Lists are pages by key: pass next of one page as the next parameter of the following call. " +
		"Every POST, PUT and DELETE of a signed-in person in a tenant carries an Idempotency-Key."
	c.Servers = []*huma.Server{{URL: Prefix}}
	c.DocsPath = "" // a documentation page would need scripts from elsewhere
	c.CreateHooks = nil
	c.Components.Schemas = huma.NewMapRegistry("#/components/schemas/", schemaName)
	c.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"session": {Type: "http", Scheme: "bearer", Description: "The token that POST /sessions returns"},
	}
	return c
}
