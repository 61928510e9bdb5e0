package scoring

import (
	"cmp"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus"

	"globalbrain/internal/scoring/subword"
)

// drafts are long enough to be scored, by language; those that the shipped
// models answer in, and German.
var drafts = map[string]Text{
	"en": draft,
	"zh": {Title: "社区自行车图书馆", Problem: "旧自行车在地下室里生锈，孩子们每天要走一个小时去上学。", Solution: "我们收集旧自行车，和学徒一起修好。只收少量押金借给学生，每月公布维修记录。", Team: "两位修车师傅和一位管理学校车间九年的老师。"},
	"ja": {Title: "Bicycle library", Problem: "古い自転車は地下室で錆び、子どもたちは毎日一時間歩いて通学しています。", Solution: "古い自転車を集め、見習いと一緒に直します。少しの保証金で生徒に貸し、修理の記録は毎月公開します。"},
	"es": {Title: "Bicycle library", Problem: "Las bicicletas viejas se oxidan en los sótanos y los niños caminan una hora hasta la escuela.", Solution: "Recogemos bicicletas y las prestamos por una pequeña fianza. Cada mes publicamos las reparaciones."},
	"fr": {Problem: "Les vieux vélos rouillent dans les caves et les enfants marchent une heure jusqu'à l'école.", Solution: "Nous ramassons les vélos et les prêtons contre une petite caution. Chaque réparation est publiée."},
	"pt": {Problem: "As bicicletas velhas enferrujam nas caves e as crianças andam uma hora até à escola.", Solution: "Recolhemos bicicletas e emprestamo-las por uma pequena caução. Publicamos as reparações todos os meses."},
	"ru": {Problem: "Старые велосипеды ржавеют в подвалах, а дети каждый день идут в школу целый час.", Solution: "Мы собираем велосипеды и чиним их вместе с учениками. Каждый месяц публикуем отчёт о том, что починили."},
	"de": {Problem: "Alte Fahrräder rosten in Kellern, und die Kinder gehen eine Stunde zur Schule.", Solution: "Wir sammeln Fahrräder und leihen sie gegen ein kleines Pfand. Jeden Monat veröffentlichen wir die Reparaturen."},
}

// shippedFallback returns the folder of the model for other languages.
func shippedFallback(t testing.TB) string {
	t.Helper()
	folder := filepath.Join(models, DefaultFallback)
	if _, err := os.Stat(filepath.Join(folder, manifestName)); err != nil {
		t.Fatalf("the shipped model for other languages is missing (%v): `make train DATA=...` builds it", err)
	}
	return folder
}

func TestATableThatNobodyMeasuredSaysSo(t *testing.T) {
	t.Parallel()
	f, err := readFallback(shippedFallback(t))
	if err != nil {
		t.Fatal(err)
	}
	fields := drafts["zh"].cleaned()
	if s := f.score(fields, "zh", true); s.Abstained || s.Uncalibrated {
		t.Errorf("the shipped one: %+v", s)
	}
	f.manifest.Conformal.Level = 0
	if s := f.score(fields, "zh", true); s.Abstained || !s.Uncalibrated || s.Success.High != 1 {
		t.Errorf("without a level: %+v", s)
	}
}

func TestTheLanguageDecidesWhoAnswers(t *testing.T) {
	t.Parallel()
	f, err := readFallback(shippedFallback(t))
	if err != nil {
		t.Fatal(err)
	}
	s := scorer(t)
	own := s.Manifest()
	short := func(text Text) Text { return Text{Solution: text.Solution[:24]} } // a whole number of characters in each of them
	for _, c := range []struct {
		name     string
		text     Text
		model    string
		language string
		reason   string
	}{
		{"English", drafts["en"], own.Title(), "en", ""},
		{"Chinese", drafts["zh"], f.manifest.Title(), "zh", ""},
		{"Japanese under an English title", drafts["ja"], f.manifest.Title(), "ja", ""},
		{"Spanish under an English title", drafts["es"], f.manifest.Title(), "es", ""},
		{"French", drafts["fr"], f.manifest.Title(), "fr", ""},
		{"Portuguese", drafts["pt"], f.manifest.Title(), "pt", ""},
		{"Russian", drafts["ru"], f.manifest.Title(), "ru", ""},
		{"Chinese that is said to be English", stated(drafts["zh"], "en"), f.manifest.Title(), "zh", ""},
		{"Portuguese of Brazil, stated", stated(drafts["pt"], "pt-BR"), f.manifest.Title(), "pt", ""},
		{"German", drafts["de"], own.Title(), "de", "language:de"},
		{"a short Chinese text", short(drafts["zh"]), f.manifest.Title(), "zh", ReasonTooShort},
		{"a short Russian text", Text{Title: "Сад для всех"}, own.Title(), "und", ReasonTooShort},
		{"a short French text, stated", Text{Title: "Un jardin", Language: "fr"}, f.manifest.Title(), "fr", ReasonTooShort},
	} {
		got, err := s.Score(t.Context(), c.text)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if got.Language != c.language || got.Reason != c.reason || got.Abstained != (c.reason != "") {
			t.Errorf("%s: language %s, reason %q; want %s, %q", c.name, got.Language, got.Reason, c.language, c.reason)
		}
		if got.Model != c.model && c.reason != ReasonTooShort { // who keeps silent on a few words is all the same
			t.Errorf("%s: answered by %s, want %s", c.name, got.Model, c.model)
		}
	}
}

func stated(t Text, language string) Text {
	t.Language = language
	return t
}

func TestAFallbackScoreHasEveryFieldButAnEmbedding(t *testing.T) {
	t.Parallel()
	f, err := readFallback(shippedFallback(t))
	if err != nil {
		t.Fatal(err)
	}
	for _, code := range f.manifest.Languages {
		got, err := scorer(t).Score(t.Context(), drafts[code])
		if err != nil || got.Abstained {
			t.Errorf("%s: %+v, %v", code, got, err)
			continue
		}
		if c := got.Success; !(0 < c.Low && c.Low < c.Probability && c.Probability < c.High && c.High < 1) {
			t.Errorf("%s: success %+v", code, c)
		}
		for _, r := range []Rating{got.Criteria.Impact, got.Criteria.Feasibility, got.Criteria.Auditability} {
			if !(1 <= r.Low && r.Low <= r.Mean && r.Mean <= r.High && r.High <= 5 && r.Low < r.High) {
				t.Errorf("%s: rating %+v", code, r)
			}
		}
		if got.ModelHash != f.manifest.Hash() || got.Embedding != nil || got.Tokens == 0 {
			t.Errorf("%s: hash %s, %d numbers of embedding, %d tokens", code, got.ModelHash, len(got.Embedding), got.Tokens)
		}
	}
}

func TestTheFallbackAnswersAsTheLabRecorded(t *testing.T) {
	t.Parallel()
	checks := map[string]string{}
	m, err := Verify(shippedFallback(t), "no library is needed", func(c Check) { checks[c.Name] = c.Detail })
	if err != nil || m.Kind != kindNgram {
		t.Fatal(err)
	}
	if lines, _, _ := strings.Cut(checks[goldenScores], " "); lines != "17" {
		t.Errorf("checked %v; there are 17 golden ideas", checks)
	}
}

func TestAGoldenIdeaThatComesOutOtherwiseIsFound(t *testing.T) {
	t.Parallel()
	f, err := readFallback(shippedFallback(t))
	if err != nil {
		t.Fatal(err)
	}
	line := scoreLine{Out: map[string]float64{"impact": 3}}
	line.Idea.Solution = drafts["ru"].Solution
	if err := f.checkScore(line); err == nil || !strings.Contains(err.Error(), "recorded is 0") {
		t.Errorf("a wrong length: %v", err)
	}
	line.Units = f.table.Units(line.Idea.Solution)
	if err := f.checkScore(line); err == nil || !strings.Contains(err.Error(), "impact") {
		t.Errorf("a wrong rating: %v", err)
	}
}

func TestTheServedModelAnswersInEveryLanguageThatItKnows(t *testing.T) {
	t.Parallel()
	s := open(t, Options{Models: knowing(t, "en", "zh"), Library: library(t)})
	for language, model := range map[string]string{"en": DefaultModel, "zh": DefaultModel, "ru": DefaultFallback} {
		got, err := s.Score(t.Context(), drafts[language])
		if err != nil || got.Abstained && got.Reason != ReasonUncertain || !strings.HasPrefix(got.Model, model) {
			t.Errorf("%s: %+v, %v; want %s to answer", language, got, err, model)
		}
	}
	var languages [][]string
	for _, r := range s.Routes() {
		languages = append(languages, r.Languages)
	}
	if len(languages) != 2 || !slices.Equal(languages[0], []string{"en", "zh"}) || slices.Contains(languages[1], "zh") || !slices.Contains(languages[1], "ru") {
		t.Errorf("routes %v", languages)
	}
}

// knowing returns a folder of the shipped models, of which the main one says that
// it knows other languages.
func knowing(t *testing.T, languages ...string) string {
	t.Helper()
	folder := t.TempDir()
	for _, name := range []string{DefaultModel, DefaultFallback} {
		from, err := filepath.Abs(filepath.Join(models, name))
		if err != nil {
			t.Fatal(err)
		}
		entries, err := os.ReadDir(from)
		if err == nil {
			err = os.Mkdir(filepath.Join(folder, name), 0o700)
		}
		for _, e := range entries {
			err = cmp.Or(err, os.Symlink(filepath.Join(from, e.Name()), filepath.Join(folder, name, e.Name())))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	path := filepath.Join(folder, DefaultModel, manifestName)
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var m map[string]any
	if err := json.Unmarshal(content, &m); err != nil {
		t.Fatal(err)
	}
	m["languages"] = languages
	if content, err = json.Marshal(m); err != nil {
		t.Fatal(err)
	}
	if err := cmp.Or(os.Remove(path), os.WriteFile(path, content, 0o600)); err != nil {
		t.Fatal(err)
	}
	return folder
}

func TestWithoutAFallbackOtherLanguagesAreAbstainedFrom(t *testing.T) {
	t.Parallel()
	alone := t.TempDir()
	if err := os.Symlink(absolute(t, shipped(t)), filepath.Join(alone, DefaultModel)); err != nil {
		t.Fatal(err)
	}
	for name, o := range map[string]Options{
		"none is there":     {Models: alone, Library: library(t)},
		"none is asked for": {Models: models, Library: library(t), Fallback: NoFallback},
	} {
		s := open(t, o)
		got, err := s.Score(t.Context(), drafts["zh"])
		if err != nil || got.Reason != "language:zh" || !strings.HasPrefix(got.Model, DefaultModel) {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
		if routes := s.Routes(); len(routes) != 1 {
			t.Errorf("%s: %d routes", name, len(routes))
		}
	}
}

func absolute(t *testing.T, path string) string {
	t.Helper()
	path, err := filepath.Abs(path)
	if err != nil {
		t.Fatal(err)
	}
	return path
}

func TestAFallbackThatCannotAnswerIsRefused(t *testing.T) {
	t.Parallel()
	changed := t.TempDir()
	if err := os.CopyFS(filepath.Join(changed, "changed"), os.DirFS(shippedFallback(t))); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(changed, "changed", tableName), []byte("GBNGRAM1"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		o    Options
		says string
	}{
		{"one that is named and not there", Options{Models: models, Fallback: "none"}, "none"},
		{"a table that was changed", Options{Models: changed, Fallback: "changed"}, "sha256"},
		{"a graph", Options{Models: models, Fallback: DefaultModel}, "has a graph"},
	} {
		if _, err := loadFallback(c.o); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: got %v, want it to say %q", c.name, err, c.says)
		}
	}
	if _, err := loadVersion(shippedFallback(t), CPU); err == nil || !strings.Contains(err.Error(), "cannot be served by itself") {
		t.Errorf("a table in a graph's place: %v", err)
	}
}

func TestTheCoachFindsPassagesInEveryServedLanguage(t *testing.T) {
	t.Parallel()
	s := scorer(t)
	for _, code := range []string{"zh", "ja", "es", "fr", "pt", "ru"} {
		text := drafts[code]
		advice, err := s.Coach(t.Context(), text)
		if err != nil || advice.Score.Abstained || len(advice.Passages) < 3 {
			t.Errorf("%s: %+v, %v", code, advice, err)
			continue
		}
		for i, p := range advice.Passages {
			if field := text.field(slices.Index(Fields, p.Field)); field[p.Start:p.End] != p.Text || p.Text == "" {
				t.Errorf("%s: passage %d says %q and marks %q", code, i, p.Text, field[p.Start:p.End])
			}
			if i > 0 && p.Success > advice.Passages[i-1].Success {
				t.Errorf("%s: passage %d helps more than the one before it", code, i)
			}
		}
		if !slices.ContainsFunc(advice.Passages, func(p Passage) bool { return p.Success != 0 && p.Rating != 0 }) {
			t.Errorf("%s: no passage has any effect", code)
		}
	}
}

func TestTheCoachOfALongChineseDraftReadsItsBeginning(t *testing.T) {
	t.Parallel()
	long := drafts["zh"]
	long.Solution = strings.Repeat("我们把空地变成花园。", 10_000)
	advice, err := scorer(t).Coach(t.Context(), long)
	if err != nil || len(advice.Passages) == 0 || len(advice.Passages) > maxPassages {
		t.Errorf("%d passages, %v", len(advice.Passages), err)
	}
}

func TestManyLanguagesAtOnceKeepTheirOrder(t *testing.T) {
	t.Parallel()
	s := scorer(t)
	var texts []Text
	for range 3 {
		for _, code := range []string{"zh", "en", "de", "ru", "en", "ja", "es"} {
			texts = append(texts, drafts[code])
		}
	}
	all, err := s.ScoreAll(t.Context(), texts)
	if err != nil {
		t.Fatal(err)
	}
	for i, text := range texts {
		if one, err := s.Score(t.Context(), text); err != nil || !reflect.DeepEqual(all[i], one) {
			t.Errorf("idea %d: %+v in bulk, %+v alone, %v", i, all[i], one, err)
		}
	}
}

func TestASwapKeepsTheFallbackAndMetricsNameWhoAnswered(t *testing.T) {
	t.Parallel()
	o := options(t)
	registry := prometheus.NewRegistry()
	o.Metrics = registry
	s := open(t, o)
	for range 2 {
		for _, code := range []string{"zh", "en"} {
			if got, err := s.Score(t.Context(), drafts[code]); err != nil || got.Abstained {
				t.Errorf("%s: %+v, %v", code, got, err)
			}
		}
		if err := s.Swap(shipped(t)); err != nil {
			t.Fatal(err)
		}
	}
	for _, r := range s.Routes() {
		if n := metric(t, registry, "answered_total", r.Manifest.Title()); n != 2 {
			t.Errorf("%s answered %g times, want 2", r.Manifest.Title(), n)
		}
	}
}

func TestTheFallbackNeedsNoTokenizer(t *testing.T) {
	t.Parallel()
	f, err := readFallback(shippedFallback(t))
	if err != nil {
		t.Fatal(err)
	}
	v := &version{manifest: &Manifest{Languages: []string{"en"}}, tokenizer: subword.Tokenizer(nil), fallback: f}
	if p := v.prepare(drafts["ru"]); p.score.Abstained || p.ids != nil {
		t.Errorf("%+v", p.score)
	}
}
