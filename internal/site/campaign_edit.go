package site

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"globalbrain/internal/campaign"
	"globalbrain/internal/errs"
	"globalbrain/internal/money"
	"globalbrain/internal/postgres"
)

// campaignEditPage is where a founder plans a campaign.
type campaignEditPage struct {
	Base
	Idea     ideaTitle
	Campaign string // its id; "" before the first save
	Edit     int64
	Currency string
	Shortest string
	Longest  string
	Minutes  bool // the tenant allows campaigns of less than a day
	Units    []Option
	Rows     []int // of the rewards
	Launch   string
	Mend     bool // a field was refused
	Estimate estimatePanel
}

// campaignPlan is what the form says.
type campaignPlan struct {
	plan campaign.Plan
	rows []int // the row of the form for each reward of the plan
	err  errs.Fields
}

func (s *Server) campaignEdit(w http.ResponseWriter, r *http.Request) error {
	v, c, err := s.plannedCampaign(r)
	if err != nil {
		return err
	}
	page := s.campaignEditPage(r, v, c, len(c.Rewards)+1)
	page.Base = page.With(planValues(page.Base, c, page.Minutes)...)
	return s.render(w, r, http.StatusOK, "campaignedit", page)
}

// plannedCampaign returns the founder's shortlisted idea and its draft, or a
// draft that is not saved yet. A campaign that is under way has no form.
func (s *Server) plannedCampaign(r *http.Request) (postgres.IdeaView, campaign.Campaign, error) {
	v, err := s.ownIdea(r)
	if err != nil {
		return v, campaign.Campaign{}, err
	}
	fresh := campaign.Campaign{Idea: v.ID, Founder: v.Founder, State: campaign.Draft, Plan: campaign.Plan{Goal: v.Said.Goal}}
	c, err := s.Store.CampaignOfIdea(r.Context(), s.tenant(r).ID, v.ID)
	switch {
	case errs.Is(err, errs.NotFound), err == nil && (c.State == campaign.Failed || c.State == campaign.Cancelled):
		return v, fresh, nil
	case err == nil && c.State != campaign.Draft:
		return v, c, errs.New(errs.Conflict, "campaign.launched", "This campaign was launched already.")
	}
	return v, c, err
}

func (s *Server) campaignEditPage(r *http.Request, v postgres.IdeaView, c campaign.Campaign, rows int) campaignEditPage {
	b, policy := s.base(r), s.tenant(r).Policy
	page := campaignEditPage{
		Base: b, Idea: ideaTitle{v.ID.String(), v.Said.Title}, Edit: c.Edit, Currency: s.tenant(r).Currency,
		Shortest: length(b, policy.CampaignMin), Longest: length(b, policy.CampaignMax), Minutes: policy.CampaignMin < 24*time.Hour,
		Units:    []Option{{Value: "day", Label: b.T("campaign.unit_day")}, {Value: "minute", Label: b.T("campaign.unit_minute")}},
		Estimate: s.estimate(r, v.Said, len(v.Images), c),
	}
	if c.ID != uuid.Nil {
		page.Campaign, page.Launch = c.ID.String(), b.URL("/campaigns/"+c.ID.String()+"/launch")
	}
	for i := range min(max(rows, 1), campaign.MaxRewards) {
		page.Rows = append(page.Rows, i)
	}
	return page
}

// planValues are the form's values for a stored draft.
func planValues(b Base, c campaign.Campaign, minutes bool) []string {
	pairs := []string{"unit", "day"}
	if c.Goal.IsPositive() {
		pairs = append(pairs, "goal", c.Goal.Input(b.Locale()))
	}
	switch {
	case c.Duration == 0 && minutes:
		pairs[1] = "minute"
	case c.Duration > 0 && c.Duration%(24*time.Hour) == 0:
		pairs = append(pairs, "duration", strconv.Itoa(int(c.Duration/(24*time.Hour))))
	case c.Duration > 0:
		pairs[1] = "minute"
		pairs = append(pairs, "duration", strconv.Itoa(int(c.Duration/time.Minute)))
	}
	for i, reward := range c.Rewards {
		quantity := ""
		if reward.Quantity > 0 {
			quantity = strconv.Itoa(reward.Quantity)
		}
		row := fmt.Sprintf("reward_%d_", i)
		pairs = append(pairs, row+"title", reward.Title, row+"description", reward.Description,
			row+"amount", reward.Amount.Input(b.Locale()), row+"quantity", quantity)
	}
	return pairs
}

func (s *Server) campaignSave(w http.ResponseWriter, r *http.Request) error {
	v, c, err := s.plannedCampaign(r)
	if err != nil {
		return err
	}
	rows, _ := strconv.Atoi(r.PostFormValue("rows")) // 0 when it is missing: one row is shown
	if r.PostFormValue("do") == "more" {
		return s.render(w, r, http.StatusOK, "campaignedit", s.campaignEditPage(r, v, c, rows+1))
	}
	in := s.readPlan(r, rows)
	if err = in.complaints(s.tenant(r).Policy); err == nil {
		edit, _ := strconv.ParseInt(r.PostFormValue("edit"), 10, 64) // 0 matches no saved draft
		id, _ := uuid.Parse(r.PostFormValue("campaign"))             // uuid.Nil: the first save
		c, err = s.Store.SaveCampaign(r.Context(), s.tenant(r).ID, postgres.SaveCampaign{
			Campaign: id, Idea: v.ID, Person: s.person(r).ID, Plan: in.plan, Edit: edit,
		})
		err = in.onRows(err)
	}
	if err != nil {
		page := s.campaignEditPage(r, v, c, rows)
		page.Campaign = r.PostFormValue("campaign")
		page.Edit, _ = strconv.ParseInt(r.PostFormValue("edit"), 10, 64)
		page.Base = page.Refused(err)
		return s.again(w, r, err, "campaignedit", page)
	}
	if r.PostFormValue("do") == "launch" {
		return s.redirect(w, r, s.base(r).URL("/campaigns/"+c.ID.String()+"/launch"), "")
	}
	return s.redirect(w, r, s.base(r).URL("/ideas/"+v.ID.String()+"/campaign"), "flash.campaign_saved")
}

// readPlan reads the form. Rows that are empty altogether are left out.
func (s *Server) readPlan(r *http.Request, rows int) campaignPlan {
	var in campaignPlan
	b, currency := s.base(r), s.tenant(r).Currency
	amount := func(name string) money.Amount {
		a, err := money.Parse(r.PostFormValue(name), currency, b.Locale())
		if err != nil {
			in.err.AddErr(name, err)
		}
		return a
	}
	in.plan.Goal = amount("goal")
	unit := time.Minute
	if r.PostFormValue("unit") != "minute" {
		unit = 24 * time.Hour
	}
	n, err := strconv.Atoi(strings.TrimSpace(r.PostFormValue("duration")))
	if err != nil || n < 1 || n > 100_000 {
		in.err.Add("duration", "campaign.duration_number", "Enter how long the campaign runs, as a whole number.")
	}
	in.plan.Duration = time.Duration(n) * unit
	for i := range min(rows, campaign.MaxRewards) {
		row := fmt.Sprintf("reward_%d_", i)
		title, description := strings.TrimSpace(r.PostFormValue(row+"title")), strings.TrimSpace(r.PostFormValue(row+"description"))
		quantity := strings.TrimSpace(r.PostFormValue(row + "quantity"))
		if title == "" && description == "" && quantity == "" && strings.TrimSpace(r.PostFormValue(row+"amount")) == "" {
			continue
		}
		reward := campaign.Reward{Title: title, Description: description, Amount: amount(row + "amount")}
		if quantity != "" {
			if reward.Quantity, err = strconv.Atoi(quantity); err != nil || reward.Quantity < 1 {
				reward.Quantity = -1 // the plan's own check refuses it beside the field
			}
		}
		in.plan.Rewards, in.rows = append(in.plan.Rewards, reward), append(in.rows, i)
	}
	return in
}
