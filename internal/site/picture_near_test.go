package site_test

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"net/http"
	"regexp"
	"strings"
	"testing"
)

// waves is a PNG file of a picture that is not even; equal seeds give equal ones.
func waves(t *testing.T, seed int) []byte {
	t.Helper()
	p := image.NewRGBA(image.Rect(0, 0, 64, 48))
	for y := range 48 {
		for x := range 64 {
			p.Set(x, y, color.RGBA{uint8((x*x/seed + y*3) % 256), uint8((y*y/3 + x*seed) % 256), uint8(x * y / seed), 255})
		}
	}
	var file bytes.Buffer
	if err := png.Encode(&file, p); err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}

func TestNearlyEqualPicturesAreShownToTheFounderAndTheModerator(t *testing.T) {
	t.Parallel()
	n := newNewsroom(t)
	const lead, looksLike, nearly = "One of your pictures looks nearly like", "Looks like a picture of", "Nearly the same pictures"
	theirs := n.start()
	page := n.founder.get(theirs+"/edit", http.StatusOK)
	n.upload(theirs, http.StatusSeeOther, waves(t, 5), append(typed(n.edit(page), "title", "Shade that walks"), "alt", "Waves")...)
	page = n.founder.get(theirs+"/edit", http.StatusOK)
	mustContain(t, page, "Waves")
	n.founder.post(theirs+"/edit", http.StatusSeeOther, append(typed(n.edit(page), "title", "Shade that walks"), "act", "submit")...)

	// The same founder's next idea shows the same picture: moderators are told.
	next := n.start()
	page = n.founder.get(next+"/edit", http.StatusOK)
	n.upload(next, http.StatusSeeOther, waves(t, 5), append(typed(n.edit(page), "title", "Shade again"), "alt", "More waves")...)
	page = n.founder.get(next+"/edit", http.StatusOK)
	if strings.Contains(page, lead) {
		t.Error("a founder is told of their own pictures")
	}
	n.founder.post(next+"/edit", http.StatusSeeOther, append(typed(n.edit(page), "title", "Shade again"), "act", "submit")...)
	page = n.moderator.get(desk(next), http.StatusOK)
	mustContain(t, page, nearly, "Nearly the same picture as in “Shade that walks”", "0 of 128 bits", theirs, `alt="Waves"`, `alt="More waves"`)
	for _, source := range regexp.MustCompile(`<img src="([^"]+)"`).FindAllStringSubmatch(page, -1) {
		n.moderator.get(source[1], http.StatusOK)
	}

	// Somebody else who uses it is told once it is public, and not before.
	n.founder = n.arrive("Thea", "thea@example.org")
	mine := n.start()
	page = n.founder.get(mine+"/edit", http.StatusOK)
	n.upload(mine, http.StatusSeeOther, waves(t, 5), append(typed(n.edit(page), "title", "Mine"), "alt", "My waves")...)
	if page = n.founder.get(mine+"/edit", http.StatusOK); strings.Contains(page, lead) || strings.Contains(page, "Shade that walks") {
		t.Error("a founder learns of an idea that is not public")
	}
	n.accept(theirs)
	page = n.founder.get(mine+"/edit", http.StatusOK)
	mustContain(t, page, lead, looksLike, `href="`+theirs+`">Shade that walks</a>`)
	if strings.Contains(page, "Shade again") {
		t.Error("a founder learns of an idea that is not public")
	}
	n.founder.post(mine+"/edit", http.StatusSeeOther, append(typed(n.edit(page), "title", "Mine"), "act", "submit")...) // nothing is forbidden

	other := n.start()
	page = n.founder.get(other+"/edit", http.StatusOK)
	n.upload(other, http.StatusSeeOther, waves(t, 17), append(typed(n.edit(page)), "alt", "Other waves")...)
	if page = n.founder.get(other+"/edit", http.StatusOK); strings.Contains(page, lead) {
		t.Error("another picture is taken for nearly the same")
	}
}
