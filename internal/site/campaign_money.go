package site

import (
	"net/http"
	"time"

	"globalbrain/internal/campaign"
	"globalbrain/internal/errs"
	"globalbrain/internal/money"
	"globalbrain/internal/postgres"
	"globalbrain/internal/tenant"
)

// campaignMoneyPage shows one campaign's money to its founder and to those who
// answer for the tenant's: pledges, charges, what the escrow holds.
type campaignMoneyPage struct {
	Base
	ID        string
	Idea      ideaTitle
	Campaign  campaign.Campaign
	Totals    postgres.Totals
	Percent   int
	Escrow    money.Amount
	Stepper   stepper
	Curve     *curve
	Rewards   []rewardView
	Pledges   []pledgeRow
	Pager     pager
	Ledger    []ledgerRow // nil for the founder: it tells backers apart
	MayCancel bool
	MayDecide bool
}

// pledgeRow is a pledge in a list of a campaign's pledges.
type pledgeRow struct {
	Who    string
	Amount money.Amount
	Reward string
	State  string
	Note   string
	At     time.Time
}

// shownPledges is the length of a page of pledges, shownEntries of a ledger.
const shownPledges, shownEntries = 50, 100

func (s *Server) campaignMoney(w http.ResponseWriter, r *http.Request) error {
	ctx, t, b := r.Context(), s.tenant(r).ID, s.base(r)
	c, err := s.campaignOf(r)
	if err != nil {
		return err
	}
	all := s.person(r).May(tenant.SeeMoney)
	if c.Founder != s.person(r).ID && !all {
		return errs.New(errs.Forbidden, "campaign.not_yours", "Only the founder can do this.")
	}
	v, err := s.Store.Idea(ctx, t, c.Idea)
	if err != nil {
		return err
	}
	page := campaignMoneyPage{
		Base: b, ID: c.ID.String(), Idea: ideaTitle{c.Idea.String(), v.Said.Title}, Campaign: c, Stepper: campaignStepper(b, c),
		MayCancel: c.MayCancel(s.person(r).ID, s.mayRunCampaigns(r)) == nil, MayDecide: c.MayDecide(s.person(r).ID, b.Now()) == nil,
	}
	if page.Totals, err = s.Store.Totals(ctx, t, c.ID); err != nil {
		return err
	}
	page.Percent = percentOf(page.Totals.Pledged, c.Goal)
	if page.Escrow, err = s.Store.EscrowOf(ctx, t, c.ID, c.Goal.Currency); err != nil {
		return err
	}
	if page.Rewards, err = s.rewardsOf(r, c); err != nil {
		return err
	}
	if drawn, ok, err := s.curveOf(r, c); err != nil {
		return err
	} else if ok {
		page.Curve = &drawn
	}
	list, err := s.Store.PledgesTo(ctx, t, c.ID, r.URL.Query().Get("after"), shownPledges)
	if err != nil {
		return err
	}
	page.Pager = b.pager(list.Next)
	for _, l := range list.Items {
		page.Pledges = append(page.Pledges, rowOf(b, l, all))
	}
	if all {
		lines, err := s.Store.LedgerOf(ctx, t, c.ID, shownEntries)
		if err != nil {
			return err
		}
		page.Ledger = ledgerRows(b, lines)
	}
	return s.render(w, r, http.StatusOK, "campaignmoney", page)
}

// rowOf shows a pledge. An anonymous backer is anonymous to the founder too;
// those who answer for the money see who it is.
func rowOf(b Base, l postgres.PledgeLine, all bool) pledgeRow {
	row := pledgeRow{Who: l.BackerName, Amount: l.Amount, Reward: l.RewardTitle, State: b.T("pledge.state_" + string(l.State)), At: l.CreatedAt}
	if l.Anonymous {
		row.Who = b.T("pledge.nobody")
		if all {
			row.Who = b.T("pledge.hidden", l.BackerName)
		}
	}
	if l.State.Mendable() {
		row.Note = chargeProblem(b, l.ChargeCode)
	}
	return row
}

// campaignDecide takes the founder's word on a shortfall.
func (s *Server) campaignDecide(w http.ResponseWriter, r *http.Request) error {
	c, err := s.ownCampaign(r)
	if err != nil {
		return err
	}
	where, proceed := s.base(r).URL("/campaigns/"+c.ID.String()+"/money"), false
	switch r.PostFormValue("do") {
	case "proceed":
		proceed = true
	case "refund":
	default:
		return errs.New(errs.Invalid, "form", "The form could not be read. Please send it again.")
	}
	if _, err := s.Store.DecideShortfall(r.Context(), s.tenant(r).ID, c.ID, s.person(r).ID, proceed); err != nil {
		return err
	}
	if proceed {
		return s.redirect(w, r, where, "flash.campaign_proceeds")
	}
	return s.redirect(w, r, where, "flash.campaign_refunds")
}
