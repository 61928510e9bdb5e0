package site

import (
	"errors"
	"net/http"
	"strconv"

	"github.com/google/uuid"

	"globalbrain/internal/blob"
	"globalbrain/internal/errs"
	"globalbrain/internal/postgres"
	"globalbrain/internal/tenant"
)

// pictureAdd takes one picture of the founder's. It comes with the whole form,
// so that nothing that was typed is lost without a script.
func (s *Server) pictureAdd(w http.ResponseWriter, r *http.Request) error {
	v, err := s.ownIdea(r)
	if err != nil {
		return err
	}
	if v, err = s.saveTyped(r, v); err == nil {
		err = s.addPicture(r, v.ID)
	}
	if err != nil {
		return s.studioAgain(w, r, v, err)
	}
	return s.redirect(w, r, s.base(r).URL("/ideas/"+v.ID.String()+"/edit#pictures"), "studio.saved_flash")
}

func (s *Server) addPicture(r *http.Request, ideaID uuid.UUID) error {
	file, _, err := r.FormFile("picture")
	if err != nil {
		return onField(errs.Wrap(err, errs.Invalid, "image.missing", "Choose a picture first."), "picture")
	}
	defer func() { _ = file.Close() }()
	picture, err := blob.Picture(file)
	if err != nil {
		return onField(err, "picture")
	}
	_, err = s.Store.AddImage(r.Context(), s.tenant(r).ID, s.person(r).ID, ideaID, postgres.NewImage{
		Alt: r.PostFormValue("alt"), MediaType: picture.MediaType, Width: picture.Width, Height: picture.Height, Bytes: picture.Bytes, Measures: picture.Measures,
	})
	return err
}

// pictureRemove removes a picture and, like pictureAdd, saves what was typed.
func (s *Server) pictureRemove(w http.ResponseWriter, r *http.Request) error {
	v, err := s.ownIdea(r)
	if err != nil {
		return err
	}
	id, err := pathID(r, "picture")
	if err != nil {
		return err
	}
	if v, err = s.saveTyped(r, v); err == nil {
		err = s.Store.RemoveImage(r.Context(), s.tenant(r).ID, s.person(r).ID, v.ID, id)
	}
	if err != nil {
		return s.studioAgain(w, r, v, err)
	}
	return s.redirect(w, r, s.base(r).URL("/ideas/"+v.ID.String()+"/edit#pictures"), "studio.saved_flash")
}

// picture sends a picture to who may see its idea. A picture never changes, so
// browsers keep it; a shared cache must not, for its idea may be hidden again.
func (s *Server) picture(w http.ResponseWriter, r *http.Request) error {
	ideaID, err := pathID(r, "idea")
	id, err2 := pathID(r, "picture")
	if err := errors.Join(err, err2); err != nil {
		return errs.New(errs.NotFound, "not_found", "This was not found.")
	}
	p, err := s.Store.Image(r.Context(), s.tenant(r).ID, ideaID, id)
	if err != nil {
		return err
	}
	if !p.MaySee(s.person(r).ID, s.person(r).May(tenant.Moderate)) {
		return errs.New(errs.NotFound, "not_found", "This was not found.")
	}
	h := w.Header()
	h.Set("Content-Type", p.MediaType)
	h.Set("Content-Length", strconv.Itoa(len(p.Bytes)))
	h.Set("Cache-Control", "private, max-age=86400, immutable")
	h.Set("Content-Disposition", "inline")
	_, err = w.Write(p.Bytes)
	return err
}
