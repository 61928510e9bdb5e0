package site

import (
	"fmt"
	"html/template"
	"strings"

	"github.com/google/uuid"
)

// cover draws the picture of an idea that has none: quiet geometry from the
// idea's id in the tenant's hue, the same each time. Colours are attributes of
// the drawing, not styles, so the content security policy allows them.
func cover(id uuid.UUID, hue int) template.HTML {
	// The end of a UUIDv7 is random; its beginning is time and would make
	// neighbours look alike.
	seed := id[8:]
	shade := func(n int) string { return fmt.Sprintf("hsl(%d %d%% %d%%)", (hue+n*9)%360, 30+n*3, 58+n*6) }
	var b strings.Builder
	fmt.Fprintf(&b, `<svg class="cover" viewBox="0 0 320 180" preserveAspectRatio="xMidYMid slice" aria-hidden="true" focusable="false"><rect width="320" height="180" fill="%s"/>`, shade(4))
	for i := range 4 {
		x, y, size := int(seed[i])*320/256, int(seed[i+1])*180/256, 40+int(seed[i+2])%110
		fill := shade(i)
		switch seed[i+3] % 3 {
		case 0:
			fmt.Fprintf(&b, `<circle cx="%d" cy="%d" r="%d" fill="%s" fill-opacity=".55"/>`, x, y, size*2/3, fill)
		case 1:
			fmt.Fprintf(&b, `<rect x="%d" y="%d" width="%d" height="%d" rx="10" fill="%s" fill-opacity=".5" transform="rotate(%d %d %d)"/>`,
				x-size/2, y-size/2, size, size, fill, int(seed[i+3])%90, x, y)
		default:
			fmt.Fprintf(&b, `<path d="M%d %d h%d l-%d %d z" fill="%s" fill-opacity=".5"/>`, x-size, y-size/2, size*2, size, size, fill)
		}
	}
	b.WriteString(`</svg>`)
	return template.HTML(b.String()) //nolint:gosec // G203: numbers only, no text of anybody
}

// tenantCover draws a tenant's picture from its slug.
func tenantCover(slug string, hue int) template.HTML {
	return cover(uuid.NewSHA1(uuid.NameSpaceURL, []byte(slug)), hue)
}
