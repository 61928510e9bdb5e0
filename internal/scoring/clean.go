package scoring

import (
	"html"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Clean returns one field's text without markup, links and invisible
// characters, on one line. It is the rule of models/README.md step by step, and
// must stay equal to the lab's: the model was trained on text cleaned so. It
// takes time linear in the text.
func Clean(text string) string {
	if !utf8.ValidString(text) {
		text = strings.ToValidUTF8(text, string(utf8.RuneError))
	}
	text = norm.NFC.String(text)
	text = dropTags(text)
	text = readEntities(text)
	if strings.Contains(text, "](") {
		text = link.ReplaceAllString(text, "$1")
	}
	if strings.Contains(text, "://") || strings.Contains(text, "www.") {
		text = address.ReplaceAllLiteralString(text, " ")
	}
	text = dropLineMarks(text)
	return dropInvisible(text)
}

// What only some texts hold goes through expressions that the lab shares
// letter by letter; what most texts hold is found by hand, as an expression
// over every text would cost more than its tokens do.
var (
	link    = regexp.MustCompile(`!?\[([^\[\]]{0,200})\]\([^()\t\n\f\r ]*\)`)
	address = regexp.MustCompile(`https?://[^\t\n\f\r ]+|www\.[^\t\n\f\r ]+`)
	entity  = regexp.MustCompile(`&(?:#([0-9]+);?|#[xX]([0-9a-fA-F]+);?|[a-zA-Z0-9]+;?)`)
)

// longestTag is in characters, the angle brackets not counted.
const longestTag = 200

// dropTags puts a space for every `<[^<>]{1,200}>`.
func dropTags(text string) string {
	open := strings.IndexByte(text, '<')
	if open < 0 {
		return text
	}
	var out strings.Builder
	for open >= 0 {
		inside := text[open+1:]
		end := strings.IndexAny(inside, "<>")
		out.WriteString(text[:open])
		switch {
		case end > 0 && inside[end] == '>' && utf8.RuneCountInString(inside[:end]) <= longestTag:
			out.WriteByte(' ')
			text = inside[end+1:]
		case end < 0: // no tag can follow
			out.WriteString(text[open:])
			return out.String()
		default:
			out.WriteByte('<')
			text = inside
		}
		open = strings.IndexByte(text, '<')
	}
	out.WriteString(text)
	return out.String()
}

// readEntities replaces character references by what they stand for, as HTML5
// reads them, once: "&amp;lt;" becomes "&lt;".
func readEntities(text string) string {
	if strings.IndexByte(text, '&') < 0 {
		return text
	}
	return entity.ReplaceAllStringFunc(text, func(reference string) string {
		digits, numeric := strings.CutPrefix(strings.TrimSuffix(reference, ";"), "&#")
		if !numeric {
			return html.UnescapeString(reference)
		}
		base := 10
		if digits[0] == 'x' || digits[0] == 'X' {
			base, digits = 16, digits[1:]
		}
		code, _ := strconv.ParseInt(digits[:min(len(digits), 9)], base, 64)
		return numbered(code)
	})
}

// cp1252 are the characters that HTML gives to the references &#128; to &#159;;
// a zero stands for itself.
var cp1252 = [32]rune{
	0x20ac, 0, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0, 0x017d, 0,
	0, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0, 0x017e, 0x0178,
}

func numbered(code int64) string {
	switch {
	case code >= 0x80 && code <= 0x9f && cp1252[code-0x80] != 0:
		return string(cp1252[code-0x80])
	case code == 0 || code > unicode.MaxRune || !utf8.ValidRune(rune(code)): //nolint:gosec // G115: just found to be no more than MaxRune
		return string(utf8.RuneError)
	}
	return string(rune(code)) //nolint:gosec // G115: just found to be a rune
}

// dropLineMarks puts a space for the headings, quotes and bullets that begin a
// line, `(?m)^[ \t]*[#>-]+`, and for emphasis and code marks, `\*+|_{2,}|` and
// runs of back quotes.
func dropLineMarks(text string) string {
	if !strings.ContainsAny(text, "#>-*_`") {
		return text
	}
	var out strings.Builder
	out.Grow(len(text))
	for line := range strings.Lines(text) {
		body := strings.TrimLeft(line, " \t")
		if rest := strings.TrimLeft(body, "#>-"); len(rest) < len(body) {
			out.WriteByte(' ')
			line = rest
		}
		for line != "" {
			at := strings.IndexAny(line, "*_`")
			if at < 0 {
				out.WriteString(line)
				break
			}
			out.WriteString(line[:at])
			rest := strings.TrimLeft(line[at:], line[at:at+1])
			if len(line)-at-len(rest) == 1 && line[at] == '_' {
				out.WriteByte('_') // snake_case is a word
			} else {
				out.WriteByte(' ')
			}
			line = rest
		}
	}
	return out.String()
}

// Zero-width joiners carry meaning in several scripts and in emoji.
const (
	nonJoiner = '\u200c'
	joiner    = '\u200d'
)

// dropInvisible puts one space for each run of white space and control
// characters, takes out format characters and trims.
func dropInvisible(text string) string {
	if plain(text) {
		return text
	}
	var out strings.Builder
	out.Grow(len(text))
	gap := false
	for i, r := range text {
		switch {
		case r == ' ' || r < utf8.RuneSelf && (r < ' ' || r == 0x7f):
			gap = true
			continue
		case r < utf8.RuneSelf:
		case unicode.IsSpace(r) || unicode.Is(unicode.Cc, r):
			gap = true
			continue
		case unicode.Is(unicode.Cf, r) && r != nonJoiner && r != joiner:
			continue
		}
		if gap && out.Len() > 0 {
			out.WriteByte(' ')
		}
		gap = false
		out.WriteString(text[i : i+utf8.RuneLen(r)])
	}
	return out.String()
}

// plain reports whether dropInvisible has nothing to do: printable ASCII with
// single spaces inside.
func plain(text string) bool {
	last := byte(' ')
	for i := range len(text) {
		c := text[i]
		if c < ' ' || c >= 0x7f || c == ' ' && last == ' ' {
			return false
		}
		last = c
	}
	return last != ' ' || text == ""
}
