package site

import (
	"net/http"
	"time"

	"globalbrain/internal/tenant"
)

// mePage is a person's page in a tenant: what needs them now, then what is theirs.
type mePage struct {
	Base
	Needs    []meRow
	Sections []meSection
}

// meSection is one list of my page, such as my ideas.
type meSection struct {
	Title  string
	Rows   []meRow
	Empty  string // said when there are no rows
	Action meLink // the one thing to do here; no Label, no link
}

// meRow is one thing of mine: what it is, where it stands, and its page.
type meRow struct {
	Title  string
	Detail string // state, in words
	URL    string
	When   time.Time // a due date or the last change
}

type meLink struct{ Label, URL string }

// mePart adds to my page. Needs are things that wait for this person; a section
// lists what is theirs. A part that does not concern the person adds nothing.
type mePart func(s *Server, r *http.Request, page *mePage) error

// meParts are the parts of my page in their order, each in its area's own file.
var meParts = []mePart{moderationNeeds, chairNeeds, deskNeeds, moneyNeeds, myPledges, myCampaigns, myIdeas}

func (s *Server) me(w http.ResponseWriter, r *http.Request) error {
	page := mePage{Base: s.base(r)}
	for _, add := range meParts {
		if err := add(s, r, &page); err != nil {
			return err
		}
	}
	return s.render(w, r, http.StatusOK, "me", page)
}

// placesPage leads from the account to the person's page in each tenant.
type placesPage struct {
	Base
	Joined []place
	Others []*tenant.Tenant
}

type place struct {
	Tenant *tenant.Tenant
	Roles  []tenant.Role
}

func (s *Server) places(w http.ResponseWriter, r *http.Request) error {
	known, err := s.tenantsInOrder(r)
	if err != nil {
		return err
	}
	ids := make([]tenant.ID, len(known))
	for i, t := range known {
		ids[i] = t.ID
	}
	roles, err := s.Store.RolesIn(r.Context(), s.person(r).ID, ids)
	if err != nil {
		return err
	}
	page := placesPage{Base: s.base(r)}
	for _, t := range known {
		if has := roles[t.ID]; len(has) > 0 {
			page.Joined = append(page.Joined, place{t, has})
		} else {
			page.Others = append(page.Others, t)
		}
	}
	return s.render(w, r, http.StatusOK, "places", page)
}
