package pledge

import (
	"slices"
	"strings"

	"globalbrain/internal/money"
)

// Booked is a charge with what the ledger says about it.
type Booked struct {
	Charge
	Posted money.Amount // what left the backer's account for it; zero for nothing
}

// Difference is one charge about which gateway, charge table and ledger do not
// agree.
type Difference struct {
	Key    string
	What   string       // "missing_there", "missing_here", "state", "amount", "ledger"
	Ours   money.Amount // captured by our books
	Theirs money.Amount // captured by the gateway's
}

// Reconcile compares our charges with the gateway's, to the cent, in the order
// of their keys. A charge that is still open on our side is no difference: its
// answer is on its way.
func Reconcile(ours []Booked, theirs []Charge) []Difference {
	there := make(map[string]Charge, len(theirs))
	for _, c := range theirs {
		there[c.Key] = c
	}
	var list []Difference
	for _, o := range ours {
		t, known := there[o.Key]
		delete(there, o.Key)
		if what := differs(o, t, known); what != "" {
			list = append(list, Difference{Key: o.Key, What: what, Ours: captured(o.Charge), Theirs: captured(t)})
		}
	}
	for key, t := range there {
		list = append(list, Difference{Key: key, What: "missing_here", Ours: money.Amount{Currency: t.Amount.Currency}, Theirs: captured(t)})
	}
	slices.SortFunc(list, func(a, b Difference) int { return strings.Compare(a.Key, b.Key) })
	return list
}

func differs(o Booked, t Charge, known bool) string {
	switch {
	case captured(o.Charge) != o.Posted && (captured(o.Charge).Minor != 0 || o.Posted.Minor != 0):
		return "ledger"
	case !o.State.Final() || o.Code == "refused" || o.Code == "provider_fault":
		return ""
	case !known:
		return "missing_there"
	case o.State != t.State:
		return "state"
	case captured(o.Charge) != captured(t) || o.Fee.Minor != t.Fee.Minor:
		return "amount"
	}
	return ""
}

// captured is what a charge took.
func captured(c Charge) money.Amount {
	if c.State != ChargeSucceeded {
		return money.Amount{Currency: c.Amount.Currency}
	}
	return c.Amount
}
