package money_test

import (
	"math"
	"math/big"
	"testing"

	"golang.org/x/text/currency"
	"pgregory.net/rapid"

	"globalbrain/internal/errs"
	"globalbrain/internal/money"
)

func eur(minor int64) money.Amount { return money.Amount{Minor: minor, Currency: "EUR"} }

func TestAdditionIsExactOrRefused(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a, b := rapid.Int64().Draw(t, "a"), rapid.Int64().Draw(t, "b")
		exact := new(big.Int).Add(big.NewInt(a), big.NewInt(b))
		sum, err := eur(a).Add(eur(b))
		if exact.IsInt64() != (err == nil) {
			t.Fatalf("%d + %d: %v", a, b, err)
		}
		if err == nil && sum != eur(exact.Int64()) {
			t.Fatalf("%d + %d = %d", a, b, sum.Minor)
		}
		exact = new(big.Int).Sub(big.NewInt(a), big.NewInt(b))
		difference, err := eur(a).Sub(eur(b))
		if exact.IsInt64() != (err == nil) {
			t.Fatalf("%d - %d: %v", a, b, err)
		}
		if err == nil && difference != eur(exact.Int64()) {
			t.Fatalf("%d - %d = %d", a, b, difference.Minor)
		}
	})
}

func TestAShareIsTheNearestMinorUnitAndNeverMoreThanTheWhole(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a := rapid.Int64Range(0, math.MaxInt64).Draw(t, "a")
		basis := rapid.Int64Range(0, 10_000).Draw(t, "basis")
		exact := new(big.Int).Mul(big.NewInt(a), big.NewInt(basis))
		exact.Add(exact, big.NewInt(5_000)).Div(exact, big.NewInt(10_000))
		got, err := eur(a).Share(basis)
		if err != nil || got.Minor != exact.Int64() || got.Minor > a {
			t.Fatalf("%d basis points of %d: %d, %v; want %d", basis, a, got.Minor, err, exact)
		}
	})
	for _, bad := range []struct {
		a     money.Amount
		basis int64
	}{{eur(-1), 5}, {eur(1), -1}, {eur(1), 10_001}} {
		if got, err := bad.a.Share(bad.basis); err == nil {
			t.Errorf("%d basis points of %s is %s", bad.basis, bad.a, got)
		}
	}
}

func TestCurrenciesDoNotMix(t *testing.T) {
	t.Parallel()
	yen := money.Amount{Minor: 5, Currency: "JPY"}
	if _, err := eur(1).Add(yen); errs.CodeOf(err) != "money.mixed" {
		t.Errorf("euro + yen: %v", err)
	}
	if _, err := eur(1).Sub(yen); errs.CodeOf(err) != "money.mixed" {
		t.Errorf("euro - yen: %v", err)
	}
	if _, err := eur(1).Cmp(yen); errs.CodeOf(err) != "money.mixed" {
		t.Errorf("euro against yen: %v", err)
	}
	if _, err := (money.Amount{}).Add(money.Amount{}); err == nil {
		t.Error("two amounts of no currency were added")
	}
	if _, err := money.New(1, "XXX"); errs.CodeOf(err) != "money.currency" {
		t.Errorf("XXX: %v", err)
	}
	if _, err := eur(math.MinInt64).Neg(); errs.CodeOf(err) != "money.large" {
		t.Errorf("the negative of the least amount: %v", err)
	}
}

func TestComparingOrdersAmounts(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ a, b, want int64 }{{1, 2, -1}, {2, 2, 0}, {3, 2, 1}, {math.MinInt64, math.MaxInt64, -1}} {
		if got, err := eur(c.a).Cmp(eur(c.b)); err != nil || int64(got) != c.want {
			t.Errorf("%d against %d: %d, %v", c.a, c.b, got, err)
		}
	}
}

func TestSumAddsAll(t *testing.T) {
	t.Parallel()
	if got, err := money.Sum("EUR", eur(1), eur(2), eur(-5)); err != nil || got != eur(-2) {
		t.Errorf("%v, %v", got, err)
	}
	if got, err := money.Sum("EUR"); err != nil || got != eur(0) {
		t.Errorf("the sum of none: %v, %v", got, err)
	}
	if _, err := money.Sum("EUR", money.Amount{Minor: 1, Currency: "USD"}); err == nil {
		t.Error("dollars went into a sum of euros")
	}
}

func TestExponentsAreThoseOfTheStandard(t *testing.T) {
	t.Parallel()
	for code, want := range map[string]int{"EUR": 2, "USD": 2, "CNY": 2, "JPY": 0, "KRW": 0, "CLP": 0, "KWD": 3, "TND": 3, "ISK": 0, "ALL": 2} {
		if got, ok := money.Exponent(code); !ok || got != want {
			t.Errorf("%s has %d digits (%v), want %d", code, got, ok, want)
		}
	}
	for _, code := range []string{"", "eur", "DEM", "XAU", "XTS", "EURO"} {
		if _, ok := money.Exponent(code); ok {
			t.Errorf("%q counts as a currency", code)
		}
	}
}

// CLDR drops minor units that are out of daily use, but where it keeps some it
// must agree with the table.
func TestExponentsAgreeWithCLDRWhereItKeepsMinorUnits(t *testing.T) {
	t.Parallel()
	checked := 0
	for all := currency.Query(); all.Next(); {
		digits, _ := currency.Standard.Rounding(all.Unit())
		exponent, ok := money.Exponent(all.Unit().String())
		if !ok || digits == 0 || exponent == 0 {
			continue
		}
		if checked++; exponent != digits {
			t.Errorf("%s: %d digits here, %d in CLDR", all.Unit(), exponent, digits)
		}
	}
	if checked < 100 {
		t.Errorf("only %d currencies were compared", checked)
	}
}

func TestStringIsForMachines(t *testing.T) {
	t.Parallel()
	for want, a := range map[string]money.Amount{
		"EUR 12.34": eur(1234), "EUR 0.05": eur(5), "EUR -0.05": eur(-5), "JPY 7": {Minor: 7, Currency: "JPY"},
		"KWD 0.001": {Minor: 1, Currency: "KWD"}, "EUR -92233720368547758.08": eur(math.MinInt64), "3": {Minor: 3},
	} {
		if got := a.String(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
