package site

import (
	"net/http"
	"time"

	"github.com/google/uuid"

	"globalbrain/internal/campaign"
	"globalbrain/internal/pledge"
	"globalbrain/internal/postgres"
)

// moneyPage is the desk of those who answer for the tenant's money.
type moneyPage struct {
	Base
	Overdue   int
	Proofs    []postgres.Proof
	Balanced  bool
	Tabs      []moneyTab
	Campaigns []campaignLine
	Pager     pager
	Balances  []balanceRow
	MoreAcc   string // the accounts that follow
	Charges   []pledge.Charge
}

// moneyTab narrows the campaigns to some states.
type moneyTab struct {
	Label   string
	URL     string
	Current bool
}

// campaignLine is a campaign in the desk's table.
type campaignLine struct {
	postgres.CampaignLine
	Money string // its page
	State string
}

// The tabs of the desk.
var moneyTabs = []struct {
	name   string
	states []campaign.State
}{
	{"all", nil},
	{"live", []campaign.State{campaign.Live}},
	{"collecting", []campaign.State{campaign.Closing, campaign.Succeeded, campaign.Collecting, campaign.Shortfall}},
	{"ended", []campaign.State{campaign.Funded, campaign.Failed, campaign.Cancelled}},
}

// The lengths of the desk's lists, and how late a closing may be.
const (
	shownCampaigns = 25
	shownBalances  = 30
	shownCharges   = 25
	lateClose      = time.Minute
)

func (s *Server) moneyDesk(w http.ResponseWriter, r *http.Request) error {
	ctx, t, b, q := r.Context(), s.tenant(r).ID, s.base(r), r.URL.Query()
	page := moneyPage{Base: b}
	overdue, err := s.Store.CampaignsOverdue(ctx, t, lateClose)
	if err != nil {
		return err
	}
	page.Overdue = len(overdue)
	if page.Proofs, err = s.Store.Proofs(ctx, t); err != nil {
		return err
	}
	page.Balanced = true
	for _, p := range page.Proofs {
		page.Balanced = page.Balanced && p.Sum.Minor == 0
	}
	var filter postgres.CampaignFilter
	for i, tab := range moneyTabs {
		current := q.Get("show") == tab.name || q.Get("show") == "" && i == 0
		if current {
			filter.States = tab.states
		}
		page.Tabs = append(page.Tabs, moneyTab{Label: b.T("money.tab_" + tab.name), URL: b.URL("/money") + "?show=" + tab.name, Current: current})
	}
	list, err := s.Store.Campaigns(ctx, t, filter, q.Get("after"), shownCampaigns)
	if err != nil {
		return err
	}
	page.Pager = b.pager(list.Next)
	titles := map[uuid.UUID]string{}
	for _, l := range list.Items {
		titles[l.ID] = l.Title
		page.Campaigns = append(page.Campaigns, campaignLine{l, b.URL("/campaigns/" + l.ID.String() + "/money"), b.T("campaign.state_" + string(l.State))})
	}
	accounts, err := s.Store.Balances(ctx, t, q.Get("backers") == "yes", q.Get("account"), shownBalances)
	if err != nil {
		return err
	}
	for _, a := range accounts.Items {
		page.Balances = append(page.Balances, balanceRow{accountOf(b, a.Account, titles), a})
	}
	if accounts.Next != "" {
		page.MoreAcc = b.URL("/money") + "?account=" + accounts.Next + "&backers=" + q.Get("backers")
	}
	charges, err := s.Store.Charges(ctx, t, uuid.Nil, "", shownCharges)
	if err != nil {
		return err
	}
	page.Charges = charges.Items
	return s.render(w, r, http.StatusOK, "money", page)
}
