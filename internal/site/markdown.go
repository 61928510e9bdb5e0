package site

import (
	"bytes"
	"html"
	"html/template"
	"strings"

	"github.com/microcosm-cc/bluemonday"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	renderer "github.com/yuin/goldmark/renderer/html"
)

// headings lowers the two highest headings of a text, which belong to the page.
var headings = strings.NewReplacer("<h1>", "<h3>", "</h1>", "</h3>", "<h2>", "<h3>", "</h2>", "</h3>")

var (
	markdown = goldmark.New(goldmark.WithExtensions(extension.Strikethrough, extension.Table), goldmark.WithRendererOptions(renderer.WithHardWraps()))
	// allowed is what founders' texts may become: text, lists, tables and links
	// that pass no reputation on. Pictures come through their own upload.
	allowed = func() *bluemonday.Policy {
		p := bluemonday.NewPolicy()
		p.AllowElements("p", "br", "hr", "strong", "em", "del", "code", "pre", "blockquote", "ul", "ol", "li", "h3", "h4", "h5", "h6",
			"table", "thead", "tbody", "tr", "th", "td")
		p.AllowAttrs("href").OnElements("a")
		p.AllowURLSchemes("http", "https", "mailto")
		p.RequireParseableURLs(true)
		p.RequireNoFollowOnLinks(true)
		p.AddTargetBlankToFullyQualifiedLinks(true)
		return p
	}()
)

// byUsers marks links as written by users. In cleaned text a quotation mark is
// only ever part of a tag.
var byUsers = strings.NewReplacer(` rel="nofollow`, ` rel="ugc nofollow`)

// document is for texts whose lines end where the writer's window did, such as
// model cards.
var document = goldmark.New(goldmark.WithExtensions(extension.Strikethrough, extension.Table))

// Document turns such a text into safe HTML, with tables that scroll by
// themselves.
func (b Base) Document(text string) (template.HTML, error) {
	var out bytes.Buffer
	if err := document.Convert([]byte(text), &out); err != nil {
		return "", err
	}
	safe := allowed.Sanitize(headings.Replace(out.String()))
	open := `<div class="scroll" tabindex="0" role="region" aria-label="` + html.EscapeString(b.T("model.table")) + `"><table>`
	safe = strings.NewReplacer("<table>", open, "</table>", "</table></div>").Replace(safe)
	return template.HTML(byUsers.Replace(safe)), nil // #nosec G203 -- the policy above has just cleaned it
}

// Markdown turns what somebody wrote into safe HTML. Headings sink below those
// of the page.
func (b Base) Markdown(text string) (template.HTML, error) {
	var out bytes.Buffer
	if err := markdown.Convert([]byte(text), &out); err != nil {
		return "", err
	}
	safe := allowed.Sanitize(headings.Replace(out.String()))
	return template.HTML(byUsers.Replace(safe)), nil // #nosec G203 -- the policy above has just cleaned it
}

// words drops every tag; the line ends between blocks stay.
var words = bluemonday.StrictPolicy()

// plain returns the words of a Markdown text without its marks, for excerpts.
func plain(text string) string {
	var out bytes.Buffer
	if err := markdown.Convert([]byte(text), &out); err != nil {
		return text // as it was typed; the template escapes it
	}
	return strings.Join(strings.Fields(html.UnescapeString(words.Sanitize(out.String()))), " ")
}
