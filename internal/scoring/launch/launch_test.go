package launch

import (
	"encoding/json"
	"math"
	"reflect"
	"strings"
	"testing"
	"time"
)

var spring = time.Date(2017, 3, 23, 14, 45, 0, 0, time.UTC)

func TestAPlanIsReadInManySpellings(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name, in string
		want     Plan
	}{
		{"nothing", `{}`, Plan{}},
		{"null", `null`, Plan{}},
		{"nulls and empty texts", `{"goal":null,"category":"","rewards":null}`, Plan{}},
		{"our own words", `{"goal":{"amount":12000,"currency":"eur"},"duration_days":30,"rewards":{"count":8,"lowest":5,"median":40,"highest":250},"media":{"video":true,"images":12}}`,
			Plan{Currency: "EUR", Numbers: map[string]float64{"goal": 12000, "duration": 30, "rewards": 8, "lowest_reward": 5, "median_reward": 40, "highest_reward": 250, "main_video": 1, "images": 12}}},
		{"a public table's columns", `{"title":"T","blurb":"B","category":"Fiction","mainCategory":"Publishing","goal":"3000","currency":"usd","continent":"North America","duration":"30","startDate":"3/23/17 14:45","numPerks":20,"lowestPerk":5,"highestPerk":150,"medianPerk":40,"mainVideo":1,"numAdditionalVideos":0,"numImages":12,"totWordCount":1371,"numCollaborators":0,"estimatedDelivery":16.13541667,"shippingWorld":"1"}`,
			Plan{Title: "T", Blurb: "B", Category: "Fiction", MainCategory: "Publishing", Currency: "USD", Start: spring, Numbers: map[string]float64{
				"goal": 3000, "north_america": 1, "duration": 30, "rewards": 20, "lowest_reward": 5, "highest_reward": 150, "median_reward": 40, "main_video": 1,
				"extra_videos": 0, "images": 12, "words": 1371, "collaborators": 0, "delivery": 16.13541667, "ships_worldwide": 1}}},
		{"other case and marks", `{"DURATION-DAYS":7,"Num Images":3,"main_VIDEO":"false"}`, Plan{Numbers: map[string]float64{"duration": 7, "images": 3, "main_video": 0}}},
		{"rewards as a list", `{"rewards":[40,5,{"amount":"100","title":"x"},10]}`, Plan{Numbers: map[string]float64{"rewards": 4, "lowest_reward": 5, "median_reward": 25, "highest_reward": 100}}},
		{"no reward in a list", `{"perks":[]}`, Plan{Numbers: map[string]float64{"rewards": 0}}},
		{"rewards as a count", `{"rewards":6}`, Plan{Numbers: map[string]float64{"rewards": 6}}},
		{"a team by its size", `{"team":{"size":3}}`, Plan{Numbers: map[string]float64{"collaborators": 2}}},
		{"a team in words", `{"team":"two engineers"}`, Plan{Ignored: 1}},
		{"a start with a zone", `{"launched_at":"2017-03-23T10:45:00-04:00"}`, Plan{Start: spring}},
		{"a start in seconds", `{"start":1490280300}`, Plan{Start: spring}},
		{"another continent", `{"country":"Germany"}`, Plan{Numbers: map[string]float64{"north_america": 0}}},
		{"a delivery before the end", `{"delivery_days":-12.5}`, Plan{Numbers: map[string]float64{"delivery": -12.5}}},
		{"keys that come after launch", `{"backers":900,"pledged":1e6,"created":4,"backed":8,"facebookFriends":461,"staff_pick":true,"success":1,"nested":{"goal":1}}`, Plan{Ignored: 8}},
		{"a key twice", `{"images":1,"numImages":2}`, Plan{Numbers: map[string]float64{"images": 2}}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got, err := Parse([]byte(c.in))
			if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(got, c.want) {
				t.Errorf("got  %+v\nwant %+v", got, c.want)
			}
		})
	}
}

func TestAPlanThatCannotBeReadNamesTheKey(t *testing.T) {
	t.Parallel()
	cases := []struct{ name, in, says string }{
		{"not an object", `[1]`, "launch must be an object"},
		{"a text", `"soon"`, "launch must be an object"},
		{"a number in words", `{"images":"many"}`, `launch.images must be a number, not "many"`},
		{"a list for a number", `{"goal":[1]}`, "launch.goal must be a number, not [1]"},
		{"an amount in words", `{"goal":{"amount":"much"}}`, `launch.goal.amount must be a number`},
		{"a count below zero", `{"numPerks":-1}`, "launch.numPerks must be at least 0, not -1"},
		{"a number that is none", `{"goal":"NaN"}`, "launch.goal must be a number"},
		{"a number without end", `{"goal":"1e999"}`, "launch.goal must be a number"},
		{"a category that is a number", `{"category":7}`, "launch.category must be a text, not 7"},
		{"a day that is none", `{"startDate":"13/45/17 99:00"}`, "launch.startDate must be a date such as"},
		{"a reward without an amount", `{"rewards":[{"title":"x"}]}`, "launch.rewards must be a list of amounts"},
		{"a long text for a number", `{"words":"` + strings.Repeat("x", 500) + `"}`, "…"},
		{"a broken object", `{"goal":1`, "launch is not JSON"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			p, err := Parse([]byte(c.in))
			if err == nil {
				t.Fatalf("read %+v", p)
			}
			if !strings.Contains(err.Error(), c.says) || len(err.Error()) > 200 {
				t.Errorf("says %q, not %q", err, c.says)
			}
		})
	}
}

// reading is a small model's.
func reading(t testing.TB) *Reading {
	t.Helper()
	r := &Reading{Features: Features, Spans: map[string][2]float64{}, Rates: map[string]float64{"USD": 1, "GBP": 1.25},
		MainCategories: []string{"games", "music"}, Categories: []Category{{"jazz", 2}, {"tabletopgames", 1}}}
	for _, name := range Fields {
		r.Spans[name] = [2]float64{0, 1e6}
	}
	if err := r.Check(); err != nil {
		t.Fatal(err)
	}
	return r
}

func TestCategoriesAreFoundByEitherName(t *testing.T) {
	t.Parallel()
	r := reading(t)
	for _, c := range []struct {
		category, main string
		want           [2]int64
	}{
		{"", "", [2]int64{}},
		{"Jazz", "Music", [2]int64{1, 2}},
		{"Jazz", "", [2]int64{1, 2}},
		{"Tabletop Games", "unheard of", [2]int64{2, 1}},
		{"music", "", [2]int64{0, 2}},
		{"unheard of", "Games", [2]int64{0, 1}},
	} {
		_, category, main := r.Vector(Plan{Category: c.category, MainCategory: c.main})
		if got := [2]int64{category, main}; got != c.want {
			t.Errorf("%q of %q: got %v, want %v", c.category, c.main, got, c.want)
		}
	}
}

func TestAmountsCountInDollarsAndAbsurdOnesAsTheSpansEnd(t *testing.T) {
	t.Parallel()
	r := reading(t)
	goal := func(currency string, amount float64) float64 {
		p := Plan{Currency: currency}
		p.State("goal", amount)
		x, _, _ := r.Vector(p)
		return float64(x[0])
	}
	if got := goal("GBP", 8000); got != 4 {
		t.Errorf("8,000 pounds at 1.25 are 10^%v dollars", got)
	}
	if got := goal("XYZ", 8000); !math.IsNaN(got) {
		t.Errorf("8,000 of an unknown currency are 10^%v dollars", got)
	}
	if got := goal("", 1e300); got != 6 {
		t.Errorf("an absurd goal counts as 10^%v", got)
	}
	if got := goal("", 0); got != 0 {
		t.Errorf("no goal at all counts as 10^%v", got)
	}
}

func TestWhatHappenedAfterLaunchChangesNoFeature(t *testing.T) {
	t.Parallel()
	const known = `{"goal":5000,"category":"Jazz","images":4`
	for _, later := range []string{`"created":9`, `"backed":90`, `"facebookFriends":5000`, `"pledged":99999`, `"backers":500`, `"success":1`, `"state":"successful"`, `"comments":7`, `"updates":3`} {
		before, err := Parse([]byte(known + `}`))
		if err != nil {
			t.Fatal(err)
		}
		after, err := Parse([]byte(known + `,` + later + `}`))
		if err != nil {
			t.Fatal(err)
		}
		if after.Ignored != 1 {
			t.Errorf("%s: %d keys were not read", later, after.Ignored)
		}
		after.Ignored = 0
		if !reflect.DeepEqual(before, after) {
			t.Errorf("%s changes the plan to %+v", later, after)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add(`{"goal":{"amount":"1e3","currency":"usd"},"rewards":[1,{"amount":2}],"start":"3/23/17 14:45","media":{"images":3}}`)
	f.Add(`{"rewards":{"rewards":{"count":1}},"team":{"team":{}},"goal":{"goal":{"goal":1}}}`)
	f.Add(`{"start":1e10,"duration":"  30 ","category":"\u0000"}`)
	f.Add(`null`)
	r := reading(f)
	f.Fuzz(func(t *testing.T, in string) {
		p, err := Parse([]byte(in))
		if err != nil {
			if len(err.Error()) > 1000 && len(in) < 900 {
				t.Fatalf("an error of %d bytes", len(err.Error()))
			}
			return
		}
		if !json.Valid([]byte(in)) {
			t.Fatalf("read what is not JSON: %q", in)
		}
		x, category, main := r.Vector(p)
		if len(x) != len(Features) || category < 0 || category > 2 || main < 0 || main > 2 {
			t.Fatalf("%d features, categories %d and %d", len(x), category, main)
		}
		for i, v := range x {
			if math.IsInf(float64(v), 0) {
				t.Fatalf("%s is %v", Features[i], v)
			}
		}
	})
}
