package site

import (
	"net/http"
	"strconv"
	"time"

	"github.com/google/uuid"

	"globalbrain/internal/errs"
	"globalbrain/internal/postgres"
	"globalbrain/internal/review"
)

// roomPage is the chair's room of one round: its ideas with their reviewers and
// reviews, and the next step of the round.
type roomPage struct {
	Base
	ID        string
	Call      string
	State     string
	DueAt     time.Time
	Stepper   stepper
	Finals    int
	Asked     int
	Decided   int
	Ideas     int
	MayAssign bool
	MayDecide bool
	Next      string // the state that the chair can move the round to; "" at the end
	Items     []roomItem
}

type roomItem struct {
	ID        string
	Title     string
	URL       string
	State     string
	Conflict  string // why the chair can neither see nor act
	Short     bool   // fewer reviewers than an idea needs
	Discuss   bool   // the reviewers are far apart
	Reviewers []roomReviewer
	Finals    []roomFinal
	Experts   []Option
	Decision  string
	Waits     bool // for a decision
}

type roomReviewer struct{ Name, Organisation, State string }

type roomFinal struct {
	Name  string
	Mean  string
	Lines []judgementLine
}

// roundWay is the straight way of a round, which its stepper shows, and the
// state that a chair's button leads to.
var roundWay = []review.RoundState{review.RoundAssigning, review.RoundOpen, review.RoundDiscussion, review.RoundDecided, review.RoundPublished}

func roundStepper(b Base, at review.RoundState) (st stepper, next string) {
	state := "done"
	for i, one := range roundWay {
		line := step{Name: b.T("round.state_" + string(one)), State: state}
		if one == at {
			line.State, state = "now", "next"
			if i+1 < len(roundWay) {
				next = string(roundWay[i+1])
			}
		}
		st.Steps = append(st.Steps, line)
	}
	return st, next
}

func (s *Server) roomPage(r *http.Request, b Base, id uuid.UUID) (roomPage, error) {
	room, err := s.Store.Room(r.Context(), s.tenant(r).ID, id, s.person(r).ID)
	if err != nil {
		return roomPage{}, err
	}
	page := roomPage{
		Base: b, ID: room.ID.String(), Call: b.In(room.CallTitle), State: string(room.State), DueAt: room.DueAt,
		Finals: room.Finals, Asked: room.Asked, Decided: room.Decided, Ideas: room.Ideas,
		MayAssign: room.MayAssign() == nil, MayDecide: room.State == review.RoundDiscussion,
	}
	page.Stepper, page.Next = roundStepper(b, room.State)
	for _, item := range room.Items {
		page.Items = append(page.Items, s.roomItem(b, item))
	}
	return page, nil
}

func (s *Server) roomItem(b Base, in postgres.RoomItem) roomItem {
	item := roomItem{
		ID: in.Idea.String(), Title: in.Title, URL: b.URL("/ideas/" + in.Idea.String()), State: b.T("idea.state_" + in.State),
		Waits: in.State == "in_review" && in.Decision == "", Discuss: review.Spread(in.Finals) >= review.WideSpread,
	}
	if in.Conflict != "" {
		item.Conflict = b.T("error.review.conflict_" + string(in.Conflict))
		return item
	}
	if in.Decision != "" {
		item.Decision = b.T("idea.state_" + string(in.Decision))
	}
	held := 0
	for _, one := range in.Reviewers {
		if one.State.Holds() {
			held++
		}
		item.Reviewers = append(item.Reviewers, roomReviewer{one.Name, one.Organisation, b.T("assignment." + string(one.State))})
	}
	item.Short = held < b.Tenant().Policy.MinFinals
	for i, f := range in.Finals {
		final := roomFinal{Name: b.T("room.review_number", i+1), Mean: b.Number(f.Sheet.Mean(), 1)}
		for c, j := range f.Sheet {
			final.Lines = append(final.Lines, judgementLine{Name: b.T("rubric." + string(review.Rubric[c])), Score: j.Score, Rationale: j.Rationale, At: onScale(float64(j.Score))})
		}
		item.Finals = append(item.Finals, final)
	}
	for _, e := range in.MayBeAsked {
		item.Experts = append(item.Experts, Option{Value: e.ID.String(), Label: b.T("room.expert", e.Name, e.Organisation, e.Load)})
	}
	return item
}

func (s *Server) room(w http.ResponseWriter, r *http.Request) error {
	id, err := pathID(r, "round")
	if err != nil {
		return err
	}
	page, err := s.roomPage(r, s.base(r), id)
	if err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, "room", page)
}

// inRoom does one act of the chair and comes back to the room, or shows the
// room as it stands with what was refused.
func (s *Server) inRoom(w http.ResponseWriter, r *http.Request, act func(round uuid.UUID) (words string, args []string, err error)) error {
	id, err := pathID(r, "round")
	if err != nil {
		return err
	}
	words, args, err := act(id)
	if err == nil {
		return s.redirect(w, r, s.base(r).URL("/rounds/"+id.String()), words, args...)
	}
	if !isRefusal(err) && !errs.Is(err, errs.Forbidden) {
		return err
	}
	page, broken := s.roomPage(r, s.base(r).Refused(err), id)
	if broken != nil {
		return broken
	}
	return s.render(w, r, statusOf(err), "room", page)
}

func (s *Server) roomAssign(w http.ResponseWriter, r *http.Request) error {
	return s.inRoom(w, r, func(round uuid.UUID) (string, []string, error) {
		added, err := s.Store.AssignExperts(r.Context(), s.tenant(r), round, s.person(r).ID)
		return "room.assigned", []string{strconv.Itoa(added)}, err
	})
}

func (s *Server) roomAdd(w http.ResponseWriter, r *http.Request) error {
	return s.inRoom(w, r, func(round uuid.UUID) (string, []string, error) {
		idea, err := uuid.Parse(r.PostFormValue("idea"))
		expert, bad := uuid.Parse(r.PostFormValue("expert"))
		if err != nil || bad != nil {
			return "", nil, errs.New(errs.Invalid, "round.expert", "Choose an expert.")
		}
		return "room.added", nil, s.Store.AssignExpert(r.Context(), s.tenant(r).ID, round, idea, expert, s.person(r).ID)
	})
}

func (s *Server) roomMove(w http.ResponseWriter, r *http.Request) error {
	return s.inRoom(w, r, func(round uuid.UUID) (string, []string, error) {
		moves := map[review.RoundState]func() error{
			review.RoundOpen:       func() error { return s.Store.StartRound(r.Context(), s.tenant(r).ID, round, s.person(r).ID) },
			review.RoundDiscussion: func() error { return s.Store.CloseRound(r.Context(), s.tenant(r).ID, round, s.person(r).ID) },
			review.RoundDecided:    func() error { return s.Store.FinishRound(r.Context(), s.tenant(r).ID, round, s.person(r).ID) },
			review.RoundPublished:  func() error { return s.Store.PublishRound(r.Context(), s.tenant(r).ID, round, s.person(r).ID) },
		}
		move := moves[review.RoundState(r.PostFormValue("to"))]
		if move == nil {
			return "", nil, errs.New(errs.NotFound, "not_found", "This was not found.")
		}
		return "room.moved", nil, move()
	})
}

func (s *Server) roomDecide(w http.ResponseWriter, r *http.Request) error {
	return s.inRoom(w, r, func(round uuid.UUID) (string, []string, error) {
		idea, err := uuid.Parse(r.PostFormValue("idea"))
		if err != nil {
			return "", nil, errs.New(errs.NotFound, "not_found", "This was not found.")
		}
		return "room.decision_kept", nil, s.Store.DecideIdea(r.Context(), s.tenant(r), postgres.RoundDecision{
			Round: round, Idea: idea, Chair: s.person(r).ID, Decision: review.Decision(r.PostFormValue("decision")), Reason: r.PostFormValue("reason"),
		})
	})
}
