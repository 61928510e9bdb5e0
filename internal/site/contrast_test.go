package site

import (
	"io/fs"
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"globalbrain/web"
)

// pairs are the colours that text is made of: what is written, on what. Lines
// and boxes that must be seen need 3:1, text 4.5:1 (WCAG 2.2, 1.4.3 and 1.4.11).
var pairs = []struct {
	ink, paper string
	least      float64
}{
	{"ink", "paper", 4.5}, {"ink", "raised", 4.5},
	{"ink-2", "paper", 4.5}, {"ink-2", "raised", 4.5},
	{"model", "paper", 4.5}, {"model", "raised", 4.5},
	{"expert", "paper", 4.5}, {"expert", "raised", 4.5},
	{"crowd", "paper", 4.5}, {"crowd", "raised", 4.5},
	{"money", "paper", 4.5}, {"money", "raised", 4.5},
	{"risk", "paper", 4.5}, {"risk", "raised", 4.5},
	{"on-colour", "model", 4.5}, {"on-colour", "expert", 4.5}, {"on-colour", "crowd", 4.5},
	{"on-colour", "money", 4.5}, {"on-colour", "risk", 4.5},
	{"edge", "paper", 3}, {"edge", "raised", 3},
}

var colourToken = regexp.MustCompile(`--([a-z0-9-]+):\s*#([0-9A-Fa-f]{6});`)

func TestTextCanBeReadInBothThemes(t *testing.T) {
	t.Parallel()
	sheet, err := fs.ReadFile(web.Static(), "css/tokens.css")
	if err != nil {
		t.Fatal(err)
	}
	light, dark, found := strings.Cut(string(sheet), "prefers-color-scheme: dark")
	if !found {
		t.Fatal("there is no dark theme")
	}
	for theme, source := range map[string]string{"light": light, "dark": dark} {
		colours := map[string]float64{}
		for _, m := range colourToken.FindAllStringSubmatch(source, -1) {
			colours[m[1]] = luminance(t, m[2])
		}
		for _, p := range pairs {
			a, okA := colours[p.ink]
			b, okB := colours[p.paper]
			if !okA || !okB {
				t.Errorf("%s: --%s or --%s is missing", theme, p.ink, p.paper)
				continue
			}
			if ratio := (max(a, b) + .05) / (min(a, b) + .05); ratio < p.least {
				t.Errorf("%s: --%s on --%s has %.2f:1, at least %.1f:1", theme, p.ink, p.paper, ratio, p.least)
			}
		}
	}
}

// luminance is the relative luminance of an sRGB colour (WCAG 2.2, definitions).
func luminance(t *testing.T, hex string) float64 {
	t.Helper()
	n, err := strconv.ParseUint(hex, 16, 32)
	if err != nil {
		t.Fatal(err)
	}
	linear := func(channel uint64) float64 {
		c := float64(channel&0xff) / 255
		if c <= 0.04045 {
			return c / 12.92
		}
		return math.Pow((c+0.055)/1.055, 2.4)
	}
	return 0.2126*linear(n>>16) + 0.7152*linear(n>>8) + 0.0722*linear(n)
}
