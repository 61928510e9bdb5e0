package ledger_test

import (
	"math"
	"testing"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"globalbrain/internal/ledger"
	"globalbrain/internal/money"
)

var accounts = []ledger.Account{
	ledger.PlatformFees, ledger.GatewayFees, ledger.Backer(uuid.New()), ledger.Backer(uuid.New()), ledger.Escrow(uuid.New()),
}

func drawTransaction(t *rapid.T) (ledger.Transaction, error) {
	posting := rapid.Custom(func(t *rapid.T) ledger.Posting {
		return ledger.Posting{
			From: rapid.SampledFrom(accounts).Draw(t, "from"),
			To:   rapid.SampledFrom(accounts).Draw(t, "to"),
			Amount: money.Amount{
				Minor:    rapid.Int64Range(-2, 1e12).Draw(t, "minor"),
				Currency: rapid.SampledFrom([]string{"EUR", "JPY"}).Draw(t, "currency"),
			},
		}
	})
	return ledger.New("ref", "kind", rapid.SliceOfN(posting, 1, 6).Draw(t, "postings")...)
}

// total adds entries by account and currency.
func total(t *rapid.T, sums map[string]money.Amount, tx ledger.Transaction) {
	entries, err := tx.Entries()
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		for _, key := range []string{e.Amount.Currency, string(e.Account) + e.Amount.Currency} {
			sum := money.Amount{Minor: sums[key].Minor, Currency: e.Amount.Currency}
			if sums[key], err = sum.Add(e.Amount); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func TestEntriesSumToZeroInEachCurrencyAndAReversalRestoresEveryAccount(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		tx, err := drawTransaction(t)
		if err != nil {
			t.Skip("a refused transaction") // the next test is about those
		}
		sums := map[string]money.Amount{}
		total(t, sums, tx)
		for _, currency := range []string{"EUR", "JPY"} {
			if sums[currency].Minor != 0 {
				t.Fatalf("%+v sums to %s", tx, sums[currency])
			}
		}
		back, err := tx.Reverse()
		if err != nil {
			t.Fatal(err)
		}
		total(t, sums, back)
		for key, sum := range sums {
			if sum.Minor != 0 {
				t.Fatalf("after the reversal %s holds %s", key, sum)
			}
		}
		if again, _ := tx.Reverse(); again.Reference != back.Reference {
			t.Fatalf("two reversals of one transaction are %q and %q", back.Reference, again.Reference)
		}
		if _, err := back.Reverse(); err == nil {
			t.Fatal("a reversal was reversed")
		}
	})
}

func TestAnAccountSaysWhoseItIs(t *testing.T) {
	t.Parallel()
	id := uuid.New()
	for account, want := range map[ledger.Account][3]string{
		ledger.Backer(id):    {"backer", id.String(), ""},
		ledger.Escrow(id):    {"campaign", id.String(), "escrow"},
		ledger.PlatformFees:  {"fees", uuid.Nil.String(), "platform"},
		ledger.GatewayFees:   {"fees", uuid.Nil.String(), "gateway"},
		ledger.Account("x"):  {"x", uuid.Nil.String(), ""},
		ledger.Account(""):   {"", uuid.Nil.String(), ""},
		ledger.Account("::"): {"", uuid.Nil.String(), ""},
	} {
		if kind, owner, part := account.Owner(); kind != want[0] || owner.String() != want[1] || part != want[2] {
			t.Errorf("%q: %q, %s, %q", account, kind, owner, part)
		}
	}
}

func TestAPostingThatMovesNothingOrNowhereIsRefused(t *testing.T) {
	t.Parallel()
	a, b := accounts[0], accounts[1]
	one := money.Amount{Minor: 1, Currency: "EUR"}
	for name, p := range map[string]ledger.Posting{
		"nothing":          {From: a, To: b, Amount: money.Amount{Currency: "EUR"}},
		"backwards":        {From: a, To: b, Amount: money.Amount{Minor: -1, Currency: "EUR"}},
		"the least":        {From: a, To: b, Amount: money.Amount{Minor: math.MinInt64, Currency: "EUR"}},
		"no currency":      {From: a, To: b, Amount: money.Amount{Minor: 1}},
		"to itself":        {From: a, To: a, Amount: one},
		"from nowhere":     {To: b, Amount: one},
		"to nowhere":       {From: a, Amount: one},
		"empty altogether": {},
	} {
		if _, err := ledger.New("ref", "kind", p); err == nil {
			t.Errorf("%s was accepted", name)
		}
		if _, err := ledger.New("ref", "kind", ledger.Posting{From: a, To: b, Amount: one}, p); err == nil {
			t.Errorf("%s was accepted as the second posting", name)
		}
	}
	if _, err := ledger.New("ref", "kind"); err == nil {
		t.Error("no posting at all was accepted")
	}
	if _, err := ledger.New("", "kind", ledger.Posting{From: a, To: b, Amount: one}); err == nil {
		t.Error("a transaction without a reference was accepted")
	}
}
