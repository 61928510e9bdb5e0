package launch

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"globalbrain/internal/picture"
)

// Parse reads a plan from a JSON object; null is a plan that states nothing.
// Every key is optional, null and "" state nothing, a number may be written as a
// string, and of keys that mean the same the last counts. The error names the
// key that cannot be used.
func Parse(raw []byte) (Plan, error) {
	var p Plan
	raw = bytes.TrimSpace(raw)
	if string(raw) == "null" {
		return p, nil
	}
	if len(raw) == 0 || raw[0] != '{' {
		return p, errors.New("launch must be an object")
	}
	if !json.Valid(raw) {
		return p, errors.New("launch is not JSON")
	}
	if err := p.object("", raw); err != nil {
		return Plan{}, err
	}
	return p, nil
}

// object reads the keys of an object in their order; path is the object's own,
// and ends with a dot unless it is the outermost.
func (p *Plan) object(path string, raw []byte) error {
	in := json.NewDecoder(bytes.NewReader(raw))
	if _, err := in.Token(); err != nil {
		return fmt.Errorf("launch is not JSON: %w", err)
	}
	for in.More() {
		name, err := in.Token()
		if err != nil {
			return fmt.Errorf("launch is not JSON: %w", err)
		}
		var value json.RawMessage
		if err := in.Decode(&value); err != nil {
			return fmt.Errorf("launch is not JSON: %w", err)
		}
		if err := p.take(path+fmt.Sprint(name), bytes.TrimSpace(value)); err != nil {
			return err
		}
	}
	if _, err := in.Token(); err != nil {
		return fmt.Errorf("launch is not JSON: %w", err)
	}
	return nil
}

// take reads one key.
func (p *Plan) take(name string, value []byte) error {
	k, known := keys[plain(name)]
	switch {
	case !known:
		p.Ignored++
		return nil
	case string(value) == "null" || string(value) == `""`:
		return nil
	case value[0] == '{' && (k.kind == group || k.kind == rewards || k.to == "goal"):
		return p.object(name+".", value)
	}
	wrong := func(want string) error { return fmt.Errorf("launch.%s must be %s, not %s", name, want, shown(value)) }
	switch k.kind {
	case number, people:
		return p.number(k, value, wrong)
	case text, country:
		var s string
		if json.Unmarshal(value, &s) != nil {
			return wrong("a text")
		}
		p.text(k, strings.TrimSpace(s))
	case moment:
		at, ok := readMoment(value)
		if !ok {
			return wrong(`a date such as "2017-03-23T14:45:00Z" or "3/23/17 14:45"`)
		}
		p.Start = at
	case rewards:
		return p.rewards(value, wrong)
	case album:
		return p.album(value, wrong)
	case group:
		// A team may be told in words, media as a list of addresses: neither is counted.
		p.Ignored++
	}
	return nil
}

func (p *Plan) number(k key, value []byte, wrong func(string) error) error {
	n, ok := readNumber(value)
	switch {
	case !ok:
		return wrong("a number")
	case n < 0 && k.to != "delivery":
		return wrong("at least 0")
	case k.kind == people:
		n = max(n-1, 0)
	}
	p.State(k.to, n)
	return nil
}

func (p *Plan) text(k key, s string) {
	switch k.to {
	case "north_america":
		if s != "" {
			p.State(k.to, truth(northAmerica[strings.ToLower(s)]))
		}
	case "category":
		p.Category = s
	case "main_category":
		p.MainCategory = s
	case "currency":
		p.Currency = strings.ToUpper(s)
	case "title":
		p.Title = s
	case "blurb":
		p.Blurb = s
	}
}

// rewards reads a count, or a list of amounts or of objects with an amount.
func (p *Plan) rewards(value []byte, wrong func(string) error) error {
	if value[0] != '[' {
		return p.number(key{"rewards", number}, value, wrong)
	}
	var list []json.RawMessage
	if json.Unmarshal(value, &list) != nil {
		return wrong("a list")
	}
	var prices []float64
	for _, one := range list {
		var priced struct {
			Amount json.RawMessage `json:"amount"`
		}
		if len(one) > 0 && one[0] == '{' {
			if json.Unmarshal(one, &priced) != nil || priced.Amount == nil {
				return wrong("a list of amounts")
			}
			one = priced.Amount
		}
		n, ok := readNumber(one)
		if !ok || n < 0 {
			return wrong("a list of amounts")
		}
		prices = append(prices, n)
	}
	p.StateRewards(prices)
	return nil
}

// readNumber takes a number, a number in a string, or a truth as 1 or 0.
func readNumber(value []byte) (float64, bool) {
	switch s := string(value); s {
	case "true", `"true"`:
		return 1, true
	case "false", `"false"`:
		return 0, true
	default:
		if len(s) > 1 && s[0] == '"' && json.Unmarshal(value, &s) != nil {
			return 0, false
		}
		n, err := strconv.ParseFloat(strings.TrimSpace(s), 64)
		return n, err == nil && !math.IsNaN(n) && !math.IsInf(n, 0)
	}
}

// momentForms are the ways to write a date; the last is the public tables'.
var momentForms = []string{time.RFC3339, "2006-01-02T15:04:05", "2006-01-02 15:04:05", "2006-01-02 15:04", time.DateOnly, "1/2/06 15:04", "1/2/2006 15:04"}

// readMoment takes one of momentForms, or seconds since 1970.
func readMoment(value []byte) (time.Time, bool) {
	var s string
	if json.Unmarshal(value, &s) != nil {
		n, ok := readNumber(value)
		return time.Unix(int64(n), 0).UTC(), ok && n > 0 && n < 1e11
	}
	for _, form := range momentForms {
		if at, err := time.Parse(form, strings.TrimSpace(s)); err == nil {
			return at.UTC(), true
		}
	}
	return time.Time{}, false
}

func truth(yes bool) float64 {
	if yes {
		return 1
	}
	return 0
}

// shown is a value as an error shows it.
func shown(value []byte) string {
	const most = 40
	s := strings.ToValidUTF8(string(value), "\ufffd")
	if runes := []rune(s); len(runes) > most {
		s = string(runes[:most]) + "…"
	}
	return s
}

// album reads measured pictures. A list of anything else, such as addresses, is
// not measured and not read.
func (p *Plan) album(value []byte, wrong func(string) error) error {
	const want = "a list of measured pictures, as \"globalbrain picture\" prints them"
	var list []json.RawMessage
	if json.Unmarshal(value, &list) != nil {
		return wrong(want)
	}
	p.Pictures = nil
	for i, raw := range list {
		if len(raw) == 0 || raw[0] != '{' {
			p.Ignored++
			continue
		}
		var m picture.Measures
		if err := json.Unmarshal(raw, &m); err != nil {
			return fmt.Errorf("picture %d of launch.pictures: %w; need %s", i+1, err, want)
		}
		if err := m.Check(); err != nil {
			return fmt.Errorf("picture %d of launch.pictures: %w", i+1, err)
		}
		p.Pictures = append(p.Pictures, m)
	}
	return nil
}
