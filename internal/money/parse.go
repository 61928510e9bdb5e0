package money

import (
	"math"
	"strings"
	"unicode"

	"golang.org/x/text/currency"
	"golang.org/x/text/language"

	"globalbrain/internal/errs"
)

// maxText bounds what Parse looks at: no amount of money is longer.
const maxText = 64

// Parse reads an amount that a reader of lang typed: "1,234.56", "1.234,56",
// "1 234,56", "1'234.56", "１２３４．５６", "€ 50", "50 EUR", "3万". The
// currency is given; a sign or code of it may stand before or after the number.
//
// Where both marks occur, the last one is the decimal mark. A single mark with
// exactly three digits behind it ("1,234") is read as lang reads it; with any
// other number of digits it is the decimal mark, whatever the language. More
// decimals than the currency has are refused and never rounded, as are signs.
// Errors are Invalid and safe to show.
func Parse(text, code string, lang language.Tag) (Amount, error) {
	exponent, ok := Exponent(code)
	if !ok {
		return Amount{}, errs.New(errs.Invalid, "money.currency", "%s is not a currency.", code)
	}
	if len(text) > maxText {
		return Amount{}, tooLarge()
	}
	typed := strings.TrimSpace(fold(text))
	if typed == "" {
		return Amount{}, errs.New(errs.Invalid, "money.empty", "Enter an amount.")
	}
	typed, zeros := cutUnits(cutCurrency(typed, code))
	if strings.HasPrefix(typed, "-") || strings.HasPrefix(typed, "+") || strings.HasPrefix(typed, "(") {
		return Amount{}, errs.New(errs.Invalid, "money.sign", "Enter an amount without a sign.")
	}
	whole, part, err := split(typed, lang)
	if err != nil {
		return Amount{}, err
	}
	if zeros == 0 && len(part) > exponent {
		return Amount{}, tooPrecise(code, exponent)
	}
	return assemble(whole, part, zeros, code, exponent)
}

// assemble turns digits into minor units: whole.part times ten to the zeros.
func assemble(whole, part string, zeros int, code string, exponent int) (Amount, error) {
	digits, shift := whole+part, exponent+zeros-len(part)
	for ; shift < 0; shift++ { // 1.23456万 of a currency with cents
		rest, empty := strings.CutSuffix(digits, "0")
		if !empty {
			return Amount{}, tooPrecise(code, exponent)
		}
		digits = rest
	}
	var minor int64
	for _, r := range strings.TrimLeft(digits, "0") + strings.Repeat("0", shift) {
		next := int64(r - '0')
		if minor > (math.MaxInt64-next)/10 {
			return Amount{}, tooLarge()
		}
		minor = minor*10 + next
	}
	return Amount{Minor: minor, Currency: code}, nil
}

// fold brings digits of every script to ASCII and the many commas, stops,
// spaces and apostrophes to one each.
func fold(text string) string {
	return strings.Map(func(r rune) rune {
		switch r {
		case '，', '٬', '、':
			return ','
		case '．', '。', '٫', '·':
			return '.'
		case '’', '‘', 'ʼ', '＇', '`':
			return '\''
		case '−', '－', '﹣', '–':
			return '-'
		case '＋':
			return '+'
		case '（':
			return '('
		case '￥':
			return '¥'
		case '\u200e', '\u200f', '\u061c':
			return -1 // direction marks of right-to-left text
		}
		if unicode.IsSpace(r) {
			return ' '
		}
		if digit, ok := digitValue(r); ok {
			return '0' + digit
		}
		return r
	}, text)
}

// digitValue reads a decimal digit of any script. Unicode lays each script's
// ten digits out in order, from zero, in runs of ten.
func digitValue(r rune) (rune, bool) {
	for _, run := range unicode.Nd.R16 {
		if r >= rune(run.Lo) && r <= rune(run.Hi) {
			return (r - rune(run.Lo)) % 10, true
		}
	}
	for _, run := range unicode.Nd.R32 {
		low, high := rune(run.Lo), rune(run.Hi) //nolint:gosec // G115: the tables of package unicode hold runes
		if r >= low && r <= high {
			return (r - low) % 10, true
		}
	}
	return 0, false
}

// signs are what people write for a currency beside its code.
var signs = map[string][]string{
	"EUR": {"€"}, "USD": {"US$", "$"}, "GBP": {"£"}, "CNY": {"CN¥", "RMB", "¥", "元", "人民币"},
	"JPY": {"JP¥", "¥", "円", "日元"}, "INR": {"₹"}, "KRW": {"₩"}, "CHF": {"Fr."}, "BRL": {"R$"},
}

// cutCurrency takes one sign or code of the currency off either end.
func cutCurrency(text, code string) string {
	names := append([]string{code}, signs[code]...)
	if known, err := currency.ParseISO(code); err == nil {
		names = append(names, (Amount{Currency: known.String()}).symbol(language.English))
	}
	for _, name := range names {
		if len(text) <= len(name) {
			continue
		}
		if strings.EqualFold(text[:len(name)], name) {
			return strings.TrimSpace(text[len(name):])
		}
		if strings.EqualFold(text[len(text)-len(name):], name) {
			return strings.TrimSpace(text[:len(text)-len(name)])
		}
	}
	return text
}

// cutUnits takes a Chinese unit off the end and returns how many zeros it means.
func cutUnits(text string) (string, int) {
	for unit, zeros := range map[string]int{"千": 3, "万": 4, "萬": 4, "亿": 8, "億": 8} {
		if rest, ok := strings.CutSuffix(text, unit); ok && rest != "" {
			return strings.TrimSpace(rest), zeros
		}
	}
	return text, 0
}

func tooPrecise(code string, exponent int) error {
	if exponent == 0 {
		return errs.New(errs.Invalid, "money.whole", "%s has no decimals. Enter a whole number.", code)
	}
	return errs.New(errs.Invalid, "money.precision", "%s has at most %d decimals.", code, exponent)
}
