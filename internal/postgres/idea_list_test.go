package postgres_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/uuid"

	"globalbrain/internal/errs"
	"globalbrain/internal/idea"
	"globalbrain/internal/postgres"
)

func titlesOf(page postgres.Page[postgres.IdeaCard]) []string {
	titles := []string{}
	for _, c := range page.Items {
		titles = append(titles, c.Title)
	}
	return titles
}

func TestASearchFindsEveryWordInAnyLanguage(t *testing.T) {
	t.Parallel()
	w := newIdeaTown(t)
	chinese := fullDraft("公交站的绿色屋顶")
	chinese.Problem, chinese.Solution, chinese.Language = "夏天等车太热。", "在站台上种景天和爬藤。", "zh-CN"
	percent := fullDraft("Half price, 50% off")
	percent.Solution = `A path\with_marks`
	for _, d := range []idea.Draft{chinese, percent, fullDraft("Shade for Bus Stops")} {
		w.accept(t, w.submit(t, d))
	}
	w.submit(t, fullDraft("Not public yet"))
	w.draft(t, fullDraft("A draft about shade"))
	for name, c := range map[string]struct {
		filter postgres.IdeaFilter
		want   []string
	}{
		"nothing typed":                     {postgres.IdeaFilter{}, []string{"Shade for Bus Stops", "Half price, 50% off", "公交站的绿色屋顶"}},
		"Chinese in the middle of a title":  {postgres.IdeaFilter{Search: "绿色"}, []string{"公交站的绿色屋顶"}},
		"Chinese of two fields":             {postgres.IdeaFilter{Search: "太热　爬藤"}, []string{"公交站的绿色屋顶"}},
		"another case":                      {postgres.IdeaFilter{Search: "sHaDe"}, []string{"Shade for Bus Stops"}},
		"words in any order":                {postgres.IdeaFilter{Search: "stops shade"}, []string{"Shade for Bus Stops"}},
		"one word that is missing":          {postgres.IdeaFilter{Search: "shade tulip"}, []string{}},
		"a percent sign is itself":          {postgres.IdeaFilter{Search: "50%"}, []string{"Half price, 50% off"}},
		"a percent sign is no wildcard":     {postgres.IdeaFilter{Search: "s%p"}, []string{}},
		"an underscore is no wildcard":      {postgres.IdeaFilter{Search: "b_s"}, []string{}},
		"a backslash is itself":             {postgres.IdeaFilter{Search: `path\with_`}, []string{"Half price, 50% off"}},
		"bytes that are no text":            {postgres.IdeaFilter{Search: "\xff\x00"}, []string{"Shade for Bus Stops", "Half price, 50% off", "公交站的绿色屋顶"}},
		"by language":                       {postgres.IdeaFilter{Language: "zh-CN"}, []string{"公交站的绿色屋顶"}},
		"by call":                           {postgres.IdeaFilter{Call: uuid.New()}, []string{}},
		"by state":                          {postgres.IdeaFilter{States: []idea.State{idea.Submitted}}, []string{"Not public yet"}},
		"drafts are never listed by state":  {postgres.IdeaFilter{States: []idea.State{idea.Drafting}}, []string{}},
		"a founder's own, drafts first":     {postgres.IdeaFilter{Founder: w.founder}, []string{"A draft about shade", "Not public yet", "Shade for Bus Stops", "Half price, 50% off", "公交站的绿色屋顶"}},
		"a founder's own drafts":            {postgres.IdeaFilter{Founder: w.founder, States: []idea.State{idea.Drafting}}, []string{"A draft about shade"}},
		"the ideas of somebody without any": {postgres.IdeaFilter{Founder: w.third}, []string{}},
	} {
		page, err := w.Ideas(t.Context(), w.id, c.filter, "", 10)
		if got := titlesOf(page); err != nil || !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
}

func TestPagesOfIdeasMissNoneAndRepeatNone(t *testing.T) {
	t.Parallel()
	for name, mine := range map[string]bool{"public ideas": false, "a founder's own with drafts": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, filter, want := newIdeaTown(t), postgres.IdeaFilter{}, 7
			for n := range 7 {
				w.accept(t, w.submit(t, fullDraft(fmt.Sprint("Idea ", n))))
			}
			for n := range 3 {
				w.draft(t, fullDraft(fmt.Sprint("Draft ", n)))
			}
			if mine {
				filter, want = postgres.IdeaFilter{Founder: w.founder}, 10
			}
			whole, err := w.Ideas(t.Context(), w.id, filter, "", 50)
			if err != nil || len(whole.Items) != want || whole.Next != "" {
				t.Fatalf("in one page: %d, %q, %v", len(whole.Items), whole.Next, err)
			}
			var got []string
			page := postgres.Page[postgres.IdeaCard]{}
			for first := true; first || page.Next != ""; first = false {
				if page, err = w.Ideas(t.Context(), w.id, filter, page.Next, 2); err != nil || len(page.Items) == 0 || len(page.Items) > 2 {
					t.Fatalf("a page of %d, %v", len(page.Items), err)
				}
				got = append(got, titlesOf(page)...)
				if len(got) == 4 { // what is added above moves no page below
					if mine {
						w.draft(t, fullDraft("New on top"))
					} else {
						w.accept(t, w.submit(t, fullDraft("New on top")))
					}
				}
			}
			if !slices.Equal(got, titlesOf(whole)) {
				t.Errorf("in pages: %q", got)
			}
			if _, err := w.Ideas(t.Context(), w.id, filter, "nonsense!", 2); !errs.Is(err, errs.Invalid) {
				t.Errorf("a page that is none: %v", err)
			}
		})
	}
}
