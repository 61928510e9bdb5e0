// Package account knows people: what an account is, how an address and a
// password are judged, how sessions and the links in messages prove who
// somebody is, and who may change whose roles. It does not know how accounts
// are stored or how messages travel.
package account

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/google/uuid"
	"golang.org/x/text/unicode/norm"

	"globalbrain/internal/errs"
	"globalbrain/internal/tenant"
)

// Account is one person, everywhere. What they are in a tenant is a membership.
type Account struct {
	ID         uuid.UUID
	Email      string // as typed; EmailKey folds it
	Name       string
	Locale     string    // the language of the interface and of messages
	VerifiedAt time.Time // zero: the address is not proved yet
	CreatedAt  time.Time
}

// Person is an account as one tenant sees it. The zero value is a visitor.
type Person struct {
	ID           uuid.UUID
	Name         string
	Email        string
	Locale       string
	Roles        []tenant.Role // in the tenant at hand; none outside of tenants
	Joined       bool          // false: would become a member with the first act
	Organisation string
	Verified     bool
}

// Known reports whether somebody is signed in.
func (p Person) Known() bool { return p.ID != uuid.Nil }

// May reports whether the person has the permission in the tenant at hand.
func (p Person) May(permission tenant.Permission) bool {
	return p.Known() && p.Verified && tenant.Allows(p.Roles, permission)
}

// MaxName is the longest name in characters.
const MaxName = 80

// CleanName folds the white space of a typed name and drops what does not print.
func CleanName(typed string) string {
	visible := strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return ' '
		}
		if !unicode.IsPrint(r) {
			return -1
		}
		return r
	}, norm.NFC.String(typed))
	return strings.Join(strings.Fields(visible), " ")
}

// SignUp is what somebody types who wants an account.
type SignUp struct {
	Name     string
	Email    string
	Password string
	Locale   string
}

// Check cleans the name and the address in place and returns an Invalid error
// that names every field that breaks a rule.
func (s *SignUp) Check() error {
	var f errs.Fields
	s.Name = CleanName(s.Name)
	switch n := utf8.RuneCountInString(s.Name); {
	case n == 0:
		f.Add("name", "account.name_missing", "Type the name that others shall see.")
	case n > MaxName:
		f.Add("name", "account.name_long", "A name has at most %d characters.", MaxName)
	}
	address, ok := CleanEmail(s.Email)
	if !ok {
		f.Add("email", "account.email", "Type an e-mail address such as name@example.org.")
	} else {
		s.Email = address
	}
	checkPassword(&f, "password", s.Password, s.Name, s.Email)
	return f.Err()
}
