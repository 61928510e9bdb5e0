package account

import (
	"net/mail"
	"strings"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// maxEmail is the longest address that mail servers carry (RFC 5321, 4.5.3.1.3).
const maxEmail = 254

// CleanEmail returns the bare address of what was typed, and whether it is one.
func CleanEmail(typed string) (string, bool) {
	typed = norm.NFC.String(strings.TrimSpace(typed))
	if len(typed) < 3 || len(typed) > maxEmail {
		return "", false
	}
	parsed, err := mail.ParseAddress(typed)
	if err != nil || parsed.Name != "" || parsed.Address != typed {
		return "", false
	}
	at := strings.LastIndexByte(typed, '@')
	domain := typed[at+1:]
	if strings.ContainsAny(typed, " \t\r\n\"<>") || strings.HasPrefix(domain, "[") || strings.HasPrefix(domain, ".") || strings.HasSuffix(domain, ".") {
		return "", false
	}
	return typed, true
}

// EmailKey folds an address, so that A@Example.org and a@example.org are one
// person. Two accounts never have the same key.
func EmailKey(address string) string {
	return cases.Fold().String(norm.NFKC.String(strings.TrimSpace(address)))
}
