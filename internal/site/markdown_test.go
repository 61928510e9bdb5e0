package site

import (
	"strings"
	"testing"
)

func TestMarkdownKeepsMeaningAndDropsWhatCouldHarm(t *testing.T) {
	t.Parallel()
	cases := []struct{ name, text, has, not string }{
		{"lists and bold stay", "- **one**\n- two", "<li><strong>one</strong></li>", ""},
		{"a script goes", "hello <script>alert(1)</script>", "hello", "script"},
		{"a javascript link loses its address", "[x](javascript:alert(1))", "x", "javascript"},
		{"links pass no reputation on", "[x](https://example.org)", `rel="ugc nofollow noopener"`, ""},
		{"quotation marks do not pretend to be a tag", "` rel=\"nofollow`", "rel=&#34;nofollow", "ugc"},
		{"an attribute with an event goes", `<img src=x onerror=alert(1)>`, "", "onerror"},
		{"the highest heading sinks below the page's", "# Title", "<h3>Title</h3>", "<h1>"},
		{"Chinese stays as it is", "**中文**说明", "<strong>中文</strong>", ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			html, err := Base{}.Markdown(c.text)
			if err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(string(html), c.has) {
				t.Errorf("%q lacks %q", html, c.has)
			}
			if c.not != "" && strings.Contains(string(html), c.not) {
				t.Errorf("%q has %q", html, c.not)
			}
		})
	}
}

func TestAnExcerptHasTheWordsAndNotTheMarks(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"# Heat\n\n**Old** people & _children_\n- suffer": "Heat Old people & children suffer",
		"see [the map](https://example.org)":              "see the map",
		"夏天**很热**。":                                       "夏天很热。",
		"a <b>tag</b> <script>x</script>":                 "a tag x",
		"":                                                "",
	} {
		if got := plain(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}
