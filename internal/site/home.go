package site

import (
	"net/http"
	"time"
)

// homePage is a tenant's front page: its open calls, then shelves of ideas.
type homePage struct {
	Base
	Calls   []homeCall
	Shelves []shelf
}

// homeCall is an open call for ideas.
type homeCall struct {
	Title string
	Brief string
	URL   string // the ideas of this call
	Post  string // where an idea for it is begun
	Ends  time.Time
}

// shelf is one row of ideas and the reason of their order.
type shelf struct {
	Title  string
	Reason string
	Cards  []ideaCard
	Empty  string // said when there are no cards; "" leaves the shelf out
	More   string // the list that goes on
}

// homePart adds to the home page.
type homePart func(s *Server, r *http.Request, page *homePage) error

// homeParts are the parts of the home page in their order, each in its area's
// own file.
var homeParts = []homePart{homeCalls, homeRanked, homeNewest, homeClosing, homeFunding}

func (s *Server) home(w http.ResponseWriter, r *http.Request) error {
	page := homePage{Base: s.base(r)}
	for _, add := range homeParts {
		if err := add(s, r, &page); err != nil {
			return err
		}
	}
	return s.render(w, r, http.StatusOK, "home", page)
}
