package money_test

import (
	"math"
	"strings"
	"testing"

	"golang.org/x/text/language"
	"pgregory.net/rapid"

	"globalbrain/internal/errs"
	"globalbrain/internal/money"
)

var languages = []language.Tag{
	language.English, language.SimplifiedChinese, language.German, language.French, language.Spanish,
	language.Japanese, language.Hindi, language.MustParse("de-CH"), language.MustParse("en-IN"), language.Arabic,
}

func TestAmountsAreReadAsPeopleWriteThem(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text, currency, lang string
		want                 int64
	}{
		{"25", "EUR", "en", 2500},
		{" 25.5 ", "EUR", "en", 2550},
		{"12,50", "EUR", "en", 1250},
		{"1,234.56", "EUR", "en", 123456},
		{"1.234,56", "EUR", "en", 123456},
		{"1,234.56", "EUR", "de", 123456},
		{"1 234,56", "EUR", "fr", 123456},
		{"1\u202f234,56", "EUR", "fr", 123456},
		{"1\u00a0234,56", "EUR", "fr", 123456},
		{"1'234.56", "CHF", "de-CH", 123456},
		{"1’234.56", "CHF", "de-CH", 123456},
		{"1,234", "EUR", "en", 123400},
		{"1.234", "EUR", "de", 123400},
		{"1,234,567", "EUR", "de", 123456700},
		{"1.234.567,8", "EUR", "en", 123456780},
		{"12,34,567.89", "INR", "en-IN", 123456789},
		{"１２３４．５６", "CNY", "zh-CN", 123456},
		{"１，２３４", "CNY", "zh-CN", 123400},
		{"¥100", "CNY", "zh-CN", 10000},
		{"￥100", "CNY", "zh-CN", 10000},
		{"100元", "CNY", "zh-CN", 10000},
		{"3万", "CNY", "zh-CN", 3000000},
		{"1.5万元", "CNY", "zh-CN", 1500000},
		{"1.23456万", "CNY", "zh-CN", 1234560},
		{"2 亿", "CNY", "zh-CN", 20000000000},
		{"50 EUR", "EUR", "en", 5000},
		{"eur 50", "EUR", "en", 5000},
		{"€50", "EUR", "en", 5000},
		{"50 €", "EUR", "de", 5000},
		{"$20", "USD", "en", 2000},
		{"1,234", "JPY", "en", 1234},
		{"1.234", "KWD", "en", 1234},
		{"1,234", "KWD", "en", 1234000},
		{"1,5", "KWD", "en", 1500},
		{"٣٫٥", "EUR", "ar", 350},
		{"१२.५", "INR", "hi", 1250},
		{".5", "EUR", "en", 50},
		{"5.", "EUR", "en", 500},
		{"0.125", "KWD", "en", 125},
		{"000012", "EUR", "en", 1200},
		{"92233720368547758.07", "EUR", "en", math.MaxInt64},
		{"0", "EUR", "en", 0},
	} {
		got, err := money.Parse(c.text, c.currency, language.MustParse(c.lang))
		if err != nil || got.Minor != c.want || got.Currency != c.currency {
			t.Errorf("%q %s in %s: %s, %v; want %d", c.text, c.currency, c.lang, got, err, c.want)
		}
	}
}

func TestWhatIsNoAmountIsRefusedWithItsReason(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ text, currency, lang, code string }{
		{"", "EUR", "en", "money.empty"},
		{"   ", "EUR", "en", "money.empty"},
		{"abc", "EUR", "en", "money.number"},
		{"5 apples", "EUR", "en", "money.number"},
		{"1e5", "EUR", "en", "money.number"},
		{"EUR", "EUR", "en", "money.number"},
		{"€", "EUR", "en", "money.number"},
		{".", "EUR", "en", "money.number"},
		{"1.2x", "EUR", "en", "money.number"},
		{"$5", "EUR", "en", "money.number"},
		{"-5", "EUR", "en", "money.sign"},
		{"−5", "EUR", "en", "money.sign"},
		{"€-5", "EUR", "en", "money.sign"},
		{"(5)", "EUR", "en", "money.sign"},
		{"1.234", "EUR", "en", "money.precision"},
		{"1.005", "EUR", "en", "money.precision"},
		{"0.125", "EUR", "en", "money.precision"},
		{"1.5", "JPY", "en", "money.whole"},
		{"1.2345678万", "CNY", "zh-CN", "money.precision"},
		{"1,23,4", "EUR", "en", "money.groups"},
		{"12 34", "EUR", "en", "money.groups"},
		{"1,234,56.00", "EUR", "en", "money.groups"},
		{"1.234,567.8", "EUR", "en", "money.groups"},
		{"1234,567,890", "EUR", "en", "money.groups"},
		{"92233720368547758.08", "EUR", "en", "money.large"},
		{"99999999999亿", "CNY", "zh-CN", "money.large"},
		{strings.Repeat("9", 65), "EUR", "en", "money.large"},
		{"5", "XXX", "en", "money.currency"},
	} {
		got, err := money.Parse(c.text, c.currency, language.MustParse(c.lang))
		if errs.CodeOf(err) != c.code || !errs.Is(err, errs.Invalid) {
			t.Errorf("%q %s in %s: %s, %v; want %s", c.text, c.currency, c.lang, got, err, c.code)
		}
	}
}

func TestAmountsAreWrittenAsReadersExpect(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		a          money.Amount
		lang, want string
	}{
		{eur(123456), "en", "€1,234.56"},
		{eur(123456), "de", "1.234,56\u00a0€"},
		{eur(5000), "en", "€50"},
		{eur(-5005), "en", "-€50.05"},
		{eur(5), "en", "€0.05"},
		{money.Amount{Minor: 123456, Currency: "CNY"}, "zh-CN", "¥1,234.56"},
		{money.Amount{Minor: 123456, Currency: "JPY"}, "en", "¥123,456"},
		{money.Amount{Minor: 1234567, Currency: "KWD"}, "en", "KWD\u00a01,234.567"},
		{money.Amount{Minor: 123400, Currency: "CHF"}, "en", "CHF\u00a01,234"},
	} {
		if got := c.a.Format(language.MustParse(c.lang)); got != c.want {
			t.Errorf("%s in %s: %q, want %q", c.a, c.lang, got, c.want)
		}
	}
	if got := eur(123450).Plain(language.English); got != "1,234.50" {
		t.Errorf("plain: %q", got)
	}
	if got := eur(123450).Input(language.German); got != "1234,50" {
		t.Errorf("input: %q", got)
	}
	if got := eur(5000).Input(language.English); got != "50" {
		t.Errorf("input: %q", got)
	}
}

func TestWhatIsWrittenIsReadBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a := money.Amount{
			Minor:    rapid.Int64Range(0, math.MaxInt64).Draw(t, "minor"),
			Currency: rapid.SampledFrom([]string{"EUR", "USD", "CNY", "JPY", "KWD", "CHF", "INR", "BRL"}).Draw(t, "currency"),
		}
		lang := rapid.SampledFrom(languages).Draw(t, "language")
		for _, text := range []string{a.Plain(lang), a.Input(lang)} {
			got, err := money.Parse(text, a.Currency, lang)
			if err != nil || got != a {
				t.Fatalf("%s in %s was written %q and read as %s, %v", a, lang, text, got, err)
			}
		}
	})
}

func TestFormattedAmountsAreReadBackInTheSiteLanguages(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a := money.Amount{
			Minor:    rapid.Int64Range(0, 1e15).Draw(t, "minor"),
			Currency: rapid.SampledFrom([]string{"EUR", "USD", "GBP", "CNY", "JPY"}).Draw(t, "currency"),
		}
		lang := rapid.SampledFrom([]language.Tag{language.English, language.SimplifiedChinese}).Draw(t, "language")
		if got, err := money.Parse(a.Format(lang), a.Currency, lang); err != nil || got != a {
			t.Fatalf("%s in %s was shown as %q and read as %s, %v", a, lang, a.Format(lang), got, err)
		}
	})
}

func FuzzParseNeverAcceptsWhatItCannotWriteBack(f *testing.F) {
	for _, seed := range []string{"25", "1,234.56", "1.234,56", "1 234,56", "１２３４", "3万", "-5", "€50", "50 €", "1'000", "٣٫٥", ".", "e"} {
		f.Add(seed, uint8(0), uint8(0))
	}
	currencies := []string{"EUR", "JPY", "KWD", "CNY"}
	f.Fuzz(func(t *testing.T, text string, c, l uint8) {
		code, lang := currencies[int(c)%len(currencies)], languages[int(l)%len(languages)]
		a, err := money.Parse(text, code, lang)
		if err != nil {
			if !errs.Is(err, errs.Invalid) || errs.CodeOf(err) == "" {
				t.Fatalf("%q: %v is not an error for people", text, err)
			}
			return
		}
		if a.Minor < 0 || a.Currency != code {
			t.Fatalf("%q was read as %s", text, a)
		}
		if again, err := money.Parse(a.Plain(lang), code, lang); err != nil || again != a {
			t.Fatalf("%q was read as %s, written %q and read as %s, %v", text, a, a.Plain(lang), again, err)
		}
	})
}
