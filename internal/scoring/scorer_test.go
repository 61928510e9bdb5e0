package scoring

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"globalbrain/internal/errs"
)

// draft is long enough to be scored.
var draft = Text{
	Title:    "Repair bicycles for every school",
	Problem:  "Children in our district walk an hour to school, and old bicycles rust in cellars because nobody mends them.",
	Solution: "We collect old bicycles, mend them with apprentices and lend them to pupils for a small deposit. Every bicycle gets a number, and its repairs are published each month.",
	Team:     "Two mechanics and a teacher who has run the school workshop for nine years.",
}

func TestScoresAreThoseOfTheReference(t *testing.T) {
	t.Parallel()
	s := scorer(t)
	const near = 1e-4
	for i, g := range golden[goldenScore](t, "golden_scores.jsonl") {
		got, err := s.Score(t.Context(), g.Idea.text())
		if err != nil {
			t.Fatal(err)
		}
		if got.Model != s.Manifest().Title() {
			continue // in this language another model answers
		}
		if got.Abstained {
			// The reference runs the graph on every idea; here it must have a reason.
			if got.Reason == "" || got.Success != (Chance{}) {
				t.Errorf("line %d: abstained with %+v", i+1, got)
			}
			continue
		}
		if math.Abs(got.Success.Probability-g.Output.Probability) > near {
			t.Errorf("line %d: probability %g, want %g", i+1, got.Success.Probability, g.Output.Probability)
		}
		m := s.Manifest()
		for name, c := range map[string]struct {
			got  Rating
			raw  float64
			line Line
		}{
			"impact":       {got.Criteria.Impact, g.Output.Impact, m.Calibration.Impact},
			"feasibility":  {got.Criteria.Feasibility, g.Output.Feasibility, m.Calibration.Feasibility},
			"auditability": {got.Criteria.Auditability, g.Output.Auditability, m.Calibration.Auditability},
		} {
			want := min(max(c.line.Slope*c.raw+c.line.Intercept, 1), 5)
			if math.Abs(c.got.Mean-want) > near {
				t.Errorf("line %d: %s %g, want %g", i+1, name, c.got.Mean, want)
			}
		}
	}
}

func TestAScoreIsWithinItsIntervalsAndSaysWhoGaveIt(t *testing.T) {
	t.Parallel()
	s := scorer(t)
	got, err := s.Score(t.Context(), draft)
	if err != nil || got.Abstained {
		t.Fatalf("%+v, %v", got, err)
	}
	if c := got.Success; !(0 <= c.Low && c.Low <= c.Probability && c.Probability <= c.High && c.High <= 1) {
		t.Errorf("success %+v", c)
	}
	for _, r := range []Rating{got.Criteria.Impact, got.Criteria.Feasibility, got.Criteria.Auditability} {
		if !(1 <= r.Low && r.Low <= r.Mean && r.Mean <= r.High && r.High <= 5) {
			t.Errorf("rating %+v", r)
		}
	}
	m := s.Manifest()
	if got.Model != m.Name+" "+m.Version || got.ModelHash != m.Hash() || got.Language != "en" {
		t.Errorf("model %q, hash %q, language %q", got.Model, got.ModelHash, got.Language)
	}
	length := 0.0
	for _, x := range got.Embedding {
		length += float64(x) * float64(x)
	}
	if math.Abs(length-1) > 1e-4 {
		t.Errorf("the embedding's squared length is %g", length)
	}
}

func TestWhenTheModelAbstains(t *testing.T) {
	t.Parallel()
	s := scorer(t)
	long := func(sentence string) string { return strings.Repeat(sentence+" ", 8) }
	for _, c := range []struct {
		name, language, reason string
		text                   Text
	}{
		{"nothing is written", "und", ReasonTooShort, Text{}},
		{"a title alone", "und", ReasonTooShort, Text{Title: "Zero waste"}},
		{"a short text whose language is stated", "en", ReasonTooShort, Text{Title: "Zero waste", Language: "en-GB"}},
		{"emoji only", "und", ReasonTooShort, Text{Problem: "🚀🚀🚀 ☕️"}},
		{"Korean", "ko", "language:ko", Text{Title: "마을 정원", Solution: "빈터를 모두의 정원으로 바꿉니다."}},
		{"Arabic, from right to left", "ar", "language:ar", Text{Solution: "نحول الأرض الفارغة إلى حديقة للجميع"}},
		{"Ukrainian", "uk", "language:uk", Text{Solution: long("Ми перетворюємо пустир на сад для всіх сусідів.")}},
		{"Italian", "it", "language:it", Text{Solution: long("Trasformiamo i terreni vuoti in orti per tutti i vicini del quartiere.")}},
		{"German, stated", "de", "language:de", Text{Solution: long("Wir verwandeln Brachen in Gärten."), Language: "de"}},
		{"Korean that is said to be English", "ko", "language:ko", Text{Solution: long("빈터를 모두의 정원으로 바꿉니다."), Language: "en"}},
		{"a language nobody knows", "tlh", "language:tlh", Text{Solution: long("nuqneH"), Language: "tlh"}},
	} {
		got, err := s.Score(t.Context(), c.text)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if !got.Abstained || got.Reason != c.reason || got.Language != c.language || got.Success != (Chance{}) || got.Criteria != nil {
			t.Errorf("%s: got %+v, want reason %q and language %q", c.name, got, c.reason, c.language)
		}
	}
}

func TestTextsOfAnySizeAreAnswered(t *testing.T) {
	t.Parallel()
	s := scorer(t)
	for name, part := range map[string]string{
		"words": "the people of our town will mend old things together. ", "one word": "x", "tags": "<b", "open brackets": "[",
		"emoji": "👩‍👩‍👧", "marks": "e\u0301\u0323", "not UTF-8": "\xff\xfe", "references": "&#x41;", "addresses": "http://a ",
	} {
		text := draft
		text.Solution = strings.Repeat(part, 1<<20/len(part))
		if got, err := s.Score(t.Context(), text); err != nil {
			t.Errorf("1 MiB of %s: %+v, %v", name, got, err)
		}
	}
}

func TestScoreAllKeepsTheOrderAndAgreesWithScore(t *testing.T) {
	t.Parallel()
	s := scorer(t)
	var texts []Text
	for i := range 40 {
		text := draft
		text.Title = fmt.Sprintf("Idea number %d of our town", i)
		text.Solution = strings.Repeat(draft.Solution+" ", i%4)
		if i%10 == 7 {
			text = Text{Title: "short"}
		}
		texts = append(texts, text)
	}
	all, err := s.ScoreAll(t.Context(), texts)
	if err != nil {
		t.Fatal(err)
	}
	for i, text := range texts {
		one, err := s.Score(t.Context(), text)
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(all[i], one) {
			t.Errorf("idea %d: %+v in bulk, %+v alone", i, all[i], one)
		}
	}
}

func TestManyCallersAtOnce(t *testing.T) {
	t.Parallel()
	s := scorer(t)
	want, err := s.Score(t.Context(), draft)
	if err != nil {
		t.Fatal(err)
	}
	var callers sync.WaitGroup
	for range 32 {
		callers.Go(func() {
			got, err := s.Score(t.Context(), draft)
			if err != nil || !reflect.DeepEqual(got, want) {
				t.Errorf("%+v, %v", got.Success, err)
			}
		})
	}
	callers.Wait()
}

// idle returns a scorer that answers nobody until start is called.
func idle(t *testing.T, o Options) *Scorer {
	t.Helper()
	s, err := load(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// queued waits until so many rows wait.
func queued(t *testing.T, s *Scorer, rows int) {
	t.Helper()
	for waiting := -1; waiting < rows; waiting, _ = s.queue.length() {
		if t.Context().Err() != nil {
			t.FailNow()
		}
		time.Sleep(time.Millisecond)
	}
}

func TestAFullQueueRefusesAndSaysWhenToComeBack(t *testing.T) {
	t.Parallel()
	o := options(t)
	o.Queue = 1
	registry := prometheus.NewRegistry()
	o.Metrics = registry
	s := idle(t, o)
	first := make(chan error)
	go func() {
		_, err := s.Score(t.Context(), draft)
		first <- err
	}()
	queued(t, s, 1)
	_, err := s.Score(t.Context(), draft)
	refusal, ok := errors.AsType[*errs.Error](err)
	if !ok || refusal.Kind != errs.Unavailable || refusal.RetryAfter < time.Second {
		t.Errorf("got %v; want a refusal that says when to come back", err)
	}
	if n := metric(t, registry, "refused_total", ""); n != 1 {
		t.Errorf("refused_total: %g", n)
	}
	s.start()
	if err := <-first; err != nil {
		t.Error(err)
	}
	// Whoever limits itself is not refused.
	if _, err := s.ScoreAll(t.Context(), []Text{draft, draft, draft, draft}); err != nil {
		t.Error(err)
	}
}

func TestACallerWhoLeavesIsDropped(t *testing.T) {
	t.Parallel()
	o := options(t)
	registry := prometheus.NewRegistry()
	o.Metrics = registry
	s := idle(t, o)
	ctx, leave := context.WithCancel(t.Context())
	gone := make(chan error, 1)
	go func() {
		_, err := s.Score(ctx, draft)
		gone <- err
	}()
	queued(t, s, 1)
	leave()
	if err := <-gone; !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want %v", err, context.Canceled)
	}
	s.start()
	if _, err := s.Score(t.Context(), draft); err != nil {
		t.Errorf("who comes after: %v", err)
	}
	if n := metric(t, registry, "left_total", ""); n != 1 {
		t.Errorf("left_total: %g", n)
	}
}

func TestCloseAnswersThoseWhoWait(t *testing.T) {
	t.Parallel()
	s := idle(t, options(t))
	answered := make(chan error, 8)
	for range cap(answered) {
		go func() {
			_, err := s.Score(t.Context(), draft)
			answered <- err
		}()
	}
	queued(t, s, cap(answered))
	closed := make(chan error)
	go func() { closed <- s.Close() }()
	s.start()
	if err := <-closed; err != nil {
		t.Error(err)
	}
	for range cap(answered) {
		if err := <-answered; err != nil {
			t.Error(err)
		}
	}
	if _, err := s.Score(t.Context(), draft); !errs.Is(err, errs.Unavailable) {
		t.Errorf("after Close: %v", err)
	}
	if err := s.Close(); err != nil {
		t.Errorf("the second Close: %v", err)
	}
}

func TestSwapWhilePeopleAsk(t *testing.T) {
	t.Parallel()
	s := open(t, options(t))
	stop := make(chan struct{})
	var callers sync.WaitGroup
	for range 4 {
		callers.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				if _, err := s.Score(t.Context(), draft); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	prepared, err := s.Prepare(t.Context(), []Text{draft})
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if err := s.Swap(shipped(t)); err != nil {
			t.Error(err)
		}
	}
	if got, err := s.ScorePrepared(t.Context(), prepared); err != nil || got[0].Abstained {
		t.Errorf("prepared before the swap: %+v, %v", got, err)
	}
	close(stop)
	callers.Wait()
	if err := s.Swap(t.TempDir()); err == nil {
		t.Error("swapped to an empty folder")
	}
	if _, err := s.Score(t.Context(), draft); err != nil {
		t.Errorf("after a swap that failed: %v", err)
	}
}

func TestWhatIsMissingIsSaid(t *testing.T) {
	t.Parallel()
	good := options(t)
	other := filepath.Join(t.TempDir(), "other")
	if err := os.CopyFS(other, os.DirFS(shipped(t))); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(other, vocabularyName), []byte("changed"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		o    Options
		says string
	}{
		{"no such model", Options{Models: good.Models, Model: "none", Library: good.Library}, manifestName},
		{"a file that was changed", Options{Models: filepath.Dir(other), Model: "other", Library: good.Library}, "sha256"},
		{"a device this library has not", Options{Models: good.Models, Library: good.Library, Device: CUDA}, "cuda was asked for"},
		{"a device nobody has", Options{Models: good.Models, Library: good.Library, Device: "abacus"}, "abacus"},
		{"a model's name that leaves the folder", Options{Models: good.Models, Model: "../x", Library: good.Library}, "../x"},
	} {
		s, err := Open(c.o)
		if err == nil {
			_ = s.Close()
		}
		if err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: got %v, want it to say %q", c.name, err, c.says)
		}
	}
}

func TestMetricsTellWhatHappened(t *testing.T) {
	t.Parallel()
	o := options(t)
	registry := prometheus.NewRegistry()
	o.Metrics = registry
	s := open(t, o)
	for _, text := range []Text{draft, {Title: "short"}, {Solution: "빈터를 모두의 정원으로 바꿉니다."}} {
		if _, err := s.Score(t.Context(), text); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		name, label string
		least       float64
	}{
		{"ideas_total", "", 3},
		{"abstained_total", "language", 1},
		{"abstained_total", "too_short", 1},
		{"tokens_total", "", 50},
	} {
		if got := metric(t, registry, c.name, c.label); got < c.least {
			t.Errorf("%s %s: %g, want at least %g", c.name, c.label, got, c.least)
		}
	}
}

// metric returns a counter's value; label is its only label's, or "".
func metric(t *testing.T, registry *prometheus.Registry, name, label string) float64 {
	t.Helper()
	families, err := registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range families {
		for _, m := range f.GetMetric() {
			if f.GetName() == "globalbrain_scoring_"+name && (label == "" || m.GetLabel()[0].GetValue() == label) {
				return m.GetCounter().GetValue()
			}
		}
	}
	t.Fatalf("no metric %s %s", name, label)
	return 0
}
