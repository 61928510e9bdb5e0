package site

import (
	"globalbrain/internal/campaign"
	"globalbrain/internal/pledge"
	"globalbrain/internal/postgres"
)

// pledgeNext says in plain words what happens next with a pledge.
func pledgeNext(b Base, l postgres.PledgeLine) string {
	switch l.State {
	case pledge.Intent, pledge.RequiresAction:
		return b.T("pledge.next_unconfirmed", b.Time(l.Deadline))
	case pledge.Active:
		if l.CampaignState == campaign.Live && b.Now().Before(l.Deadline) {
			return b.T("pledge.next_active", b.Time(l.Deadline))
		}
		return b.T("pledge.next_closing")
	case pledge.Collecting:
		return b.T("pledge.next_collecting")
	case pledge.Errored:
		if l.RetryAt.After(b.Now()) {
			return b.T("pledge.next_retry", b.Time(l.RetryAt), b.Time(l.CollectUntil))
		}
		return b.T("pledge.next_errored", b.Time(l.CollectUntil))
	case pledge.AuthRequired:
		return b.T("pledge.next_auth", b.Time(l.CollectUntil))
	case pledge.Collected:
		return b.T("pledge.next_collected")
	case pledge.RefundPending:
		return b.T("pledge.next_refund_pending")
	}
	return b.T("pledge.next_" + string(l.State))
}

// chargeProblem says why a charge failed. What the gateway calls it may be new
// to us.
func chargeProblem(b Base, code string) string {
	if key := "pledge.code_" + code; b.locale().Has(key) {
		return b.T(key)
	}
	return b.T("pledge.code_other")
}
