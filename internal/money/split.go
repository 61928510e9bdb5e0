package money

import (
	"strings"

	"golang.org/x/text/language"

	"globalbrain/internal/errs"
)

// split separates the whole digits from the decimals of a folded number.
func split(text string, lang language.Tag) (whole, part string, err error) {
	mark := decimalMark(text, lang)
	whole = text
	if mark != "" {
		at := strings.LastIndex(text, mark)
		whole, part = text[:at], text[at+1:]
	}
	if strings.Trim(part, "0123456789") != "" || strings.Trim(whole, "0123456789 .,'") != "" {
		return "", "", notANumber()
	}
	if whole, err = ungroup(whole); err != nil {
		return "", "", err
	}
	if whole+part == "" {
		return "", "", notANumber()
	}
	return whole, part, nil
}

// decimalMark returns which of the marks in text starts the decimals, "" for none.
func decimalMark(text string, lang language.Tag) string {
	stop, comma := strings.LastIndex(text, "."), strings.LastIndex(text, ",")
	switch {
	case stop < 0 && comma < 0:
		return ""
	case stop >= 0 && comma >= 0 && stop > comma:
		return "."
	case stop >= 0 && comma >= 0:
		return ","
	}
	mark := "."
	if comma >= 0 {
		mark = ","
	}
	before, after, _ := strings.Cut(text, mark)
	switch {
	case strings.Contains(after, mark):
		return "" // 1,234,567
	case len(after) != 3 || len(before) == 0 || len(before) > 3 || before == "0":
		return mark
	case fold(customsOf(lang).decimal) == mark:
		return mark
	}
	return ""
}

// ungroup takes the separators of thousands out. There must be one kind of
// them, and the groups must have the right length: three digits, or two in the
// Indian manner with three at the end.
func ungroup(whole string) (string, error) {
	at := strings.IndexAny(whole, " .,'")
	if at < 0 {
		return whole, nil
	}
	groups := strings.Split(whole, whole[at:at+1])
	digits := strings.Join(groups, "")
	if strings.Trim(digits, "0123456789") != "" {
		return "", badGroups()
	}
	first, last := groups[0], groups[len(groups)-1]
	if len(first) == 0 || len(last) != 3 || len(first) > 3 {
		return "", badGroups()
	}
	size := 3
	if len(groups) > 2 && len(groups[1]) == 2 && len(first) <= 2 {
		size = 2
	}
	for _, g := range groups[1 : len(groups)-1] {
		if len(g) != size {
			return "", badGroups()
		}
	}
	return digits, nil
}

func notANumber() error {
	return errs.New(errs.Invalid, "money.number", "Enter an amount in digits, like 25 or 25.50.")
}

func badGroups() error {
	return errs.New(errs.Invalid, "money.groups", "The thousands are not separated evenly. Enter the amount without separators.")
}
