package site

import (
	"net/http"

	"globalbrain/internal/campaign"
	"globalbrain/internal/postgres"
	"globalbrain/internal/tenant"
)

// shownMine is how many pledges or campaigns my page lists.
const shownMine = 5

// myPledges lists the newest pledges of a person, and says which need them.
func myPledges(s *Server, r *http.Request, page *mePage) error {
	list, err := s.Store.PledgesOf(r.Context(), s.tenant(r).ID, s.person(r).ID, "", shownMine)
	if err != nil {
		return err
	}
	section := meSection{Title: page.T("pledge.mine"), Empty: page.T("pledge.none")}
	for _, l := range list.Items {
		row := myPledge(page.Base, l)
		section.Rows = append(section.Rows, row)
		if l.State.Mendable() && page.Now().Before(l.CollectUntil) || l.State.Unconfirmed() && page.Now().Before(l.Deadline) {
			page.Needs = append(page.Needs, row)
		}
	}
	if list.Next != "" {
		section.Action = meLink{page.T("pledge.all"), page.URL("/pledges")}
	}
	page.Sections = append(page.Sections, section)
	return nil
}

// myCampaigns lists the campaigns that a person founded, and those that wait
// for a decision.
func myCampaigns(s *Server, r *http.Request, page *mePage) error {
	list, err := s.Store.Campaigns(r.Context(), s.tenant(r).ID, postgres.CampaignFilter{Founder: s.person(r).ID}, "", shownMine)
	if err != nil || len(list.Items) == 0 {
		return err
	}
	section := meSection{Title: page.T("campaign.mine")}
	for _, l := range list.Items {
		row := campaignRow(page.Base, l)
		section.Rows = append(section.Rows, row)
		if l.State == campaign.Draft || l.State == campaign.Shortfall {
			page.Needs = append(page.Needs, row)
		}
	}
	page.Sections = append(page.Sections, section)
	return nil
}

// campaignRow is a campaign in a list: where it stands and what it has raised.
func campaignRow(b Base, l postgres.CampaignLine) meRow {
	row := meRow{Title: l.Title, When: l.CreatedAt, URL: b.URL("/campaigns/" + l.ID.String() + "/money")}
	state := b.T("campaign.state_" + string(l.State))
	if l.State == campaign.Draft {
		row.URL = b.URL("/ideas/" + l.Idea.String() + "/campaign")
		row.Detail = b.T("campaign.row_draft", state, b.Amount(l.Goal))
		return row
	}
	row.Detail = b.T("campaign.row", state, b.Amount(l.Totals.Pledged), b.Amount(l.Goal), b.Amount(l.Totals.Collected), b.Amount(l.Totals.Refunded))
	return row
}

// moneyNeeds tells those who answer for the money about campaigns that should
// have been closed.
func moneyNeeds(s *Server, r *http.Request, page *mePage) error {
	if !s.person(r).May(tenant.SeeMoney) {
		return nil
	}
	overdue, err := s.Store.CampaignsOverdue(r.Context(), s.tenant(r).ID, lateClose)
	if err == nil && len(overdue) > 0 {
		page.Needs = append(page.Needs, meRow{Title: page.T("money.title"), Detail: page.N("money.overdue", len(overdue)), URL: page.URL("/money")})
	}
	return err
}
