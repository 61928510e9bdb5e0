package site

import (
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/google/uuid"

	"globalbrain/internal/errs"
	"globalbrain/internal/ranking"
)

// storedRanking is a snapshot as a file: "globalbrain rank -snapshot" rebuilds
// the order from it.
type storedRanking struct {
	ID        uuid.UUID      `json:"id"`
	At        string         `json:"at"`
	Model     string         `json:"model"`
	ModelHash string         `json:"model_hash"`
	Inputs    ranking.Inputs `json:"inputs"`
}

// rankingInputs serves everything that a ranking was made from. It never
// changes. A reader who may still come to judge one of its ideas is refused.
func (s *Server) rankingInputs(w http.ResponseWriter, r *http.Request) error {
	id, err := pathID(r, "snapshot")
	if err != nil {
		return err
	}
	snapshot, err := s.Store.RankingSnapshot(r.Context(), s.tenant(r).ID, id)
	if err != nil {
		return err
	}
	blind, err := s.Store.BlindIdeas(r.Context(), s.tenant(r).ID, s.person(r).ID)
	if err != nil {
		return err
	}
	if blindTo(snapshot.Inputs, blind) {
		return errs.New(errs.Forbidden, "review.blind", "You will see this when your own review is handed in.")
	}
	tag := fmt.Sprintf("%q", id.String())
	w.Header().Set("ETag", tag)
	if r.Header.Get("If-None-Match") == tag {
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	raw, err := json.MarshalIndent(storedRanking{
		ID: id, At: s.base(r).Machine(snapshot.At), Model: snapshot.Model, ModelHash: snapshot.ModelHash, Inputs: snapshot.Inputs,
	}, "", " ")
	if err != nil {
		return fmt.Errorf("write ranking %s: %w", id, err)
	}
	w.Header().Set("Content-Type", "application/json")
	if r.Method != http.MethodHead {
		_, _ = w.Write(raw) // the client may be gone; there is nobody to tell
	}
	return nil
}
