package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"globalbrain/internal/account"
	"globalbrain/internal/errs"
	"globalbrain/internal/tenant"
)

// handle registers one operation. Every error leaves as a Problem, so nothing
// internal can reach a caller through huma's own error path.
func handle[In, Out any](a *api, h huma.API, method, path, id, summary string, status int, fn func(context.Context, *In) (*Out, error)) {
	op := huma.Operation{
		OperationID: id, Method: method, Path: path, Summary: summary, DefaultStatus: status, MaxBodyBytes: maxBody,
		Errors: []int{400, 401, 403, 404, 409, 422, 429, 500, 503},
	}
	if id != "open-session" {
		op.Security = []map[string][]string{{"session": {}}, {}}
	}
	if method != http.MethodGet && id != "open-session" {
		op.Parameters = append(op.Parameters, &huma.Param{
			Name: "Idempotency-Key", In: "header", Required: true, Schema: &huma.Schema{Type: "string", MinLength: ptr(1), MaxLength: ptr(255)},
			Description: "A new one for each new request; the same key and request give the same answer and one effect",
		})
	}
	huma.Register(h, op, func(ctx context.Context, in *In) (*Out, error) {
		out, err := fn(ctx, in)
		if err != nil {
			return nil, problemOf(ctx, a.log, err)
		}
		return out, nil
	})
}

func ptr[T any](v T) *T { return &v }

type openSessionInput struct {
	UserAgent string `header:"User-Agent"`
	Body      struct {
		Email    string `json:"email" maxLength:"254"`
		Password string `json:"password" maxLength:"1024"`
	}
}

type sessionOutput struct {
	Body struct {
		Token     string `json:"token" doc:"For the header Authorization: Bearer TOKEN"`
		AccountID string `json:"account_id"`
		Name      string `json:"name"`
	}
}

type meOutput struct {
	Body struct {
		AccountID    string        `json:"account_id"`
		Name         string        `json:"name"`
		Email        string        `json:"email"`
		Verified     bool          `json:"verified"`
		Roles        []tenant.Role `json:"roles" doc:"In this tenant"`
		Organisation string        `json:"organisation,omitempty"`
	}
}

func (a *api) sessionRoutes(h huma.API) {
	handle(a, h, http.MethodPost, "/sessions", "open-session", "Sign in", http.StatusCreated, a.openSession)
	handle(a, h, http.MethodDelete, "/sessions/current", "close-session", "Sign out", http.StatusNoContent, a.closeSession)
	handle(a, h, http.MethodGet, "/tenants/{tenant}/me", "me", "Who I am in this tenant", http.StatusOK, a.me)
}

// openSession answers the same, after the same work, for a wrong password and
// for an address that nobody has.
func (a *api) openSession(ctx context.Context, in *openSessionInput) (*sessionOutput, error) {
	if err := a.attempts.Take(account.EmailKey(in.Body.Email)); err != nil {
		return nil, err
	}
	who, err := a.store.AccountByEmail(ctx, in.Body.Email)
	if err != nil && !errs.Is(err, errs.NotFound) {
		return nil, err
	}
	good, err := a.hasher.Matches(ctx, who.PasswordHash, in.Body.Password)
	if err != nil {
		return nil, err
	}
	if !good || who.ID == uuid.Nil {
		return nil, errs.New(errs.Unauthenticated, "credentials", "The e-mail address or the password is not right.")
	}
	ticket := account.NewTicket(uuid.Must(uuid.NewV7()))
	if err := a.store.OpenSession(ctx, who.ID, ticket, in.UserAgent, uuid.Nil); err != nil {
		return nil, err
	}
	out := &sessionOutput{}
	out.Body.Token, out.Body.AccountID, out.Body.Name = ticket.String(), who.ID.String(), who.Name
	return out, nil
}

func (a *api) closeSession(ctx context.Context, _ *struct{}) (*struct{}, error) {
	c := callerOf(ctx)
	if !c.person.Known() {
		return nil, errs.New(errs.Unauthenticated, "sign_in", "There is no session to close.")
	}
	return nil, a.store.CloseSession(ctx, c.session)
}

type inTenant struct {
	Tenant string `path:"tenant" doc:"The tenant's slug" maxLength:"32"`
}

func (a *api) me(ctx context.Context, _ *inTenant) (*meOutput, error) {
	c := callerOf(ctx)
	if !c.person.Known() {
		return nil, errs.New(errs.Unauthenticated, "sign_in", "Sign in first: POST %s/sessions returns a token.", Prefix)
	}
	out := &meOutput{}
	out.Body.AccountID, out.Body.Name, out.Body.Email, out.Body.Verified = c.person.ID.String(), c.person.Name, c.person.Email, c.person.Verified
	out.Body.Roles, out.Body.Organisation = c.person.Roles, c.person.Organisation
	return out, nil
}
