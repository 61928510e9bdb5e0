package pledge_test

import (
	"testing"

	"pgregory.net/rapid"

	"globalbrain/internal/pledge"
)

func booked(key string, state pledge.ChargeState, minor, fee, posted int64) pledge.Booked {
	return pledge.Booked{Charge: pledge.Charge{Key: key, State: state, Amount: eur(minor), Fee: eur(fee)}, Posted: eur(posted)}
}

func TestReconcilingNamesEachDifference(t *testing.T) {
	t.Parallel()
	const ok, no = pledge.ChargeSucceeded, pledge.ChargeFailed
	ours := []pledge.Booked{
		booked("a-fine", ok, 500, 9, 500), booked("b-declined", no, 500, 0, 0), booked("c-open", pledge.ChargePending, 500, 0, 0),
		booked("d-lost", ok, 500, 9, 500), booked("e-turned", no, 500, 0, 0), booked("f-fee", ok, 500, 9, 500),
		booked("g-unposted", ok, 500, 9, 0), booked("h-posted", no, 500, 0, 500), booked("i-refused", no, 500, 0, 0),
	}
	ours[8].Code = "refused" // the gateway never took it in
	theirs := []pledge.Charge{
		{Key: "a-fine", State: ok, Amount: eur(500), Fee: eur(9)}, {Key: "b-declined", State: no, Amount: eur(500), Fee: eur(0)},
		{Key: "c-open", State: ok, Amount: eur(500), Fee: eur(9)}, {Key: "e-turned", State: ok, Amount: eur(500), Fee: eur(9)},
		{Key: "f-fee", State: ok, Amount: eur(500), Fee: eur(10)}, {Key: "g-unposted", State: ok, Amount: eur(500), Fee: eur(9)},
		{Key: "h-posted", State: no, Amount: eur(500), Fee: eur(0)}, {Key: "z-strange", State: ok, Amount: eur(700), Fee: eur(9)},
	}
	want := []pledge.Difference{
		{Key: "d-lost", What: "missing_there", Ours: eur(500)},
		{Key: "e-turned", What: "state", Ours: eur(0), Theirs: eur(500)},
		{Key: "f-fee", What: "amount", Ours: eur(500), Theirs: eur(500)},
		{Key: "g-unposted", What: "ledger", Ours: eur(500), Theirs: eur(500)},
		{Key: "h-posted", What: "ledger", Ours: eur(0), Theirs: eur(0)},
		{Key: "z-strange", What: "missing_here", Ours: eur(0), Theirs: eur(700)},
	}
	got := pledge.Reconcile(ours, theirs)
	if len(got) != len(want) {
		t.Fatalf("%+v", got)
	}
	for i := range want {
		if want[i].What == "missing_there" {
			want[i].Theirs = got[i].Theirs // of no currency: nobody there named one
		}
		if got[i] != want[i] {
			t.Errorf("%+v, want %+v", got[i], want[i])
		}
	}
}

func TestBooksThatAreCopiesAgreeInAnyOrder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var ours []pledge.Booked
		var theirs []pledge.Charge
		for _, key := range rapid.SliceOfDistinct(rapid.StringN(1, 5, -1), rapid.ID[string]).Draw(t, "keys") {
			state := rapid.SampledFrom([]pledge.ChargeState{pledge.ChargeSucceeded, pledge.ChargeFailed, pledge.ChargeRequiresAction}).Draw(t, "state")
			b := booked(key, state, rapid.Int64Range(1, 1000).Draw(t, "amount"), 1, 0)
			if state == pledge.ChargeSucceeded {
				b.Posted = b.Amount
			}
			ours, theirs = append(ours, b), append(theirs, b.Charge)
		}
		theirs = rapid.Permutation(theirs).Draw(t, "order")
		if got := pledge.Reconcile(ours, theirs); len(got) != 0 {
			t.Fatalf("%+v", got)
		}
		if len(ours) == 0 {
			return
		}
		i := rapid.IntRange(0, len(ours)-1).Draw(t, "changed")
		theirs = append(theirs[:i:i], theirs[i+1:]...)
		if got := pledge.Reconcile(ours, theirs); len(got) != 1 || got[0].What != "missing_there" {
			t.Fatalf("one charge is gone there: %+v", got)
		}
	})
}
