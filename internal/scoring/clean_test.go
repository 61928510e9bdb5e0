package scoring

import (
	"html"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"
)

func TestCleanGivesTheReferenceTexts(t *testing.T) {
	t.Parallel()
	type row struct {
		Raw   string `json:"raw"`
		Clean string `json:"clean"`
	}
	for i, g := range golden[row](t, "golden_clean.jsonl") {
		if got := Clean(g.Raw); got != g.Clean {
			t.Errorf("line %d, %q:\n got %q\nwant %q", i+1, g.Raw, got, g.Clean)
		}
	}
}

// The rule as the lab writes it, expression by expression.
var rule = []struct {
	what *regexp.Regexp
	by   string
}{
	{regexp.MustCompile(`<[^<>]{1,200}>`), " "},
	{regexp.MustCompile(`!?\[([^\[\]]{0,200})\]\([^()\t\n\f\r ]*\)`), "$1"},
	{regexp.MustCompile(`https?://[^\t\n\f\r ]+|www\.[^\t\n\f\r ]+`), " "},
	{regexp.MustCompile(`(?m)^[ \t]*[#>-]+`), " "},
	{regexp.MustCompile("\\*+|_{2,}|`+"), " "},
}

var whiteSpace = regexp.MustCompile(`[\t-\r \x{85}\x{a0}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}]+`)

func cleanByRule(text string) string {
	text = norm.NFC.String(strings.ToValidUTF8(text, "\ufffd"))
	for i, r := range rule {
		text = r.what.ReplaceAllString(text, r.by)
		if i == 0 {
			text = entity.ReplaceAllStringFunc(text, entityByRule)
		}
	}
	text = strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Cc, r):
			return ' '
		case unicode.Is(unicode.Cf, r) && r != 0x200c && r != 0x200d:
			return -1
		}
		return r
	}, text)
	return strings.Trim(whiteSpace.ReplaceAllString(text, " "), " ")
}

var windows1252 = []rune("€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ")

func entityByRule(match string) string {
	parts := entity.FindStringSubmatch(match)
	var code int64
	switch {
	case parts[1] != "":
		code, _ = strconv.ParseInt(parts[1][:min(9, len(parts[1]))], 10, 64)
	case parts[2] != "":
		code, _ = strconv.ParseInt(parts[2][:min(9, len(parts[2]))], 16, 64)
	default:
		return html.UnescapeString(match)
	}
	switch {
	case code >= 0x80 && code <= 0x9f:
		return string(windows1252[code-0x80])
	case code == 0, code > 0x10ffff, code >= 0xd800 && code <= 0xdfff:
		return "\ufffd"
	}
	return string(rune(code))
}

var markup = []string{
	"<b>", "<", ">", "<a\nb>", "&amp;", "&lt", "&#x41;", "&#0;", "&notit;", "&nbsp;", "&#128;", "&#129;", "&#1114112;", "&#99999999999;", "&;", "&#;", "&amp;lt;",
	"[a](http://b.c)", "![i](u)", "[](", "https://a.b/c?d", "http://", "www.x.y", "HTTP://q", "\n# ", "\n- ", "\n > ", "-", "#", "*", "**", "_", "__", "`", "```", "a_b",
	"\u200b", "\u200d", "\u00a0", "\u3000", "\x01", "\u0085", "\v", "e\u0301", "é", "A", "word", " ", "\t", "\r\n", "\u2028", "\ufeff", "\xff", "日本",
}

func TestCleanFollowsTheRule(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOf(rapid.SampledFrom(markup)).Draw(t, "text"), "")
		if got, want := Clean(text), cleanByRule(text); got != want {
			t.Fatalf("%q:\n got %q\nwant %q", text, got, want)
		}
	})
}

func FuzzClean(f *testing.F) {
	f.Add(strings.Join(markup, " "))
	f.Add("<" + strings.Repeat("a", 200) + "><" + strings.Repeat("é", 201) + ">")
	f.Fuzz(func(t *testing.T, text string) {
		if got, want := Clean(text), cleanByRule(text); got != want {
			t.Fatalf("%q:\n got %q\nwant %q", text, got, want)
		}
	})
}
