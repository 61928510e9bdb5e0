package text

import (
	"maps"
	"slices"
	"strings"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
	"golang.org/x/text/message"
	"golang.org/x/text/number"
)

// Locale speaks one language.
type Locale struct {
	tag       language.Tag
	sentences map[string]string
	printer   *message.Printer
}

func newLocale(tag language.Tag) *Locale {
	return &Locale{tag: tag, sentences: map[string]string{}, printer: message.NewPrinter(tag)}
}

// Tag returns the language tag, such as "zh-CN".
func (l *Locale) Tag() string { return l.tag.String() }

// Language returns the language itself, for packages that write numbers or money.
func (l *Locale) Language() language.Tag { return l.tag }

// Has reports whether there is a sentence for key.
func (l *Locale) Has(key string) bool {
	_, ok := l.sentences[key]
	return ok
}

// Keys lists every key in order.
func (l *Locale) Keys() []string { return slices.Sorted(maps.Keys(l.sentences)) }

// Raw returns the sentence of key as it stands in the file, or "".
func (l *Locale) Raw(key string) string { return l.sentences[key] }

// T returns the sentence of key with its arguments filled in; numbers are
// written as the language writes them. An unknown key comes back in brackets:
// it is a mistake that a test finds, and no reason to lose a page.
func (l *Locale) T(key string, args ...any) string {
	sentence, ok := l.sentences[key]
	if !ok {
		return "[" + key + "]"
	}
	if len(args) == 0 || !strings.Contains(sentence, "%") {
		return sentence
	}
	return l.printer.Sprintf(sentence, args...)
}

// N returns the plural form of key that n takes: key.one, key.other and so on.
// The number is the first argument of the sentence, args follow it.
func (l *Locale) N(key string, n int, args ...any) string {
	form := "other"
	switch plural.Cardinal.MatchPlural(l.tag, abs(n), 0, 0, 0, 0) {
	case plural.Zero:
		form = "zero"
	case plural.One:
		form = "one"
	case plural.Two:
		form = "two"
	case plural.Few:
		form = "few"
	case plural.Many:
		form = "many"
	}
	if !l.Has(key + "." + form) {
		form = "other"
	}
	return l.T(key+"."+form, append([]any{n}, args...)...)
}

func abs(n int) int {
	if n < 0 {
		return -n
	}
	return n
}

// Number writes a number with the given count of decimals.
func (l *Locale) Number(x float64, decimals int) string {
	return l.printer.Sprint(number.Decimal(x, number.Scale(decimals)))
}

// Percent writes a share of 1 as a whole percentage: 0.42 is "42%".
func (l *Locale) Percent(share float64) string {
	return l.printer.Sprint(number.Percent(share, number.MaxFractionDigits(0)))
}
