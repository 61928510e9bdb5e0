package site

import (
	"net/http"
	"slices"
	"strconv"

	"github.com/go-chi/chi/v5"

	"globalbrain/internal/brain"
	"globalbrain/internal/errs"
	"globalbrain/internal/postgres"
	"globalbrain/internal/promotion"
	"globalbrain/internal/scoring"
)

// changePage asks before another model answers: it shows both side by side.
type changePage struct {
	Base
	Back     bool   // a rollback
	Action   string // where the form leads
	Seen     int    // the last step of the history that the page was made from
	Champion string
	New      string
	Rows     []contestRow
	Gained   string // languages that only the new one reads
	Lost     string // languages that only the present one reads
	Ideas    int    // that will be scored anew
}

// contestRow is one figure of both models.
type contestRow struct {
	Name, Champion, Challenger string
	Verdict                    string // better, worse or noise; "" where one was not measured
}

func (s *Server) modelPromoteForm(w http.ResponseWriter, r *http.Request) error {
	page, err := s.promotePage(r)
	if err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, "modelchange", page)
}

func (s *Server) modelPromote(w http.ResponseWriter, r *http.Request) error {
	page, err := s.promotePage(r)
	if err != nil {
		return err
	}
	_, err = s.Models.Promote(r.Context(), s.tenant(r).ID, chi.URLParam(r, "model"), s.decision(r))
	return s.endChange(w, r, page, err, "flash.model_promoted")
}

func (s *Server) modelRollbackForm(w http.ResponseWriter, r *http.Request) error {
	page, err := s.rollbackPage(r)
	if err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, "modelchange", page)
}

func (s *Server) modelRollback(w http.ResponseWriter, r *http.Request) error {
	page, err := s.rollbackPage(r)
	if err != nil {
		return err
	}
	_, err = s.Models.RollBack(r.Context(), s.tenant(r).ID, s.decision(r))
	return s.endChange(w, r, page, err, "flash.model_rolled_back")
}

// decision reads the form. A page that does not say what it was made from is
// taken for one of the very beginning.
func (s *Server) decision(r *http.Request) postgres.Decision {
	seen, err := strconv.Atoi(r.PostFormValue("seen"))
	if err != nil || seen < 0 {
		seen = 0
	}
	return postgres.Decision{By: promotion.By{Account: s.person(r).ID}, Seen: seen, Reason: r.PostFormValue("reason")}
}

// endChange leads back to the room, or shows the form again with what is wrong.
func (s *Server) endChange(w http.ResponseWriter, r *http.Request, page changePage, err error, said string) error {
	if err != nil {
		page.Base = page.Refused(err)
		return s.again(w, r, err, "modelchange", page)
	}
	return s.redirect(w, r, page.URL("/models"), said, page.New)
}

// promotePage is about the model of the path.
func (s *Server) promotePage(r *http.Request) (changePage, error) {
	room, err := s.modelRoom(r)
	if err != nil {
		return changePage{}, err
	}
	found, err := s.Models.Find(chi.URLParam(r, "model"))
	if err != nil {
		return changePage{}, err
	}
	if found.Err != nil || !found.Manifest.Alone() {
		return changePage{}, errs.New(errs.NotFound, "model.unknown", "There is no model of this name.")
	}
	page := s.contest(r, &room, found.Manifest, found.Manifest.Title())
	page.Action = page.URL("/models/" + found.Folder + "/promote")
	return page, nil
}

// rollbackPage is about the model that answered before the last promotion.
func (s *Server) rollbackPage(r *http.Request) (changePage, error) {
	room, err := s.modelRoom(r)
	if err != nil {
		return changePage{}, err
	}
	if !room.CanGoBack {
		return changePage{}, errs.New(errs.NotFound, "model.first", "There is no promotion to take back.")
	}
	page := s.contest(r, &room, manifestOf(&room, room.Earlier.Hash), room.Earlier.Title)
	page.Back, page.Action = true, page.URL("/models/rollback")
	return page, nil
}

// manifestOf finds an installed version by its hash; nil when it is gone.
func manifestOf(room *brain.Room, hash string) *scoring.Manifest {
	for _, each := range room.Installed {
		if each.Err == nil && each.Manifest.Hash() == hash {
			return each.Manifest
		}
	}
	return nil
}

// contest sets the live model and another one side by side; a model that is not
// installed any more has no figures.
func (s *Server) contest(r *http.Request, room *brain.Room, challenger *scoring.Manifest, title string) changePage {
	b := s.base(r)
	page := changePage{Base: b, Seen: room.History.Seq(), Champion: room.Live.Title, New: title, Ideas: room.Progress.Ideas}
	var none scoring.Manifest
	champion := manifestOf(room, room.Live.Hash)
	if champion == nil {
		champion = &none
	}
	if challenger == nil {
		challenger = &none
	}
	before, after := figureCells(b, champion.Figures()), figureCells(b, challenger.Figures())
	for i, cell := range before {
		if cell.Words != "" || after[i].Words != "" {
			page.Rows = append(page.Rows, contestRow{cell.Name, cell.Words, after[i].Words, verdict(cell.estimate, after[i].estimate)})
		}
	}
	page.Gained = languageNames(b, without(challenger.Languages, champion.Languages))
	page.Lost = languageNames(b, without(champion.Languages, challenger.Languages))
	return page
}

// verdict compares two estimates of figures of which more is better: intervals
// that overlap may differ by chance alone.
func verdict(before, after *scoring.Estimate) string {
	switch {
	case before == nil || after == nil:
		return ""
	case after.Low > before.High:
		return "better"
	case after.High < before.Low:
		return "worse"
	}
	return "noise"
}

func without(list, others []string) []string {
	return slices.DeleteFunc(slices.Clone(list), func(each string) bool { return slices.Contains(others, each) })
}
