package site

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/google/uuid"

	"globalbrain/internal/campaign"
	"globalbrain/internal/errs"
	"globalbrain/internal/money"
	"globalbrain/internal/postgres"
	"globalbrain/internal/tenant"
)

// campaignOf returns the campaign of the path. One that is not public is found
// by its founder only.
func (s *Server) campaignOf(r *http.Request) (campaign.Campaign, error) {
	id, err := pathID(r, "campaign")
	if err != nil {
		return campaign.Campaign{}, err
	}
	c, err := s.Store.Campaign(r.Context(), s.tenant(r).ID, id)
	if err == nil && !c.State.Public() && c.Founder != s.person(r).ID {
		err = errs.New(errs.NotFound, "not_found", "This was not found.")
	}
	return c, err
}

// ownCampaign returns the campaign of the path if the reader founded it.
func (s *Server) ownCampaign(r *http.Request) (campaign.Campaign, error) {
	c, err := s.campaignOf(r)
	if err == nil && c.Founder != s.person(r).ID {
		err = errs.New(errs.Forbidden, "campaign.not_yours", "Only the founder can do this.")
	}
	return c, err
}

// percentOf is how much of the whole a part is, in whole percent.
func percentOf(part, whole money.Amount) int {
	if whole.Minor <= 0 {
		return 0
	}
	return int(float64(part.Minor) / float64(whole.Minor) * 100)
}

// campaignWay is the straight way of a campaign; its side ways take the place
// of the step at which they leave it.
var campaignWay = []campaign.State{campaign.Draft, campaign.Live, campaign.Succeeded, campaign.Collecting, campaign.Funded}

var campaignAside = map[campaign.State]int{campaign.Scheduled: 1, campaign.Closing: 2, campaign.Failed: 2, campaign.Shortfall: 4}

func campaignStepper(b Base, c campaign.Campaign) stepper {
	now, aside := campaignAside[c.State]
	if c.State == campaign.Cancelled {
		now, aside = 2, true
		if !c.SettledAt.IsZero() {
			now = 4
		}
	}
	var st stepper
	for i, state := range campaignWay {
		if !aside && state == c.State {
			now = i
		}
		st.Steps = append(st.Steps, step{Name: b.T("campaign.state_" + string(state)), State: "next"})
	}
	for i := range now {
		st.Steps[i].State = "done"
	}
	st.Steps[now].State = "now"
	if aside {
		st.Steps[now].Name = b.T("campaign.state_" + string(c.State))
	}
	st.Steps[now].Detail = campaignNext(b, c)
	return st
}

// campaignNext says who acts next on a campaign, and until when.
func campaignNext(b Base, c campaign.Campaign) string {
	switch c.State {
	case campaign.Draft:
		return b.T("campaign.next_draft")
	case campaign.Live:
		return b.T("campaign.next_live", b.Time(c.Deadline))
	case campaign.Collecting:
		return b.T("campaign.next_collecting", b.Time(c.CollectUntil))
	case campaign.Shortfall:
		return b.T("campaign.next_shortfall", b.Time(c.DecideUntil))
	case campaign.Failed:
		return b.T("campaign.next_failed")
	case campaign.Cancelled:
		return b.T("campaign.next_cancelled")
	case campaign.Funded:
		return b.T("campaign.next_funded")
	}
	return b.T("campaign.next_closing")
}

// length says how long a campaign runs, in days or in minutes.
func length(b Base, d time.Duration) string {
	if d%(24*time.Hour) == 0 {
		return b.N("campaign.days", int(d/(24*time.Hour)))
	}
	return b.N("campaign.minutes", int(d/time.Minute))
}

// curve is the drawing of how pledges grew: a line in a box of 300 by 80.
type curve struct {
	Base
	Points string // of an SVG polyline
	Area   string // the same, closed at the bottom
	GoalY  float64
	Words  string // what the drawing shows
}

const curveWidth, curveHeight = 300.0, 80.0

// curvePoints is how many steps a curve has.
const curvePoints = 60

// curveOf draws a campaign's curve; false when there is nothing to draw yet.
func (s *Server) curveOf(r *http.Request, c campaign.Campaign) (curve, bool, error) {
	list, err := s.Store.Curve(r.Context(), s.tenant(r).ID, c.ID, curvePoints)
	if err != nil || len(list) < 2 || list[len(list)-1].Pledged.Minor == 0 {
		return curve{}, false, err
	}
	b := s.base(r)
	top := float64(c.Goal.Minor)
	for _, p := range list {
		top = max(top, float64(p.Pledged.Minor))
	}
	height := func(minor int64) float64 { return curveHeight - float64(minor)/top*(curveHeight-4) }
	span := list[len(list)-1].At.Sub(c.LaunchedAt).Seconds()
	var points []string
	last := 0.0
	for _, p := range list {
		last = p.At.Sub(c.LaunchedAt).Seconds() / span * curveWidth
		points = append(points, fmt.Sprintf("%.1f,%.1f", last, height(p.Pledged.Minor)))
	}
	line := strings.Join(points, " ")
	return curve{
		Base: b, Points: line, Area: fmt.Sprintf("0,%.0f %s %.1f,%.0f", curveHeight, line, last, curveHeight), GoalY: height(c.Goal.Minor),
		Words: b.T("campaign.curve", b.Amount(list[len(list)-1].Pledged), b.Amount(c.Goal)),
	}, true, nil
}

// fundingOf is a campaign on a card.
func fundingOf(b Base, l postgres.CampaignLine) *cardFunding {
	return &cardFunding{Percent: percentOf(l.Totals.Pledged, l.Goal), Words: b.T("campaign.funding", b.Amount(l.Totals.Pledged), b.Amount(l.Goal))}
}

// fundCards puts funding bars on the cards of ideas that have a campaign.
func (s *Server) fundCards(r *http.Request, cards []ideaCard) error {
	ids := make([]uuid.UUID, len(cards))
	for i, c := range cards {
		ids[i] = c.ID
	}
	byIdea, err := s.Store.TotalsOfIdeas(r.Context(), s.tenant(r).ID, ids)
	if err != nil {
		return err
	}
	for i := range cards {
		if l, has := byIdea[cards[i].ID]; has {
			cards[i].Funding = fundingOf(cards[i].Base, l)
			if l.State == campaign.Live {
				cards[i].Ends = l.Deadline
			}
		}
	}
	return nil
}

// homeFunding puts funding bars on the cards of every shelf.
func homeFunding(s *Server, r *http.Request, page *homePage) error {
	for i := range page.Shelves {
		if err := s.fundCards(r, page.Shelves[i].Cards); err != nil {
			return err
		}
	}
	return nil
}

// mayRunCampaigns reports whether the reader answers for every campaign here.
func (s *Server) mayRunCampaigns(r *http.Request) bool { return s.person(r).May(tenant.RunCampaigns) }
