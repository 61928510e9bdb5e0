package main

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"globalbrain/internal/config"
	"globalbrain/internal/scoring"
)

func TestALineIsACampaignWhenItSaysSo(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name, line   string
		campaign     bool
		title, blurb string
		goal         float64
		currency     string
	}{
		{"an idea", `{"id":1,"title":"T","problem":"P","goal":{"amount":5}}`, false, "", "", 0, ""},
		{"a launch that is null", `{"id":1,"title":"T","launch":null}`, false, "", "", 0, ""},
		{"an empty launch", `{"id":1,"title":"T","problem":"P","solution":"S","launch":{}}`, true, "T", "P S", 0, ""},
		{"the idea's goal", `{"id":1,"title":"T","problem":"P","goal":{"amount":"70","currency":"GBP"},"launch":{"images":1}}`, true, "T", "P", 70, "GBP"},
		{"the launch's goal before the idea's", `{"id":1,"title":"T","goal":{"amount":70},"launch":{"goal":40}}`, true, "T", "", 40, ""},
		{"goals in two currencies", `{"id":1,"goal":{"amount":70,"currency":"GBP"},"launch":{"currency":"EUR"}}`, true, "", "", 0, "EUR"},
		{"text in the launch", `{"id":1,"launch":{"title":"T","blurb":"B","goal":3}}`, true, "T", "B", 3, ""},
		{"a row of a table", `{"id":1,"creator":"c","title":"T","blurb":"B","goal":3,"currency":"usd","numPerks":"4"}`, true, "T", "B", 3, "USD"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			task := parseTask([]byte(c.line), 1, nil)
			if task.bad != nil || (task.campaign != nil) != c.campaign {
				t.Fatalf("campaign %+v, error %v", task.campaign, task.bad)
			}
			if !c.campaign {
				return
			}
			got := task.campaign
			if got.Title != c.title || got.Blurb != c.blurb || got.Plan.Numbers["goal"] != c.goal || got.Plan.Currency != c.currency {
				t.Errorf("got %+v", *got)
			}
			if c.blurb != "" && task.text.Problem == "" && task.text.Solution == "" {
				t.Error("the ideas model would read no text")
			}
		})
	}
}

func TestALaunchThatCannotBeReadNamesItsKey(t *testing.T) {
	t.Parallel()
	for line, says := range map[string]string{
		`{"id":"a","launch":7}`:                                   "launch must be an object",
		`{"id":"a","launch":{"images":"many"}}`:                   `launch.images must be a number, not "many"`,
		`{"id":"a","launch":{},"goal":"much"}`:                    `goal must be a number, not "much"`,
		`{"id":"a","title":"T","blurb":"B","numPerks":"several"}`: "launch.numPerks must be a number",
		`{"id":"a","title":"T","blurb":5}`:                        "blurb must not be a number",
	} {
		task := parseTask([]byte(line), 3, nil)
		if task.bad == nil || !strings.Contains(task.bad.Error(), says) || string(task.id) != `"a"` {
			t.Errorf("%s: id %s, error %v; want %q", line, task.id, task.bad, says)
		}
	}
}

func TestScoreShowsTextAndPlanApart(t *testing.T) {
	t.Parallel()
	const text = `"title":"The Quiet Orchard","blurb":"A novel about two sisters who inherit an orchard and the feud that comes with it."`
	in := `{"id":1,` + text + `,"launch":{"goal":3000,"category":"Fiction","images":10,"words":900,"rewards":[5,20,40,100,250]}}
{"id":2,` + text + `,"launch":{"goal":900000,"category":"Fiction","images":0,"words":40,"rewards":[1]}}
{"id":3,` + text + `,"launch":{}}
{"id":4,` + text + `,"launch":{"goal":[]}}
{"id":5,"title":"Orchard","launch":{"goal":3000}}
{"id":6,"title":"An orchard","problem":"Two sisters inherit an orchard and do not speak to each other any more.","solution":"We publish a novel about the feud that comes with the orchard, and how it ends."}
`
	code, lines, stderr := scoreLines(t, strings.NewReader(in))
	if code != 1 || len(lines) != 6 {
		t.Fatalf("status %d, %d lines: %s", code, len(lines), stderr)
	}
	modest, vast, bare, broken, short, idea := lines[0], lines[1], lines[2], lines[3], lines[4], lines[5]
	switch {
	case *modest.Success != *vast.Success || *modest.Success != *bare.Success || *modest.Success != struct{ Probability, Low, High float64 }(*modest.Launch.Text):
		t.Errorf("success is not the text's alone: %v, %v, %v", *modest.Success, *vast.Success, *bare.Success)
	case modest.Launch.Both.Probability <= vast.Launch.Both.Probability || modest.Launch.Metadata.Probability <= vast.Launch.Metadata.Probability:
		t.Errorf("the vast goal has the better chance: %+v, %+v", *modest.Launch.Both, *vast.Launch.Both)
	case bare.Launch.Metadata != nil || bare.Launch.Both != nil:
		t.Errorf("nothing is stated, and the plan has a chance: %+v", *bare.Launch)
	case !strings.Contains(broken.Error, "launch.goal"):
		t.Errorf("the broken line says %q", broken.Error)
	case !*short.Abstained || *short.Reason != scoring.ReasonTooShort || short.Launch.Metadata == nil || short.Launch.Both != nil:
		t.Errorf("one word: %+v", short)
	case idea.Launch != nil || strings.Contains(idea.Model, scoring.DefaultLaunchModel):
		t.Errorf("an idea without a launch: %+v", idea)
	case !strings.Contains(modest.Model, scoring.DefaultLaunchModel):
		t.Errorf("the model is %q", modest.Model)
	}
}

// The n-grams answer in Chinese; the launch model does not, and the line is its.
func TestACampaignThatIsAbstainedFromHasNoCriteria(t *testing.T) {
	t.Parallel()
	const text = `"title":"社区图书馆","problem":"孩子们放学后没有安静的地方读书，家长下班又很晚。","solution":"我们把街角空置的商铺改成晚上开放的小图书馆，由三位退休教师轮流看护，并且每月公布借阅的数字。"`
	code, lines, stderr := scoreLines(t, strings.NewReader(`{"id":1,`+text+`}`+"\n"+`{"id":2,`+text+`,"launch":{"goal":3000}}`))
	if code != 0 || len(lines) != 2 || lines[0].Criteria == nil {
		t.Fatalf("status %d, %+v: %s", code, lines, stderr)
	}
	if l := lines[1]; !*l.Abstained || *l.Reason != scoring.ReasonLanguage+"zh" || l.Success != nil || l.Criteria != nil || l.Launch.Metadata == nil {
		t.Errorf("%+v", l)
	}
}

func TestTheProgramOpensALaunchModelWhereItIsInstalled(t *testing.T) {
	t.Parallel()
	args := modelArgs(t) // -models, its folder, -onnxruntime, the library
	damaged := t.TempDir()
	if err := os.Mkdir(filepath.Join(damaged, scoring.DefaultLaunchModel), 0o700); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, models string
		opened       bool
		says         string
	}{
		{"the shipped models", args[1], true, ""},
		{"no such folder", t.TempDir(), false, ""},
		{"a folder without its files", damaged, false, "launch model's manifest"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := newSystem(config.Config{Models: c.models, Runtime: args[3]}, io.Discard)
			err := s.openLauncher()
			if (err != nil) != (c.says != "") || err != nil && !strings.Contains(err.Error(), c.says) {
				t.Fatalf("opening says %v, not %q", err, c.says)
			}
			if opened := s.launcher != nil; opened != c.opened || len(s.stopped) == 1 != c.opened {
				t.Errorf("opened %t, and %d parts to stop", opened, len(s.stopped))
			}
			if err := s.stop(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
}
