package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"globalbrain/internal/scoring"
)

// modelArgs name the shipped model and the library that `make build` puts into bin.
func modelArgs(t testing.TB) []string {
	t.Helper()
	root := filepath.Join("..", "..")
	models, library := os.Getenv("GLOBALBRAIN_MODELS"), os.Getenv("GLOBALBRAIN_ONNXRUNTIME")
	if models == "" {
		models = filepath.Join(root, "models")
	}
	if library == "" {
		library = filepath.Join(root, "bin", "lib", "libonnxruntime.so.1")
	}
	for _, path := range []string{filepath.Join(models, "ideas-minilm", "manifest.json"), library} {
		if _, err := os.Stat(path); err != nil {
			t.Fatalf("the model cannot run: %v; `make build` puts the library there, the model folder comes with the project", err)
		}
	}
	return []string{"-models", models, "-onnxruntime", library}
}

// scored is a line of the output as a reader would take it.
type scored struct {
	ID        any    `json:"id"`
	Line      int    `json:"line"`
	Error     string `json:"error"`
	Model     string `json:"model"`
	Success   *struct{ Probability, Low, High float64 }
	Criteria  map[string]struct{ Mean, Low, High float64 }
	Language  string    `json:"language"`
	Abstained *bool     `json:"abstained"`
	Reason    *string   `json:"reason"`
	Embedding []float64 `json:"embedding"`

	Launch *scoring.Launch `json:"launch"`
}

func scoreLines(t testing.TB, in io.Reader, args ...string) (code int, lines []scored, stderr string) {
	t.Helper()
	var out, complaints bytes.Buffer
	code = runScore(t.Context(), append(modelArgs(t), args...), in, &out, &complaints)
	for line := range strings.Lines(out.String()) {
		var one scored
		if err := json.Unmarshal([]byte(line), &one); err != nil {
			t.Fatalf("output line %q: %v", line, err)
		}
		lines = append(lines, one)
	}
	return code, lines, complaints.String()
}

const goodIdea = `"title":"Lamps that report themselves","problem":"Half of the street lamps in our quarter are broken, and people avoid walking home.","solution":"We fit forty lamps with sensors and publish every day which ones fail, so that the city repairs them.","team":"An electrician and a teacher."`

func TestScoreAnswersEveryLineInOrder(t *testing.T) {
	t.Parallel()
	in := strings.Join([]string{
		`{"id":"first",` + goodIdea + `,"goal":{"amount":1000,"currency":"EUR"},"launch":{"days":30}}`,
		`{"id":2,"title":"정원","solution":"빈터를 정원으로 바꿉니다."}`,
		``,
		`{"id":"broken","title":`,
		`not JSON`,
		`{"title":"no id"}`,
		`{"id":"wrong","title":7}`,
		`{"id":"empty"}`,
		`{"id":"long","solution":"` + strings.Repeat("We mend bicycles for the school. ", 40000) + `"}`,
		`{"id":"too long","solution":"` + strings.Repeat("x", maxLine) + `"}`,
		`{"id":"emoji",` + goodIdea + `,"language":"en","note":"🚲"}`,
		`{"id":"null","title":null,"problem":null}`,
		`{"id":"last","title":"Сад","problem":"Ми перетворюємо пустир на сад для всіх сусідів, і кожен може прийти та взяти грядку для своєї родини."}`,
	}, "\n")
	code, lines, stderr := scoreLines(t, strings.NewReader(in))
	if code != 1 || !strings.Contains(stderr, "5 of 12 lines") {
		t.Errorf("status %d, %q", code, stderr)
	}
	want := []struct {
		id     any
		bad    bool
		reason string
	}{
		{"first", false, ""}, {2.0, false, "language:ko"}, {"broken", true, ""}, {5.0, true, ""}, {6.0, true, ""}, {"wrong", true, ""},
		{"empty", false, "too_short"}, {"long", false, ""}, {"too long", true, ""}, {"emoji", false, ""}, {"null", false, "too_short"}, {"last", false, "language:uk"},
	}
	if len(lines) != len(want) {
		t.Fatalf("%d lines, want %d", len(lines), len(want))
	}
	for i, w := range want {
		got := lines[i]
		if got.ID != w.id || (got.Error != "") != w.bad {
			t.Errorf("line %d: got %+v, want id %v", i+1, got, w.id)
			continue
		}
		if w.bad {
			continue
		}
		if got.Reason == nil || *got.Reason != w.reason || *got.Abstained != (w.reason != "") || (got.Success == nil) != *got.Abstained || (got.Criteria == nil) != *got.Abstained {
			t.Errorf("line %d: got %+v, want reason %q", i+1, got, w.reason)
		}
	}
	if s := lines[0].Success; s == nil || !(0 <= s.Low && s.Low <= s.Probability && s.Probability <= s.High && s.High <= 1) {
		t.Errorf("success %+v", s)
	}
	if lines[0].Embedding != nil {
		t.Error("an embedding that nobody asked for")
	}
}

func TestScoreAnswersInSevenLanguagesAndAbstainsInOthers(t *testing.T) {
	t.Parallel()
	ideas := []struct{ id, language, model, text string }{
		{"en", "en", "ideas-minilm", "Half of the street lamps in our quarter are broken, and people avoid walking home. We fit forty lamps with sensors and publish every day which ones fail."},
		{"zh", "zh", "ideas-ngram", "我们社区一半的路灯坏了，人们晚上不敢走路回家。我们给四十盏灯装上传感器，每天公布哪些坏了。"},
		{"zh-Hant", "zh", "ideas-ngram", "我們社區一半的路燈壞了，人們晚上不敢走路回家。我們給四十盞燈裝上感測器，每天公布哪些壞了。"},
		{"es", "es", "ideas-ngram", "La mitad de las farolas de nuestro barrio están rotas y la gente evita volver a pie. Ponemos sensores en cuarenta farolas y publicamos cada día cuáles fallan."},
		{"fr", "fr", "ideas-ngram", "La moitié des lampadaires de notre quartier sont en panne et les gens évitent de rentrer à pied. Nous posons des capteurs et publions chaque jour ceux qui manquent."},
		{"ja", "ja", "ideas-ngram", "この地区の街灯の半分は壊れていて、人々は夜に歩いて帰るのを避けています。四十の街灯にセンサーをつけ、毎日公開します。"},
		{"pt", "pt", "ideas-ngram", "Metade dos candeeiros do nosso bairro está avariada e as pessoas evitam voltar a pé. Pomos sensores em quarenta candeeiros e publicamos todos os dias quais falham."},
		{"ru", "ru", "ideas-ngram", "Половина фонарей в нашем районе не горит, и люди боятся идти домой пешком. Мы ставим датчики на сорок фонарей и каждый день публикуем, какие не работают."},
		{"de", "de", "", "Die Hälfte der Laternen in unserem Viertel ist kaputt, und die Leute gehen nicht gern zu Fuß nach Hause. Wir rüsten vierzig Laternen mit Sensoren aus."},
		{"it", "it", "", "Metà dei lampioni del nostro quartiere è rotta e la gente evita di tornare a piedi. Mettiamo dei sensori su quaranta lampioni e pubblichiamo ogni giorno quali non funzionano."},
		{"uk", "uk", "", "Половина ліхтарів у нашому районі не горить, і люди бояться йти додому пішки. Ми ставимо датчики на сорок ліхтарів і щодня публікуємо, які не працюють."},
		{"ko", "ko", "", "우리 동네 가로등의 절반이 고장 나서 사람들이 밤에 걸어서 집에 가기를 꺼립니다. 가로등 마흔 개에 감지기를 달고 매일 공개합니다."},
		{"ar", "ar", "", "نصف مصابيح الشارع في حينا معطلة والناس يتجنبون العودة إلى البيت مشيا. نضع أجهزة استشعار على أربعين مصباحا وننشر كل يوم ما تعطل منها."},
		{"vi", "vi", "", "Một nửa số đèn đường trong khu phố của chúng tôi bị hỏng và mọi người tránh đi bộ về nhà. Chúng tôi gắn cảm biến và công bố mỗi ngày."},
	}
	var in strings.Builder
	for _, i := range ideas {
		_, _ = fmt.Fprintf(&in, "{\"id\":%q,\"title\":\"Lamps that report themselves\",\"solution\":%q}\n", i.id, i.text)
	}
	code, lines, stderr := scoreLines(t, strings.NewReader(in.String()), "-embedding")
	if code != 0 || len(lines) != len(ideas) {
		t.Fatalf("status %d, %d lines, %q", code, len(lines), stderr)
	}
	for i, want := range ideas {
		got := lines[i]
		if got.ID != want.id || got.Language != want.language {
			t.Errorf("%s: id %v, language %s", want.id, got.ID, got.Language)
		}
		if want.model == "" {
			if !*got.Abstained || *got.Reason != "language:"+want.language || got.Success != nil {
				t.Errorf("%s: %+v", want.id, got)
			}
			continue
		}
		if *got.Abstained || !strings.HasPrefix(got.Model, want.model) || got.Success == nil || len(got.Criteria) != 3 || (got.Embedding == nil) != (want.model == "ideas-ngram") {
			t.Errorf("%s: %+v", want.id, got)
		}
	}
	if chance := lines[1].Success.Probability; math.Abs(chance-lines[2].Success.Probability) > 0.05 {
		t.Errorf("simplified %g, traditional %g", chance, lines[2].Success.Probability)
	}
}

func TestScoreWritesFilesAndEmbeddings(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	in, out := filepath.Join(dir, "ideas.jsonl"), filepath.Join(dir, "scores.jsonl")
	if err := os.WriteFile(in, []byte("{\"id\":\"a\","+goodIdea+"}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if code, _, stderr := scoreLines(t, strings.NewReader(""), "--in", in, "--out", out, "--embedding"); code != 0 {
		t.Fatalf("status %d, %s", code, stderr)
	}
	content, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	var got scored
	if err := json.Unmarshal(content, &got); err != nil {
		t.Fatal(err)
	}
	length := 0.0
	for _, x := range got.Embedding {
		length += x * x
	}
	if math.Abs(length-1) > 1e-3 {
		t.Errorf("the embedding of %d numbers has the squared length %g", len(got.Embedding), length)
	}
	if code, _, stderr := scoreLines(t, nil, "--in", in, "--out", in); code != 1 || !strings.Contains(stderr, "both in and out") {
		t.Errorf("in and out are one file: status %d, %q", code, stderr)
	}
}

// Whoever writes one idea and waits is answered without closing the pipe.
func TestScoreAnswersAPipeAtOnce(t *testing.T) {
	t.Parallel()
	ideas, feed := io.Pipe()
	answers, out := io.Pipe()
	done := make(chan int, 1)
	args := modelArgs(t)
	go func() {
		done <- runScore(t.Context(), args, ideas, out, io.Discard)
		_ = ideas.Close() // so that a command that fails blocks nobody here
		_ = out.Close()
	}()
	reply := json.NewDecoder(answers)
	for i := range 3 {
		if _, err := fmt.Fprintf(feed, "{\"id\":%d,%s}\n", i, goodIdea); err != nil {
			t.Fatal(err)
		}
		var got scored
		if err := reply.Decode(&got); err != nil || got.ID != float64(i) {
			t.Fatalf("%+v, %v", got, err)
		}
	}
	_ = feed.Close()
	if code := <-done; code != 0 {
		t.Errorf("status %d", code)
	}
}

func TestScoreStopsWhenItIsInterruptedAtAPipe(t *testing.T) {
	t.Parallel()
	ctx, interrupt := context.WithCancel(t.Context())
	ideas, feed := io.Pipe()
	defer func() { _ = feed.Close() }()
	done := make(chan int, 1)
	args := modelArgs(t)
	go func() {
		done <- runScore(ctx, args, ideas, io.Discard, io.Discard)
		_ = ideas.Close()
	}()
	if _, err := fmt.Fprintln(feed, "{}"); err != nil { // now it reads
		t.Fatal(err)
	}
	interrupt()
	select {
	case code := <-done:
		if code != 1 {
			t.Errorf("status %d", code)
		}
	case <-time.After(time.Minute):
		t.Error("it still waits for the pipe")
	}
}

func TestScoreKeepsTheOrderOfManyIdeas(t *testing.T) {
	t.Parallel()
	var in strings.Builder
	for i := range 2*windowIdeas + 7 {
		switch i % 50 {
		case 3:
			fmt.Fprintf(&in, "{\"id\":%d,%s}\n", i, goodIdea)
		case 17:
			fmt.Fprintf(&in, "{\"id\":%d,\n", i)
		default:
			fmt.Fprintf(&in, "{\"id\":%d,\"title\":\"short\"}\n", i)
		}
	}
	code, lines, _ := scoreLines(t, strings.NewReader(in.String()))
	if code != 1 {
		t.Errorf("status %d", code)
	}
	for i, line := range lines {
		if line.ID != float64(i) || (line.Error != "") != (i%50 == 17) {
			t.Fatalf("line %d: %+v", i+1, line)
		}
	}
	if len(lines) != 2*windowIdeas+7 {
		t.Errorf("%d lines", len(lines))
	}
}

func TestScoreSaysWhatIsMissing(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		args []string
		code int
		says string
	}{
		{"no such input", []string{"-in", filepath.Join(t.TempDir(), "none")}, 1, "none"},
		{"no such model", []string{"-model", "none"}, 1, "load model none"},
		{"no such library", []string{"-onnxruntime", "/none"}, 1, "ONNX Runtime"},
		{"no GPU", []string{"-device", "cuda"}, 1, "cuda was asked for"},
		{"a word too many", []string{"ideas.jsonl"}, 2, "unexpected"},
		{"an unknown flag", []string{"-x"}, 2, "-x"},
	} {
		code, _, stderr := scoreLines(t, strings.NewReader(""), c.args...)
		if code != c.code || !strings.Contains(stderr, c.says) {
			t.Errorf("%s: status %d, %q", c.name, code, stderr)
		}
	}
}
