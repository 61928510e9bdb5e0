package site

import (
	"net/http"

	"globalbrain/internal/errs"
	"globalbrain/internal/payments"
	"globalbrain/internal/pledge"
	"globalbrain/internal/postgres"
)

// toGateway leads the backer to the gateway's page for a pledge, which is
// committed already. If the gateway does not answer, the pledge waits on its
// own page and nothing is lost.
func (s *Server) toGateway(w http.ResponseWriter, r *http.Request, p pledge.Pledge, mend bool) error {
	own := s.base(r).URL("/pledges/" + p.ID.String())
	if !p.State.Unconfirmed() && !mend {
		return s.redirect(w, r, own, "")
	}
	address := p.SetupURL
	if address == "" {
		var err error
		if address, err = s.askGateway(r, p, mend); err != nil {
			if !errs.Is(err, errs.Unavailable) {
				return err
			}
			s.Log.WarnContext(r.Context(), "no page from the gateway", "pledge", p.ID, "error", err)
			return s.redirect(w, r, own, "flash.gateway_away")
		}
	}
	http.Redirect(w, r, address, http.StatusSeeOther) //nolint:gosec // G710: the gateway's own address, or ours
	return nil
}

// askGateway asks for the page under the pledge's key and notes it.
func (s *Server) askGateway(r *http.Request, p pledge.Pledge, mend bool) (string, error) {
	if s.Gateway == nil {
		return "", errs.New(errs.Unavailable, payments.NoAnswer, "The payment provider did not answer. Please try again in a moment.")
	}
	t := s.tenant(r)
	l, err := s.Store.Pledge(r.Context(), t.ID, p.ID)
	if err != nil {
		return "", err
	}
	set, err := s.Gateway.Setup(r.Context(), payments.SetupRequest{
		Account: payments.AccountOf(t.ID), Key: p.SetupKey(t.ID), Amount: p.Amount, Description: l.Title, Locale: s.base(r).Lang(),
		ReturnURL: s.BaseURL + s.base(r).URL("/pledges/"+p.ID.String()+"/return"), Authenticate: mend,
	})
	if err != nil {
		return "", err
	}
	return set.URL, s.Store.PledgeSetUp(r.Context(), t.ID, p.ID, p.SetupNo, set.ID, set.URL)
}

// ownPledge returns the pledge of the path if the reader made it; anybody
// else's is not found.
func (s *Server) ownPledge(r *http.Request) (postgres.PledgeLine, error) {
	id, err := pathID(r, "pledge")
	if err != nil {
		return postgres.PledgeLine{}, err
	}
	l, err := s.Store.Pledge(r.Context(), s.tenant(r).ID, id)
	if err == nil && l.Backer != s.person(r).ID {
		err = errs.New(errs.NotFound, "not_found", "This was not found.")
	}
	return l, err
}

// pledgeContinue leads back to the gateway's page of a pledge that was not
// confirmed.
func (s *Server) pledgeContinue(w http.ResponseWriter, r *http.Request) error {
	l, err := s.ownPledge(r)
	if err != nil {
		return err
	}
	return s.toGateway(w, r, l.Pledge, false)
}

// pledgeMend leads to the gateway's page for a pledge that could not be charged.
func (s *Server) pledgeMend(w http.ResponseWriter, r *http.Request) error {
	l, err := s.ownPledge(r)
	if err != nil {
		return err
	}
	p, err := s.Store.MendPledge(r.Context(), s.tenant(r).ID, l.ID, s.person(r).ID)
	if err != nil {
		return err
	}
	return s.toGateway(w, r, p, true)
}

// pledgeReturn is where the gateway's page leads back to. Coming here proves
// nothing: the gateway is asked. Its webhook says the same sooner or later, so a
// gateway that does not answer now costs nothing.
func (s *Server) pledgeReturn(w http.ResponseWriter, r *http.Request) error {
	l, err := s.ownPledge(r)
	if err != nil {
		return err
	}
	where, t := s.base(r).URL("/pledges/"+l.ID.String()), s.tenant(r).ID
	if s.Gateway == nil {
		return s.redirect(w, r, where, "flash.gateway_away")
	}
	set, err := s.Gateway.FindSetup(r.Context(), payments.AccountOf(t), l.SetupKey(t))
	switch {
	case errs.Is(err, errs.NotFound), err == nil && set.State != payments.SetupSucceeded:
		return s.redirect(w, r, where, "")
	case err != nil:
		s.Log.WarnContext(r.Context(), "no answer about a setup", "pledge", l.ID, "error", err)
		return s.redirect(w, r, where, "flash.gateway_away")
	}
	before := l.State
	p, err := s.Store.ConfirmPledge(r.Context(), t, l.ID, l.SetupNo, set.PaymentMethod)
	if err != nil {
		return err
	}
	return s.redirect(w, r, where, confirmedFlash(before, p.State))
}

// confirmedFlash says what a confirmation has changed.
func confirmedFlash(before, now pledge.State) string {
	key := ""
	switch {
	case before == now:
	case now == pledge.Active:
		key = "flash.pledge_active"
	case now == pledge.Abandoned:
		key = "flash.pledge_late"
	case now == pledge.Collecting:
		key = "flash.pledge_mended"
	}
	return key
}
