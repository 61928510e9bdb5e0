// Package tenant knows what a tenant is, which roles people have in one, what
// each role may do, and the numbers of a tenant's policy. It does not know how
// a tenant is found or stored.
package tenant

import (
	"encoding/json"
	"regexp"
	"time"

	"golang.org/x/text/language"

	"globalbrain/internal/errs"
)

// ID names a tenant. It is the first column of every key in the database.
type ID int64

// Tenant is a community with its own calls for ideas, people, rules and money.
type Tenant struct {
	ID       ID
	Slug     string            // the part of the address: /t/<slug>
	Name     map[string]string // by language tag, "en" always present
	Tagline  map[string]string
	Hue      int    // 0..359, the tenant's colour on covers and its mark
	Currency string // ISO 4217
	Locales  []string
	Policy   Policy
}

// In returns the text for the wanted language, or the English one.
func In(texts map[string]string, lang string) string {
	if s := texts[lang]; s != "" {
		return s
	}
	return texts["en"]
}

// Policy holds the numbers that a tenant may set. The zero value is not valid;
// start from DefaultPolicy.
type Policy struct {
	MinFinals        int           `json:"min_finals"`         // final reviews that an idea needs to be shortlisted
	MinOrganisations int           `json:"min_organisations"`  // distinct organisations among those reviews
	MinRationale     int           `json:"min_rationale"`      // characters of a rationale
	MaxChangeCycles  int           `json:"max_change_cycles"`  // how often changes may be requested
	CampaignMin      time.Duration `json:"campaign_min"`       // shortest campaign
	CampaignMax      time.Duration `json:"campaign_max"`       // longest campaign
	PledgeIntent     time.Duration `json:"pledge_intent"`      // how long an unfinished pledge stays open
	CancelFreeze     time.Duration `json:"cancel_freeze"`      // before the deadline a cancel must not break the goal
	CollectWindow    time.Duration `json:"collect_window"`     // how long charges are retried
	RetryCharge      time.Duration `json:"retry_charge"`       // pause between two attempts to charge
	DecideWindow     time.Duration `json:"decide_window"`      // how long the founder may decide on a shortfall
	ShortfallFloor   float64       `json:"shortfall_floor"`    // share of the goal that must be collected
	PlatformFeeBasis int64         `json:"platform_fee_basis"` // basis points of what is collected
}

// DefaultPolicy returns the defaults of the design's lifecycles.
func DefaultPolicy() Policy {
	const day = 24 * time.Hour
	return Policy{
		MinFinals: 3, MinOrganisations: 2, MinRationale: 40, MaxChangeCycles: 3,
		CampaignMin: 7 * day, CampaignMax: 60 * day,
		PledgeIntent: 30 * time.Minute, CancelFreeze: day,
		CollectWindow: 7 * day, RetryCharge: 48 * time.Hour, DecideWindow: 7 * day,
		ShortfallFloor: 0.8, PlatformFeeBasis: 300,
	}
}

// UnmarshalJSON reads a policy in which a number that is missing has its default,
// so that a tenant made before a number existed has it too.
func (p *Policy) UnmarshalJSON(raw []byte) error {
	type plain Policy
	read := plain(DefaultPolicy())
	if err := json.Unmarshal(raw, &read); err != nil {
		return err
	}
	*p = Policy(read)
	return nil
}

var slugRule = regexp.MustCompile(`^[a-z][a-z0-9-]{1,30}[a-z0-9]$`)

// Check returns an Invalid error that names every field that breaks a rule.
func (t *Tenant) Check() error {
	var f errs.Fields
	if !slugRule.MatchString(t.Slug) {
		f.Add("slug", "tenant.slug", "The address takes 3 to 32 small letters, digits and hyphens, and starts with a letter.")
	}
	if t.Name["en"] == "" {
		f.Add("name", "tenant.name", "Give the tenant an English name.")
	}
	if t.Hue < 0 || t.Hue > 359 {
		f.Add("hue", "tenant.hue", "The hue is a number from 0 to 359.")
	}
	for _, tag := range t.Locales {
		if _, err := language.Parse(tag); err != nil {
			f.Add("locales", "tenant.locale", "%q is not a language tag.", tag)
		}
	}
	return f.Err()
}
