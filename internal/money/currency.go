package money

import "strings"

// active lists the currencies of ISO 4217 (list one, without funds codes,
// metals and testing codes) by how many digits their minor unit has. CLDR, and
// so x/text, drops the minor units that are out of daily use (ALL, LAK, ...);
// banks do not, so the standard's own numbers stand here.
var active = map[int]string{
	0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF",
	2: "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BRL BSD BTN BWP BYN BZD " +
		"CAD CDF CHF CNY COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD " +
		"HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK " +
		"MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB " +
		"SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS " +
		"UAH USD UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG",
	3: "BHD IQD JOD KWD LYD OMR TND",
}

var exponents = func() map[string]int {
	byCode := map[string]int{}
	for exponent, codes := range active {
		for code := range strings.FieldsSeq(codes) {
			byCode[code] = exponent
		}
	}
	return byCode
}()

// Exponent returns how many decimal digits the currency's minor unit has (0, 2
// or 3), and whether ISO 4217 lists the currency.
func Exponent(currency string) (int, bool) {
	exponent, ok := exponents[currency]
	return exponent, ok
}

// unit is how many minor units make one major unit.
func unit(exponent int) int64 {
	one := int64(1)
	for range exponent {
		one *= 10
	}
	return one
}
