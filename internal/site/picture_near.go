package site

import (
	"net/http"

	"github.com/google/uuid"

	"globalbrain/internal/idea"
	"globalbrain/internal/postgres"
)

// nearPicture is another idea's picture that looks nearly like one of the idea
// at hand. It is told of and decides nothing: pictures may be shared.
type nearPicture struct {
	Own, OwnAlt, Picture, Alt string // of the two pictures: where they are, what they show
	URL, Title                string // of the other idea
	Distance                  string // in words
}

// nearPictures lists pictures that look nearly like those of v, by v's picture.
// A moderator is told of all that moderators see, others of public ideas, and
// of none of the founder except.
func (s *Server) nearPictures(r *http.Request, v postgres.IdeaView, moderates bool, except uuid.UUID) (map[uuid.UUID][]nearPicture, error) {
	if len(v.Images) == 0 {
		return nil, nil
	}
	list, err := s.Store.NearPictures(r.Context(), s.tenant(r).ID, v.ID, idea.StatesSeen(moderates), except)
	if err != nil {
		return nil, err
	}
	b, alts := s.base(r), map[uuid.UUID]string{}
	for _, own := range v.Images {
		alts[own.ID] = own.Alt
	}
	found := map[uuid.UUID][]nearPicture{}
	for _, n := range list {
		other := "/ideas/" + n.Idea.String()
		found[n.Own] = append(found[n.Own], nearPicture{
			Own: b.URL("/ideas/" + v.ID.String() + "/pictures/" + n.Own.String()), OwnAlt: alts[n.Own],
			Picture: b.URL(other + "/pictures/" + n.Image.ID.String()), Alt: n.Image.Alt,
			URL: b.URL(other), Title: n.Title, Distance: b.N("picture.distance", n.Distance),
		})
	}
	return found, nil
}

// ownPicture is a picture of a founder with what is nearly the same elsewhere.
type ownPicture struct {
	idea.Image
	Near []nearPicture
}

// ownPictures are the pictures of a founder's idea.
func (s *Server) ownPictures(r *http.Request, v postgres.IdeaView) ([]ownPicture, error) {
	near, err := s.nearPictures(r, v, false, v.Founder)
	if err != nil {
		return nil, err
	}
	var list []ownPicture
	for _, i := range v.Images {
		list = append(list, ownPicture{i, near[i.ID]})
	}
	return list, nil
}
