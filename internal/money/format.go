package money

import (
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/currency"
	"golang.org/x/text/language"
	"golang.org/x/text/message"
	"golang.org/x/text/number"
)

const noBreak = "\u00a0"

// symbolLast lists the languages that write the currency after the number.
// x/text knows every locale's separators and symbols, but not their order.
var symbolLast = map[string]bool{
	"bg": true, "ca": true, "cs": true, "da": true, "de": true, "el": true, "es": true, "et": true, "fi": true,
	"fr": true, "hr": true, "hu": true, "is": true, "it": true, "lt": true, "lv": true, "nb": true, "no": true,
	"pl": true, "ro": true, "ru": true, "sk": true, "sl": true, "sr": true, "sv": true, "uk": true, "vi": true,
}

// Format writes a as people who read lang do: "€1,234.56", "1.234,56 €", "¥1,234.56".
// Whole amounts drop their zeros: "€50".
func (a Amount) Format(lang language.Tag) string {
	digits := a.Plain(lang)
	if c := customsOf(lang); a.Minor%unit(exponents[a.Currency]) == 0 && exponents[a.Currency] > 0 {
		digits = digits[:strings.LastIndex(digits, c.decimal)]
	}
	sign := ""
	if rest, negative := strings.CutPrefix(digits, "-"); negative {
		sign, digits = "-", rest
	}
	symbol := a.symbol(lang)
	if base, _ := lang.Base(); symbolLast[base.String()] {
		return sign + digits + noBreak + symbol
	}
	if last, _ := utf8.DecodeLastRuneInString(symbol); unicode.IsLetter(last) {
		symbol += noBreak
	}
	return sign + symbol + digits
}

// Plain writes a without its currency and with all its digits, as it stands in
// an input field: "1,234.50". Parse reads it back.
func (a Amount) Plain(lang language.Tag) string {
	exponent := exponents[a.Currency]
	one := uint64(unit(exponent)) //nolint:gosec // G115: a power of ten, never negative
	p := message.NewPrinter(lang)
	text := p.Sprint(number.Decimal(a.magnitude() / one))
	if exponent > 0 {
		text += customsOf(lang).decimal +
			p.Sprint(number.Decimal(a.magnitude()%one, number.MinIntegerDigits(exponent), number.NoSeparator()))
	}
	if a.Minor < 0 {
		return "-" + text
	}
	return text
}

// Input writes a as the value of a form field: as Plain, without separators of
// thousands and without empty decimals, "1234.5" becoming "1234.50" and "50".
func (a Amount) Input(lang language.Tag) string {
	exponent := exponents[a.Currency]
	one := uint64(unit(exponent)) //nolint:gosec // G115: a power of ten, never negative
	p := message.NewPrinter(lang)
	text := p.Sprint(number.Decimal(a.magnitude()/one, number.NoSeparator()))
	if part := a.magnitude() % one; part > 0 {
		text += customsOf(lang).decimal + p.Sprint(number.Decimal(part, number.MinIntegerDigits(exponent), number.NoSeparator()))
	}
	return text
}

// symbol is what the readers of lang call the currency, its code where they
// have no sign for it.
func (a Amount) symbol(lang language.Tag) string {
	known, err := currency.ParseISO(a.Currency)
	if err != nil {
		return a.Currency // newer than x/text's tables
	}
	symbol := message.NewPrinter(lang).Sprint(currency.Symbol(known))
	// x/text's CLDR 32 has the full-width yen sign, which later versions dropped.
	return strings.ReplaceAll(symbol, "￥", "¥")
}

// customs is how a language punctuates numbers.
type customs struct{ decimal, group string }

var customsCache sync.Map // language.Tag -> customs; the tags are those that the site speaks

// customsOf reads the separators off a number that x/text has written.
func customsOf(lang language.Tag) customs {
	if c, ok := customsCache.Load(lang); ok {
		return c.(customs)
	}
	marks := strings.FieldsFunc(message.NewPrinter(lang).Sprint(number.Decimal(1234567.5)), unicode.IsDigit)
	c := customs{decimal: ".", group: ","}
	if len(marks) > 0 {
		c.decimal = marks[len(marks)-1]
	}
	if len(marks) > 1 {
		c.group = marks[0]
	}
	customsCache.Store(lang, c)
	return c
}
