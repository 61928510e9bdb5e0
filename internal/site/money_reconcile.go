package site

import (
	"net/http"

	"globalbrain/internal/errs"
	"globalbrain/internal/payments"
	"globalbrain/internal/pledge"
)

// reconcilePage compares what the gateway says with what we say. It repairs
// nothing.
type reconcilePage struct {
	Base
	Gateway     string
	Theirs      int // charges at the gateway
	Ours        int // charges here
	Whole       bool
	Differences []pledge.Difference
}

// maxReconcile is how many charges a page compares; more are left to the
// command line.
const maxReconcile = 5000

func (s *Server) moneyReconcile(w http.ResponseWriter, r *http.Request) error {
	if s.Gateway == nil {
		return errs.New(errs.Unavailable, payments.NoAnswer, "The payment provider did not answer. Please try again in a moment.")
	}
	ours, more, err := s.ourCharges(r)
	if err != nil {
		return err
	}
	theirs, moreTheirs, err := s.theirCharges(r)
	if err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, "reconcile", reconcilePage{
		Base: s.base(r), Gateway: s.Gateway.Name(), Theirs: len(theirs), Ours: len(ours), Whole: !more && !moreTheirs,
		Differences: pledge.Reconcile(ours, theirs),
	})
}

func (s *Server) ourCharges(r *http.Request) (list []pledge.Booked, more bool, err error) {
	list, err = s.Store.BookedCharges(r.Context(), s.tenant(r).ID, maxReconcile+1)
	if len(list) > maxReconcile {
		return list[:maxReconcile], true, err
	}
	return list, false, err
}

func (s *Server) theirCharges(r *http.Request) (list []pledge.Charge, more bool, err error) {
	account, after := payments.AccountOf(s.tenant(r).ID), ""
	for len(list) < maxReconcile {
		page, err := s.Gateway.Charges(r.Context(), account, after, 1000)
		if err != nil || len(page) == 0 {
			return list, false, err
		}
		for _, c := range page {
			list = append(list, pledge.Charge{Key: c.Key, Amount: c.Amount, Fee: c.Fee, State: c.State, Ref: c.ID})
		}
		after = page[len(page)-1].ID
	}
	return list, true, nil
}
