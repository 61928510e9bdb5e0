package site

import (
	"testing"

	"github.com/jba/templatecheck"

	"globalbrain/web"
)

// The box of a campaign is rendered by itself, so it is checked by itself.
func TestTheCampaignBoxFitsItsStruct(t *testing.T) {
	t.Parallel()
	pages, err := parsePages(web.Templates())
	if err != nil {
		t.Fatal(err)
	}
	if err := templatecheck.CheckHTML(pages["idea"].Lookup("campaignbox"), campaignBox{}); err != nil {
		t.Error(err)
	}
}
