package api

import (
	"context"
	"github.com/google/uuid"

	"globalbrain/internal/account"
	"globalbrain/internal/errs"
	"globalbrain/internal/tenant"
)

type openSessionInput struct {
	UserAgent string `header:"User-Agent"`
	Body      struct {
		Email    string `json:"email" maxLength:"254"`
		Password string `json:"password" maxLength:"1024"`
	}
}

type sessionOutput struct {
	Body struct {
		Token     string    `json:"token" doc:"For the header Authorization: Bearer TOKEN"`
		AccountID uuid.UUID `json:"account_id"`
		Name      string    `json:"name"`
	}
}

type meOutput struct {
	Body struct {
		AccountID    uuid.UUID     `json:"account_id"`
		Name         string        `json:"name"`
		Email        string        `json:"email"`
		Verified     bool          `json:"verified"`
		Roles        []tenant.Role `json:"roles" doc:"In this tenant"`
		Organisation string        `json:"organisation,omitempty"`
	}
}

// openSession answers the same, after the same work, for a wrong password and
// for an address that nobody has.
func (a *api) openSession(ctx context.Context, c caller, in *openSessionInput) (*sessionOutput, error) {
	if err := a.signInFrom.Take(c.network); err != nil {
		return nil, err
	}
	if err := a.signInTo.Take(account.EmailKey(in.Body.Email)); err != nil {
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
	if who.VerifiedAt.IsZero() {
		return nil, unverified()
	}
	ticket := account.NewTicket(uuid.Must(uuid.NewV7()))
	if err := a.store.OpenSession(ctx, who.ID, ticket, in.UserAgent, uuid.Nil); err != nil {
		return nil, err
	}
	out := &sessionOutput{}
	out.Body.Token, out.Body.AccountID, out.Body.Name = ticket.String(), who.ID, who.Name
	return out, nil
}

func (a *api) closeSession(ctx context.Context, c caller, _ *struct{}) (*struct{}, error) {
	return nil, a.store.CloseSession(ctx, c.session)
}

func (a *api) me(_ context.Context, c caller, _ *InTenant) (*meOutput, error) {
	out := &meOutput{}
	out.Body.AccountID, out.Body.Name, out.Body.Email, out.Body.Verified = c.person.ID, c.person.Name, c.person.Email, c.person.Verified
	out.Body.Roles, out.Body.Organisation = c.person.Roles, c.person.Organisation
	return out, nil
}
