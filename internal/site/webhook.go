package site

import (
	"io"
	"net/http"

	"github.com/go-chi/chi/v5"

	"globalbrain/internal/errs"
	"globalbrain/internal/payments"
	"globalbrain/internal/postgres"
)

// maxWebhook bounds a webhook's body, in bytes.
const maxWebhook = 64 << 10

// webhook takes what the gateway sends: it is proved on its raw bytes, stored
// with the job that handles it, and answered. Nothing in it is believed.
func (s *Server) webhook(w http.ResponseWriter, r *http.Request) error {
	if s.Gateway == nil || chi.URLParam(r, "provider") != s.Gateway.Name() {
		return errs.New(errs.NotFound, "not_found", "This was not found.")
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxWebhook))
	if err != nil {
		return err
	}
	e, err := s.Gateway.Event(r.Header, body, s.Now())
	if err != nil {
		return err
	}
	id, err := payments.TenantOf(e.Account)
	if err != nil {
		return err
	}
	err = s.Store.KeepGatewayEvent(r.Context(), id, postgres.GatewayEvent{Provider: s.Gateway.Name(), ID: e.ID, Kind: e.Kind, Key: e.Key, Body: body})
	if err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}
