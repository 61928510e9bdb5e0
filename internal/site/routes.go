package site

import (
	"net/http"
	"strings"

	"github.com/go-chi/chi/v5"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"globalbrain/internal/tenant"
)

// route is one line of the table: how it is called, who may, what answers.
type route struct {
	method string
	path   string
	may    tenant.Permission
	do     handler
}

// outside lists the routes that belong to no tenant.
func (s *Server) outside() []route {
	return []route{
		{"GET", "/", anyone, s.tenantList},
		{"GET", "/signup", anyone, s.signUpForm},
		{"POST", "/signup", anyone, s.signUp},
		{"GET", "/verify", anyone, s.verifyForm},
		{"POST", "/verify", anyone, s.verify},
		{"GET", "/signin", anyone, s.signInForm},
		{"POST", "/signin", anyone, s.signIn},
		{"POST", "/signout", anyone, s.signOut},
		{"GET", "/reset", anyone, s.resetForm},
		{"POST", "/reset", anyone, s.askReset},
		{"GET", "/reset/password", anyone, s.newPasswordForm},
		{"POST", "/reset/password", anyone, s.newPassword},
		{"POST", "/language", anyone, s.setLanguage},
		{"GET", "/mailbox", anyone, s.mailbox},
		{"GET", "/me", signedIn, s.places},
		{"POST", "/webhooks/{provider}", anyone, s.webhook},
	}
}

// inTenant lists the routes below /t/{tenant}.
func (s *Server) inTenant() []route {
	return []route{
		{"GET", "/", anyone, s.home},
		{"GET", "/me", signedIn, s.me},

		{"GET", "/ideas", anyone, s.explore},
		{"GET", "/ideas/new", tenant.PostIdea, s.ideaNew},
		{"POST", "/ideas", tenant.PostIdea, s.ideaCreate},
		{"GET", "/ideas/{idea}", anyone, s.idea},
		{"GET", "/ideas/{idea}/edit", tenant.PostIdea, s.studio},
		{"POST", "/ideas/{idea}/edit", tenant.PostIdea, s.studioSave},
		{"POST", "/ideas/{idea}/advice", tenant.PostIdea, s.studioTyped},
		{"POST", "/ideas/{idea}/pictures", tenant.PostIdea, s.pictureAdd},
		{"GET", "/ideas/{idea}/pictures/{picture}", anyone, s.picture},
		{"POST", "/ideas/{idea}/pictures/{picture}/remove", tenant.PostIdea, s.pictureRemove},
		{"GET", "/ideas/{idea}/withdraw", tenant.PostIdea, s.withdrawForm},
		{"POST", "/ideas/{idea}/withdraw", tenant.PostIdea, s.withdraw},
		{"GET", "/moderation", tenant.Moderate, s.moderation},
		{"GET", "/moderation/{idea}", tenant.Moderate, s.screening},
		{"POST", "/moderation/{idea}/take", tenant.Moderate, s.screeningTake},
		{"POST", "/moderation/{idea}/decide", tenant.Moderate, s.screeningDecide},
		{"GET", "/calls", tenant.ManageTenant, s.calls},
		{"POST", "/calls", tenant.ManageTenant, s.callCreate},

		{"GET", "/desk", tenant.ReviewIdeas, s.desk},
		{"GET", "/desk/{assignment}", tenant.ReviewIdeas, s.review},
		{"POST", "/desk/{assignment}", tenant.ReviewIdeas, s.reviewWrite},
		{"POST", "/desk/{assignment}/typed", tenant.ReviewIdeas, s.reviewTyped},
		{"POST", "/desk/{assignment}/answer", tenant.ReviewIdeas, s.reviewAnswer},
		{"GET", "/rounds", tenant.ChairRounds, s.rounds},
		{"POST", "/rounds", tenant.ChairRounds, s.roundOpen},
		{"GET", "/rounds/{round}", tenant.ChairRounds, s.room},
		{"POST", "/rounds/{round}/assign", tenant.ChairRounds, s.roomAssign},
		{"POST", "/rounds/{round}/experts", tenant.ChairRounds, s.roomAdd},
		{"POST", "/rounds/{round}/move", tenant.ChairRounds, s.roomMove},
		{"POST", "/rounds/{round}/decide", tenant.ChairRounds, s.roomDecide},
		{"GET", "/ranking", anyone, s.rankings},
		{"GET", "/ranking/{snapshot}", anyone, s.ranking},
		{"GET", "/ranking/{snapshot}/inputs.json", anyone, s.rankingInputs},
		{"GET", "/ranking/calls/{call}", anyone, s.rankingNewest},
		{"GET", "/ranking/calls/{call}/all", anyone, s.rankingHistory},
		{"POST", "/ideas/{idea}/support", tenant.PostIdea, s.support},

		{"GET", "/ideas/{idea}/campaign", tenant.PostIdea, s.campaignEdit},
		{"POST", "/ideas/{idea}/campaign", tenant.PostIdea, s.campaignSave},
		{"GET", "/campaigns/{campaign}/launch", tenant.PostIdea, s.campaignLaunchForm},
		{"POST", "/campaigns/{campaign}/launch", tenant.PostIdea, s.campaignLaunch},
		{"GET", "/campaigns/{campaign}/cancel", tenant.PostIdea, s.campaignCancelForm},
		{"POST", "/campaigns/{campaign}/cancel", tenant.PostIdea, s.campaignCancel},
		{"GET", "/campaigns/{campaign}/money", tenant.PostIdea, s.campaignMoney},
		{"POST", "/campaigns/{campaign}/decide", tenant.PostIdea, s.campaignDecide},
		{"GET", "/campaigns/{campaign}/pledge", tenant.Pledge, s.pledgeNew},
		{"POST", "/campaigns/{campaign}/pledge", tenant.Pledge, s.pledgeMake},
		{"GET", "/pledges", signedIn, s.pledges},
		{"GET", "/pledges/{pledge}", signedIn, s.pledgeShow},
		{"GET", "/pledges/{pledge}/return", signedIn, s.pledgeReturn},
		{"POST", "/pledges/{pledge}/continue", tenant.Pledge, s.pledgeContinue},
		{"POST", "/pledges/{pledge}/mend", tenant.Pledge, s.pledgeMend},
		{"POST", "/pledges/{pledge}/cancel", tenant.Pledge, s.pledgeCancel},
		{"GET", "/money", tenant.SeeMoney, s.moneyDesk},
		{"GET", "/money/reconcile", tenant.SeeMoney, s.moneyReconcile},

		{"GET", "/models", tenant.SeeModelRoom, s.models},
		{"GET", "/models/rollback", tenant.ManageModels, s.modelRollbackForm},
		{"POST", "/models/rollback", tenant.ManageModels, s.modelRollback},
		{"GET", "/models/{model}", tenant.SeeModelRoom, s.model},
		{"GET", "/models/{model}/promote", tenant.ManageModels, s.modelPromoteForm},
		{"POST", "/models/{model}/promote", tenant.ManageModels, s.modelPromote},

		{"GET", "/people", tenant.ManagePeople, s.people},
		{"POST", "/people/{account}/roles", tenant.ManagePeople, s.changeRole},
		{"POST", "/people/{account}/organisation", tenant.ManagePeople, s.setOrganisation},
	}
}

// Route is one line of the table of routes, for tests that walk it.
type Route struct {
	Method string
	Path   string // with {parameters}, below /t/{tenant} for a tenant's pages
	May    tenant.Permission
}

// Routes lists every page and form of the site.
func (s *Server) Routes() []Route {
	var list []Route
	for _, r := range s.outside() {
		list = append(list, Route{r.method, r.path, r.may})
	}
	for _, r := range s.inTenant() {
		list = append(list, Route{r.method, "/t/{tenant}" + strings.TrimSuffix(r.path, "/"), r.may})
	}
	return list
}

// router puts the table to work.
func (s *Server) router() http.Handler {
	r := chi.NewRouter()
	r.NotFound(s.serve(s.notFound))
	r.MethodNotAllowed(s.serve(s.wrongMethod))
	for prefix, h := range s.Mount {
		r.Handle(prefix, h)
		r.Handle(prefix+"/*", h)
	}
	r.Get("/static/*", s.serve(s.serveStatic))
	r.Get("/healthz", s.serve(s.alive))
	r.Get("/readyz", s.serve(s.ready))
	if s.Metrics != nil {
		r.Handle("/metrics", promhttp.HandlerFor(s.Metrics, promhttp.HandlerOpts{}))
	}
	r.Group(func(r chi.Router) {
		r.Use(s.open)
		s.add(r, s.outside())
		r.Route("/t/{tenant}", func(r chi.Router) {
			r.Use(s.enter)
			r.NotFound(s.serve(s.notFound))
			r.MethodNotAllowed(s.serve(s.wrongMethod))
			s.add(r, s.inTenant())
		})
	})
	return r
}

func (s *Server) add(r chi.Router, table []route) {
	for _, line := range table {
		h := s.serve(s.may(line.may, readInput(line.do)))
		r.Method(line.method, line.path, h)
		if line.method == http.MethodGet {
			r.Method(http.MethodHead, line.path, h)
		}
	}
}
