// Package money is exact arithmetic on amounts of money, and the reading and
// writing of amounts as people do. It does not know exchange rates, accounts or
// who pays whom.
package money

import (
	"fmt"
	"math"
	"math/bits"
	"strings"

	"globalbrain/internal/errs"
)

// Amount is a sum in the smallest unit of one currency: 1234 of EUR is €12.34,
// 1234 of JPY is ¥1,234. It may be negative. The zero value belongs to no
// currency and goes with no other amount.
type Amount struct {
	Minor    int64  `json:"minor"`    // in the currency's smallest unit
	Currency string `json:"currency"` // ISO 4217, three capital letters
}

// New returns an amount of a currency that ISO 4217 lists; otherwise Invalid.
func New(minor int64, currency string) (Amount, error) {
	if _, ok := Exponent(currency); !ok {
		return Amount{}, errs.New(errs.Invalid, "money.currency", "%s is not a currency.", currency)
	}
	return Amount{Minor: minor, Currency: currency}, nil
}

// Add returns a + b. Two currencies, or a sum past 63 bits, is an error.
func (a Amount) Add(b Amount) (Amount, error) {
	if err := a.goesWith(b); err != nil {
		return Amount{}, err
	}
	sum := a.Minor + b.Minor
	if (sum > a.Minor) != (b.Minor > 0) {
		return Amount{}, tooLarge()
	}
	return Amount{Minor: sum, Currency: a.Currency}, nil
}

// Sub returns a - b under the same rules as Add.
func (a Amount) Sub(b Amount) (Amount, error) {
	if err := a.goesWith(b); err != nil {
		return Amount{}, err
	}
	difference := a.Minor - b.Minor
	if (difference < a.Minor) != (b.Minor > 0) {
		return Amount{}, tooLarge()
	}
	return Amount{Minor: difference, Currency: a.Currency}, nil
}

// Neg returns -a.
func (a Amount) Neg() (Amount, error) { return Amount{Currency: a.Currency}.Sub(a) }

// Share returns basis ten-thousandths of a, which must not be negative, rounded
// to the nearest minor unit and halves up. Basis is 0..10000, so the share is
// never more than a.
func (a Amount) Share(basis int64) (Amount, error) {
	const whole = 10_000
	if a.Minor < 0 || basis < 0 || basis > whole {
		return Amount{}, fmt.Errorf("take %d basis points of %s: out of range", basis, a)
	}
	high, low := bits.Mul64(uint64(a.Minor), uint64(basis))
	low, carry := bits.Add64(low, whole/2, 0)
	quotient, _ := bits.Div64(high+carry, low, whole)
	return Amount{Minor: int64(quotient), Currency: a.Currency}, nil //nolint:gosec // G115: at most a.Minor
}

// Cmp returns -1, 0 or +1 as a is less than, equal to or more than b.
func (a Amount) Cmp(b Amount) (int, error) {
	if err := a.goesWith(b); err != nil {
		return 0, err
	}
	switch {
	case a.Minor < b.Minor:
		return -1, nil
	case a.Minor > b.Minor:
		return 1, nil
	}
	return 0, nil
}

// IsPositive reports whether a is more than nothing.
func (a Amount) IsPositive() bool { return a.Minor > 0 }

// Sum adds amounts of one currency; the sum of none is zero.
func Sum(currency string, amounts ...Amount) (Amount, error) {
	total := Amount{Currency: currency}
	for _, a := range amounts {
		var err error
		if total, err = total.Add(a); err != nil {
			return Amount{}, err
		}
	}
	return total, nil
}

// String writes a for logs and machines: "EUR 12.34", "JPY 1234". People get Format.
func (a Amount) String() string {
	exponent, _ := Exponent(a.Currency)
	sign, digits := "", fmt.Sprint(a.magnitude())
	if a.Minor < 0 {
		sign = "-"
	}
	if exponent > 0 {
		if short := exponent + 1 - len(digits); short > 0 {
			digits = strings.Repeat("0", short) + digits
		}
		digits = digits[:len(digits)-exponent] + "." + digits[len(digits)-exponent:]
	}
	return strings.TrimSpace(a.Currency + " " + sign + digits)
}

// magnitude is |a|, also for the one value that int64 cannot negate.
func (a Amount) magnitude() uint64 {
	if a.Minor == math.MinInt64 {
		return 1 << 63
	}
	if a.Minor < 0 {
		return uint64(-a.Minor)
	}
	return uint64(a.Minor)
}

func (a Amount) goesWith(b Amount) error {
	if a.Currency != b.Currency || a.Currency == "" {
		return errs.New(errs.Invalid, "money.mixed", "%s and %s cannot be put together.", a.Currency, b.Currency)
	}
	return nil
}

func tooLarge() error {
	return errs.New(errs.Invalid, "money.large", "This amount is too large.")
}
