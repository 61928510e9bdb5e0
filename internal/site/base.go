package site

import (
	"net/http"
	"net/url"
	"strings"
	"time"

	"golang.org/x/text/language"

	"globalbrain/internal/account"
	"globalbrain/internal/money"
	"globalbrain/internal/tenant"
	"globalbrain/internal/text"
)

// Base is what every page and partial knows. Page structs embed it, so that
// templates call its methods: {{.T "idea.title"}}, {{.Money .Goal "EUR"}}.
// Its form methods are in form.go.
type Base struct {
	server *Server
	visit  *visit
	here   *url.URL
	form   *form
}

// base returns the Base of a request.
func (s *Server) base(r *http.Request) Base {
	b := Base{server: s, visit: s.visitOf(r), here: r.URL, form: &form{}}
	if isSafe(r) {
		return b
	}
	if r.PostForm != nil {
		b.form.posted = r.PostForm
	}
	if from, err := url.Parse(r.Referer()); err == nil && from.Host == r.Host && r.Host != "" {
		b.here = from // a form that is shown again stands where it stood
	}
	return b
}

func (b Base) locale() *text.Locale { return b.visit.locale }

// T returns the sentence of key in the reader's language.
func (b Base) T(key string, args ...any) string { return b.locale().T(key, args...) }

// N returns the plural sentence of key for n, which is its first argument.
func (b Base) N(key string, n int, args ...any) string { return b.locale().N(key, n, args...) }

// In returns the text for the reader's language, or the English one.
func (b Base) In(texts map[string]string) string { return tenant.In(texts, b.Lang()) }

// Lang returns the reader's language tag.
func (b Base) Lang() string { return b.locale().Tag() }

// Locale returns the reader's language itself.
func (b Base) Locale() language.Tag { return b.locale().Language() }

// Money writes an amount in minor units of a currency.
func (b Base) Money(minor int64, currency string) string {
	return money.Amount{Minor: minor, Currency: currency}.Format(b.Locale())
}

// Amount writes an amount of money.
func (b Base) Amount(a money.Amount) string { return a.Format(b.Locale()) }

// Number writes a number with the given count of decimals.
func (b Base) Number(x float64, decimals int) string { return b.locale().Number(x, decimals) }

// Percent writes a share of 1 as a percentage.
func (b Base) Percent(share float64) string { return b.locale().Percent(share) }

// Date writes the day of t.
func (b Base) Date(t time.Time) string { return b.locale().Date(t.UTC()) }

// Time writes day, minute and zone of t.
func (b Base) Time(t time.Time) string { return b.locale().Time(t.UTC()) }

// Ago writes how long ago t was, or how soon it will be.
func (b Base) Ago(t time.Time) string { return b.locale().Ago(t, b.visit.now) }

// Machine writes t for the datetime attribute of <time>.
func (b Base) Machine(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// Now returns when the request came.
func (b Base) Now() time.Time { return b.visit.now }

// URL returns the path of a page of the tenant at hand.
func (b Base) URL(path string) string {
	if b.visit.tenant == nil {
		return path
	}
	if path == "/" {
		path = ""
	}
	return "/t/" + b.visit.tenant.Slug + path
}

// Here returns the path and query of this page, for forms that come back to it.
func (b Base) Here() string { return b.here.RequestURI() }

// At reports whether this page is at or below a path of the tenant.
func (b Base) At(path string) bool {
	full := b.URL(path)
	return b.here.Path == full || strings.HasPrefix(b.here.Path, full+"/")
}

// SignInURL leads to the sign-in page and back here.
func (b Base) SignInURL() string { return "/signin?next=" + url.QueryEscape(b.back()) }

// SignUpURL leads to the sign-up page and back here.
func (b Base) SignUpURL() string { return "/signup?next=" + url.QueryEscape(b.back()) }

// back is where sign-in shall lead: here, or where an earlier page asked for.
func (b Base) back() string {
	if next := b.Next(); next != "" {
		return next
	}
	if strings.HasPrefix(b.here.Path, "/sign") || b.here.Path == "/verify" || strings.HasPrefix(b.here.Path, "/reset") {
		return "/me"
	}
	return b.Here()
}

// Static returns the address of a static file, which changes with its content.
func (b Base) Static(name string) (string, error) { return b.server.static.address(name) }

// May reports whether the reader has a permission in the tenant at hand.
func (b Base) May(permission string) bool { return b.visit.person.May(tenant.Permission(permission)) }

// Person returns who reads; the zero Person is a visitor.
func (b Base) Person() account.Person { return b.visit.person }

// Tenant returns the tenant at hand, nil outside of tenants.
func (b Base) Tenant() *tenant.Tenant { return b.visit.tenant }

// TenantName returns the tenant's name in the reader's language.
func (b Base) TenantName() string {
	if b.visit.tenant == nil {
		return ""
	}
	return b.In(b.visit.tenant.Name)
}

// Mailbox reports whether the development mailbox can be opened.
func (b Base) Mailbox() bool { return b.server.Mailbox }

// Language is one choice of the language switch.
type Language struct {
	Tag     string
	Name    string // in its own words
	Current bool
}

// Languages lists the languages of the interface.
func (b Base) Languages() []Language {
	var list []Language
	for _, tag := range b.server.texts.Languages() {
		list = append(list, Language{Tag: tag, Name: b.server.texts.In(tag).T("language.name"), Current: tag == b.Lang()})
	}
	return list
}

// Flash returns what the last act has to say, or "".
func (b Base) Flash() string {
	if b.visit.flash == nil || !b.locale().Has(b.visit.flash.Key) {
		return ""
	}
	args := make([]any, len(b.visit.flash.Args))
	for i, a := range b.visit.flash.Args {
		args[i] = a
	}
	return b.T(b.visit.flash.Key, args...)
}

// localPath returns next if it is a path of this site, else "": a link must not
// lead elsewhere in our name.
func localPath(next string) string {
	u, err := url.Parse(next)
	if err != nil || u.IsAbs() || u.Host != "" || u.User != nil || !strings.HasPrefix(next, "/") ||
		strings.HasPrefix(next, "//") || strings.ContainsAny(next, "\\\r\n\t") {
		return ""
	}
	return next
}

// Next returns where the form that is being filled in shall lead afterwards.
func (b Base) Next() string {
	if b.form.posted != nil {
		return localPath(b.form.posted.Get("next"))
	}
	return localPath(b.here.Query().Get("next"))
}
