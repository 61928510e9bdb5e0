package text_test

import (
	"os"
	"testing"
	"testing/fstest"
	"time"

	"globalbrain/internal/text"
)

func catalog(t *testing.T) *text.Catalog {
	t.Helper()
	c, err := text.Load(os.DirFS("../../web/locales"))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestTheBestLanguageIsChosen(t *testing.T) {
	t.Parallel()
	c := catalog(t)
	tests := []struct {
		name   string
		wishes []string
		want   string
	}{
		{"no wish is the reference", nil, "en"},
		{"an exact tag", []string{"zh-CN"}, "zh-CN"},
		{"plain Chinese", []string{"zh"}, "zh-CN"},
		{"Singapore's Chinese", []string{"zh-SG"}, "zh-CN"},
		{"a browser's header", []string{"fr;q=0.9, zh-Hans;q=0.8, en;q=0.2"}, "zh-CN"},
		{"the first wish wins", []string{"en", "zh-CN"}, "en"},
		{"nonsense is passed over", []string{"!!", "zh-CN"}, "zh-CN"},
		{"a language that we do not speak", []string{"sw"}, "en"},
	}
	for _, tt := range tests {
		if got := c.Match(tt.wishes...).Tag(); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
	}
}

func TestNumbersAndTimesFollowTheLanguage(t *testing.T) {
	t.Parallel()
	c := catalog(t)
	en, zh := c.In("en"), c.In("zh-CN")
	day := time.Date(2026, time.August, 3, 14, 5, 0, 0, time.UTC)
	tests := []struct{ got, want string }{
		{en.Number(3.456, 1), "3.5"},
		{en.Percent(0.42), "42%"},
		{en.Date(day), "3 August 2026"},
		{zh.Date(day), "2026年8月3日"},
		{en.Time(day), "3 August 2026, 14:05 UTC"},
		{en.Ago(day, day.Add(time.Hour)), "1 hour ago"},
		{en.Ago(day, day.Add(50*time.Hour)), "2 days ago"},
		{en.Ago(day, day.Add(-50*time.Minute)), "in 50 minutes"},
		{en.Ago(day, day.Add(5*time.Second)), "just now"},
		{zh.Ago(day, day.Add(50*time.Hour)), "2天前"},
		{en.Ago(day, day.AddDate(1, 0, 0)), "3 August 2026"},
		{en.T("no.such.key"), "[no.such.key]"},
	}
	for _, tt := range tests {
		if tt.got != tt.want {
			t.Errorf("got %q, want %q", tt.got, tt.want)
		}
	}
}

func TestAKeyInTwoFilesIsRefused(t *testing.T) {
	t.Parallel()
	_, err := text.Load(fstest.MapFS{
		"en/a.json": {Data: []byte(`{"k":"1"}`)},
		"en/b.json": {Data: []byte(`{"k":"2"}`)},
	})
	if err == nil {
		t.Error("the second sentence replaced the first in silence")
	}
}

func TestALocaleThatIsNotJSONIsRefused(t *testing.T) {
	t.Parallel()
	if _, err := text.Load(fstest.MapFS{"en/a.json": {Data: []byte(`{"k":1}`)}}); err == nil {
		t.Error("a number passed as a sentence")
	}
	if _, err := text.Load(fstest.MapFS{"fr/a.json": {Data: []byte(`{"k":"v"}`)}}); err == nil {
		t.Error("a catalogue without the reference language was taken")
	}
}
