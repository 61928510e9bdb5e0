package site

import (
	"net/http"

	"globalbrain/internal/brain"
	"globalbrain/internal/errs"
	"globalbrain/internal/postgres"
	"globalbrain/internal/promotion"
	"globalbrain/internal/scoring"
	"globalbrain/internal/tenant"
)

// modelsPage is the model room: what there is, what answers, and how that came.
type modelsPage struct {
	Base
	Off      bool // no model is loaded
	Live     string
	Broken   bool // the chosen model cannot be served here, and another answers
	InForce  string
	Settled  bool // the scores that are shown are the live model's
	Progress postgres.Rescoring
	Rows     []modelRow
	History  []stepRow
	GoesBack bool
}

// modelRow is one installed model.
type modelRow struct {
	Base
	Folder    string
	Title     string
	Hash      string // its beginning
	Reads     string // languages
	Figures   []figureCell
	Live      bool
	Companion bool // answers beside others only
	Error     string
	Page      string // its path
	Promote   string // where it is promoted; "" where the reader may not, or it cannot be
}

// stepRow is one entry of the history.
type stepRow struct {
	promotion.Step
	Title string
}

// shortHash is how much of a hash tells two models apart.
const shortHash = 12

func (s *Server) models(w http.ResponseWriter, r *http.Request) error {
	page := modelsPage{Base: s.base(r), Off: s.Models == nil}
	if page.Off {
		return s.render(w, r, http.StatusOK, "models", page)
	}
	room, err := s.Models.Room(r.Context(), s.tenant(r).ID)
	if err != nil {
		return err
	}
	if room.Broken != nil {
		s.Log.ErrorContext(r.Context(), "the chosen model cannot be served", "tenant", s.tenant(r).ID, "error", room.Broken)
	}
	page.Live, page.Broken, page.Settled, page.Progress, page.GoesBack = room.Live.Title, room.Broken != nil, room.Settled(), room.Progress, room.CanGoBack
	page.InForce = inForce(&room)
	for _, each := range room.Installed {
		page.Rows = append(page.Rows, modelRowOf(page.Base, each, &room))
	}
	for i := len(room.History) - 1; i >= 0; i-- {
		page.History = append(page.History, stepRow{room.History[i], modelTitle(page.Base, room.History[i].Model)})
	}
	return s.render(w, r, http.StatusOK, "models", page)
}

// inForce is what people call the model whose scores are shown.
func inForce(room *brain.Room) string {
	for _, each := range room.Installed {
		if each.Err == nil && each.Manifest.Hash() == room.Choice.InForce.Hash {
			return each.Manifest.Title()
		}
	}
	return room.Choice.InForce.Title
}

// modelTitle names the model of a step; none is the platform's.
func modelTitle(b Base, m promotion.Model) string {
	if !m.Chosen() {
		return b.T("model.platforms")
	}
	return m.Title
}

func modelRowOf(b Base, each scoring.Installed, room *brain.Room) modelRow {
	row := modelRow{Base: b, Folder: each.Folder, Page: b.URL("/models/" + each.Folder)}
	if each.Err != nil {
		row.Title, row.Error = each.Folder, b.T("model.unreadable")
		return row
	}
	m := each.Manifest
	row.Title, row.Hash, row.Reads, row.Companion = m.Title(), m.Hash()[:shortHash], languageNames(b, m.Languages), !m.Alone()
	row.Figures = figureCells(b, m.Figures())
	row.Live = m.Hash() == room.Live.Hash && each.Folder == room.Live.Folder
	if !row.Live && !row.Companion && b.May(string(tenant.ManageModels)) {
		row.Promote = row.Page + "/promote"
	}
	return row
}

// modelRoom returns the model room, or NotFound when no model is loaded.
func (s *Server) modelRoom(r *http.Request) (brain.Room, error) {
	if s.Models == nil {
		return brain.Room{}, errs.New(errs.NotFound, "not_found", "This was not found.")
	}
	return s.Models.Room(r.Context(), s.tenant(r).ID)
}
