package scoring

import (
	"math"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"globalbrain/internal/scoring/launch"
)

// launcher opens the launch model that the project ships.
func launcher(t testing.TB) *Launcher {
	t.Helper()
	l, err := OpenLauncher(models, DefaultLaunchModel, library(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := l.Close(); err != nil {
			t.Error(err)
		}
	})
	return l
}

// launchLines are the shipped model's golden campaigns.
func launchLines(t testing.TB) (lines []launchLine) {
	t.Helper()
	_, err := eachLine(filepath.Join(models, DefaultLaunchModel, goldenLaunches), func(l launchLine) error {
		lines = append(lines, l)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return lines
}

func TestTheLaunchModelReadsCampaignsAsTheLabDoes(t *testing.T) {
	t.Parallel()
	l := launcher(t)
	lines := launchLines(t)
	for _, line := range lines {
		if err := l.checkLine(line); err != nil {
			t.Error(err)
		}
	}
	changed := lines[0]
	changed.Output = map[string]Chance{}
	if err := l.checkLine(changed); err == nil {
		t.Error("a line with other chances comes out as recorded")
	}
}

func TestALaunchFolderIsVerified(t *testing.T) {
	t.Parallel()
	seen := map[string]error{}
	m, err := Verify(filepath.Join(models, DefaultLaunchModel), library(t), func(c Check) { seen[c.Name] = c.Err })
	if err != nil || m.Alone() {
		t.Fatalf("%v, alone %t", err, m.Alone())
	}
	for _, name := range []string{"manifest", "files", "graph", goldenLaunches} {
		if err, looked := seen[name]; !looked || err != nil {
			t.Errorf("%s: looked at %t, %v", name, looked, err)
		}
	}
	if _, err := Open(Options{Models: models, Model: DefaultLaunchModel, Library: library(t)}); err == nil {
		t.Error("it was opened as a model of ideas")
	}
}

func TestALaunchIsEstimatedWithTextAndPlanApart(t *testing.T) {
	t.Parallel()
	l := launcher(t)
	plan, err := launch.Parse([]byte(`{"goal":4000,"category":"Fiction","images":12,"rewards":{"count":8}}`))
	if err != nil {
		t.Fatal(err)
	}
	const title, blurb = "The Quiet Orchard", "A novel about two sisters who inherit an orchard and the feud that comes with it."
	cases := []struct {
		name                 string
		campaign             Campaign
		text, metadata, both bool
		reason               string
	}{
		{"text and plan", Campaign{Title: title, Blurb: blurb, Plan: plan}, true, true, true, ""},
		{"text alone", Campaign{Title: title, Blurb: blurb}, true, false, false, ""},
		{"a plan alone", Campaign{Plan: plan}, false, true, false, ReasonTooShort},
		{"a plan with a word", Campaign{Title: "Orchard", Plan: plan}, false, true, false, ReasonTooShort},
		{"Chinese", Campaign{Title: "安静的果园", Blurb: "一部关于两姐妹继承果园的小说。", Plan: plan}, false, true, false, ReasonLanguage + "zh"},
		{"a stated language", Campaign{Title: title, Blurb: blurb, Language: "fr", Plan: plan}, false, true, false, ReasonLanguage + "fr"},
		{"nothing", Campaign{}, false, false, false, ReasonTooShort},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			e, err := l.Estimate(c.campaign)
			if err != nil {
				t.Fatal(err)
			}
			if (e.Text != nil) != c.text || (e.Metadata != nil) != c.metadata || (e.Both != nil) != c.both || e.Reason != c.reason {
				t.Errorf("got %+v", e)
			}
			for _, chance := range []*Chance{e.Text, e.Metadata, e.Both} {
				if chance != nil && !(0 < chance.Low && chance.Low < chance.Probability && chance.Probability < chance.High && chance.High < 1) {
					t.Errorf("chance %+v", *chance)
				}
			}
		})
	}
}

func TestTheMarkOfAnEndedCampaignIsNotRead(t *testing.T) {
	t.Parallel()
	l := launcher(t)
	const title, blurb = "The Quiet Orchard", "A novel about two sisters who inherit an orchard."
	want, err := l.Estimate(Campaign{Title: title, Blurb: blurb})
	if err != nil {
		t.Fatal(err)
	}
	for _, mark := range []string{" (Canceled)", " (SUSPENDED)", "(cancelled)"} {
		got, err := l.Estimate(Campaign{Title: title + mark, Blurb: blurb})
		if err != nil {
			t.Fatal(err)
		}
		if *got.Text != *want.Text {
			t.Errorf("%q moves the estimate from %v to %v", mark, *want.Text, *got.Text)
		}
	}
}

func TestAGoalThatCannotBeReachedLowersThePlansChance(t *testing.T) {
	t.Parallel()
	l := launcher(t)
	estimate := func(goal float64) float64 {
		var p launch.Plan
		p.State("goal", goal)
		e, err := l.Estimate(Campaign{Plan: p})
		if err != nil {
			t.Fatal(err)
		}
		return e.Metadata.Probability
	}
	if small, large := estimate(3000), estimate(300000); small <= large {
		t.Errorf("a goal of 3,000 has a chance of %v, of 300,000 %v", small, large)
	}
}

func TestManyLaunchesAtOnceAreEstimatedAsOneByOne(t *testing.T) {
	t.Parallel()
	l := launcher(t)
	rows := launchLines(t)
	var workers sync.WaitGroup
	for range 4 {
		workers.Go(func() {
			for _, row := range rows {
				plan, err := launch.Parse(row.Launch)
				if err != nil {
					t.Error(err)
					return
				}
				e, err := l.Estimate(Campaign{Title: row.Title, Blurb: row.Blurb, Language: "en", Plan: plan})
				if err != nil {
					t.Error(err)
					return
				}
				if e.Text != nil && math.Abs(e.Text.Probability-row.Output["text"].Probability) > 1e-5 {
					t.Errorf("%s: %v, want %v", row.Title, *e.Text, row.Output["text"])
				}
			}
		})
	}
	workers.Wait()
}

func TestALaunchModelThatIsNotWhole(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(models, DefaultLaunchModel)
	cases := []struct {
		name, says string
		change     func(t *testing.T, to string)
	}{
		{"without a graph", launchGraphName, func(t *testing.T, to string) {
			if err := os.Remove(filepath.Join(to, launchGraphName)); err != nil {
				t.Fatal(err)
			}
		}},
		{"with another graph", "sha256", func(t *testing.T, to string) {
			if err := os.WriteFile(filepath.Join(to, launchGraphName), []byte("another"), 0o600); err != nil {
				t.Fatal(err)
			}
		}},
		{"with other features", "features", func(t *testing.T, to string) {
			edit(t, filepath.Join(to, manifestName), `"log_goal"`, `"log_gaol"`)
		}},
		{"with a head too few", "heads", func(t *testing.T, to string) {
			edit(t, filepath.Join(to, manifestName), `"heads": [`+"\n  "+`"text",`, `"heads": [`)
		}},
		{"without a manifest", "manifest", func(t *testing.T, to string) {
			if err := os.Remove(filepath.Join(to, manifestName)); err != nil {
				t.Fatal(err)
			}
		}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			to := filepath.Join(dir, "broken")
			if err := os.CopyFS(to, os.DirFS(folder)); err != nil {
				t.Fatal(err)
			}
			c.change(t, to)
			l, err := OpenLauncher(dir, "broken", library(t))
			if err == nil {
				t.Fatal("it was loaded", l.Close())
			}
			if !strings.Contains(err.Error(), c.says) {
				t.Errorf("says %q, not %q", err, c.says)
			}
		})
	}
}

// edit replaces a text that must be in the file.
func edit(t *testing.T, path, old, replacement string) {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	changed := strings.Replace(string(content), old, replacement, 1)
	if changed == string(content) {
		t.Fatalf("%s does not hold %q", path, old)
	}
	if err := os.WriteFile(path, []byte(changed), 0o600); err != nil {
		t.Fatal(err)
	}
}

func BenchmarkEstimate(b *testing.B) {
	l := launcher(b)
	row := launchLines(b)[0]
	plan, err := launch.Parse(row.Launch)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := l.Estimate(Campaign{Title: row.Title, Blurb: row.Blurb, Plan: plan}); err != nil {
			b.Fatal(err)
		}
	}
}
