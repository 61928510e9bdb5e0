package site_test

import (
	"bytes"
	"context"
	"image"
	"image/png"
	"io"
	"mime/multipart"
	"net/http"
	"regexp"
	"testing"

	"globalbrain/internal/errs"
	"globalbrain/internal/scoring"
	"globalbrain/internal/site"
	"globalbrain/internal/tenant"
)

// upload sends the studio's form with a picture in it.
func (n *newsroom) upload(path string, status int, picture []byte, pairs ...string) answer {
	n.t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for i := 0; i+1 < len(pairs); i += 2 {
		if err := form.WriteField(pairs[i], pairs[i+1]); err != nil {
			n.t.Fatal(err)
		}
	}
	file, err := form.CreateFormFile("picture", "a.png")
	if err == nil {
		_, err = file.Write(picture)
	}
	if err == nil {
		err = form.Close()
	}
	if err != nil {
		n.t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(context.Background(), http.MethodPost, n.server.URL+path+"/pictures", &body)
	if err != nil {
		n.t.Fatal(err)
	}
	r.Header.Set("Content-Type", form.FormDataContentType())
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	r.Header.Set("Accept-Language", "en")
	res, err := n.founder.client.Do(r)
	if err != nil {
		n.t.Fatal(err)
	}
	defer res.Body.Close() //nolint:errcheck // read to the end below
	raw, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != status {
		n.t.Fatalf("upload: %d, want %d, %v\n%s", res.StatusCode, status, err, raw)
	}
	return answer{res, string(raw)}
}

func TestPicturesComeWithTheFormAndAreAsPublicAsTheIdea(t *testing.T) {
	t.Parallel()
	n := newNewsroom(t)
	path := n.start()
	var square bytes.Buffer
	if err := png.Encode(&square, image.NewGray(image.Rect(0, 0, 8, 8))); err != nil {
		t.Fatal(err)
	}
	page := n.founder.get(path+"/edit", http.StatusOK)

	page = n.upload(path, http.StatusUnprocessableEntity, []byte("<svg/>"), append(typed(n.edit(page), "title", "Typed and not saved"), "alt", "A roof")...).body
	mustContain(t, page, "This is not a JPEG, PNG, GIF or WebP picture.", `id="f-picture-error"`, `value="A roof"`, `value="Typed and not saved"`)
	page = n.upload(path, http.StatusUnprocessableEntity, square.Bytes(), append(typed(n.edit(page)), "alt", " ")...).body
	mustContain(t, page, `id="f-alt-error"`)
	n.upload(path, http.StatusSeeOther, square.Bytes(), append(typed(n.edit(page), "title", "Saved by the way"), "alt", "A grey square")...)

	page = n.founder.get(path+"/edit", http.StatusOK)
	mustContain(t, page, "A grey square", `value="Saved by the way"`)
	source := regexp.MustCompile(`src="([^"]+/pictures/[^"]+)"`).FindStringSubmatch(page)
	if source == nil {
		t.Fatal("the picture is not shown")
	}
	a := n.founder.send(http.MethodGet, source[1], nil)
	if a.StatusCode != http.StatusOK || a.Header.Get("Content-Type") != "image/jpeg" || a.Header.Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("the picture: %d %v", a.StatusCode, a.Header)
	}
	visitor := n.browser()
	visitor.get(source[1], http.StatusNotFound)
	n.founder.post(path+"/edit", http.StatusSeeOther, append(typed(n.edit(page)), "act", "submit")...)
	n.founder.post(source[1]+"/remove", http.StatusConflict, typed("1")...)
	n.accept(path)
	visitor.get(source[1], http.StatusOK)
	mustContain(t, visitor.get(path, http.StatusOK), source[1], "A grey square")

	other := n.start()
	page = n.founder.get(other+"/edit", http.StatusOK)
	n.upload(other, http.StatusSeeOther, square.Bytes(), append(typed(n.edit(page)), "alt", "Another")...)
	page = n.founder.get(other+"/edit", http.StatusOK)
	remove := regexp.MustCompile(`formaction="([^"]+/remove)"`).FindStringSubmatch(page)
	if remove == nil {
		t.Fatal("the picture cannot be removed")
	}
	n.founder.post(remove[1], http.StatusSeeOther, typed(n.edit(page), "title", "Kept by removing")...)
	mustContain(t, n.founder.get(other+"/edit", http.StatusOK), `value="Kept by removing"`)
	if again := n.founder.get(other+"/edit", http.StatusOK); regexp.MustCompile(`/remove"`).MatchString(again) {
		t.Error("the picture is still there")
	}
}

// mentor is a coach that says what it is told to.
type mentor struct {
	advice scoring.Advice
	err    error
}

func (m mentor) Coach(context.Context, tenant.ID, scoring.Text) (scoring.Advice, error) {
	return m.advice, m.err
}

func TestTheCoachSaysWhatTheModelSaysOrWhyItIsSilent(t *testing.T) {
	t.Parallel()
	fair := scoring.Rating{Mean: 3.4, Low: 2.9, High: 3.9}
	for name, c := range map[string]struct {
		coach site.Coach
		want  []string
	}{
		"a score": {mentor{advice: scoring.Advice{
			Score: scoring.Score{Success: scoring.Chance{Probability: .62, Low: .41, High: .78}, Criteria: &scoring.Criteria{Impact: fair, Feasibility: fair, Auditability: fair}},
			Passages: []scoring.Passage{
				{Field: "solution", Text: "Each roof costs 300 euros.", Success: .08},
				{Field: "team", Text: "Nothing to see.", Success: .001},
				{Field: "problem", Text: "It will change <everything>.", Success: -.05},
			},
		}}, []string{"62%", "likely 41%–78%", "likely 2.9–3.9", "Each roof costs 300 euros.", "&#43;8.0 points", "It will change &lt;everything&gt;.", "-5.0 points", "The model advises. People decide."}},
		"a language it cannot read": {mentor{advice: scoring.Advice{Score: scoring.Score{Abstained: true, Reason: scoring.ReasonLanguage + "sw"}}}, []string{"cannot read this language (Swahili)"}},
		"too short":                 {mentor{advice: scoring.Advice{Score: scoring.Score{Abstained: true, Reason: scoring.ReasonTooShort}}}, []string{"too short for the model"}},
		"unsure":                    {mentor{advice: scoring.Advice{Score: scoring.Score{Abstained: true, Reason: scoring.ReasonUncertain}}}, []string{"too unsure"}},
		"busy":                      {mentor{err: errs.New(errs.Unavailable, "scoring.full", "Busy.")}, []string{"there is no advice right now"}},
		"absent":                    {nil, []string{"there is no advice right now"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			n := newNewsroomWith(t, func(d *site.Deps) { d.Coach = c.coach })
			path := n.start()
			page := n.founder.get(path+"/edit", http.StatusOK)
			mustContain(t, page, append(c.want, "Still missing")...)
			mustContain(t, n.founder.post(path+"/advice", http.StatusOK, typed(n.edit(page))...), c.want...)
		})
	}
}
