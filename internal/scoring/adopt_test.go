package scoring

import (
	"bytes"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// huggingFace holds tiny random models that Transformers saved, each with what
// PyTorch makes of ideas; see models/lab/ideaslab/golden_folders.py.
var huggingFace = filepath.Join("testdata", "huggingface")

// adoptions are what must be said of each of them.
var adoptions = map[string]Adoption{
	"bert-classifier": {Languages: []string{"en", "fr-CA", "en-GB", "zh"}, MaxTokens: 64},
	"xlmr-scorer":     {MaxTokens: 64},
	"bert-encoder":    {MaxTokens: 64},
	"distilbert":      {Languages: []string{"en"}, MaxTokens: 64, Success: "succeeds"},
}

// adopted returns a models folder with one of them in it, under its name.
func adopted(t testing.TB, name string) string {
	t.Helper()
	models := t.TempDir()
	folder := filepath.Join(models, name)
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	a := adoptions[name]
	a.Library = library(t)
	if err := a.Adopt(filepath.Join(huggingFace, name), folder); err != nil {
		t.Fatal(err)
	}
	return models
}

type referenceOutput struct {
	Idea      goldenIdea `json:"idea"`
	InputIDs  []int64    `json:"input_ids"`
	Logit     *float64   `json:"logit"`
	Embedding []float64  `json:"embedding"`
}

func references(t testing.TB, name string) []referenceOutput {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(huggingFace, name, "outputs.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	var rows []referenceOutput
	for line := range bytes.Lines(content) {
		var row referenceOutput
		if err := json.Unmarshal(line, &row); err != nil {
			t.Fatal(err)
		}
		rows = append(rows, row)
	}
	if len(rows) < 10 {
		t.Fatalf("%s: %d rows", name, len(rows))
	}
	return rows
}

const parity = 1e-4

func TestAnAdoptedModelAnswersAsPyTorchDoes(t *testing.T) {
	t.Parallel()
	for name := range adoptions {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := open(t, Options{Models: adopted(t, name), Model: name, Library: library(t), RunTokens: 4096})
			v, err := s.use()
			if err != nil {
				t.Fatal(err)
			}
			defer v.uses.Done()
			var rows [][]int64
			want := references(t, name)
			for i, w := range want {
				ids := v.ids(w.Idea.text())
				if !slices.Equal(ids, w.InputIDs) {
					t.Fatalf("line %d becomes\n%v, want\n%v", i+1, ids, w.InputIDs)
				}
				rows = append(rows, ids)
			}
			answers, err := v.session.once(rows) // all at once: padding moves nothing
			if err != nil {
				t.Fatal(err)
			}
			for i, w := range want {
				if w.Logit != nil && !(math.Abs(float64(answers[i].logit)-*w.Logit) <= parity) {
					t.Errorf("line %d: logit %g, want %g", i+1, answers[i].logit, *w.Logit)
				}
				for j, x := range w.Embedding {
					if !(math.Abs(float64(answers[i].embedding[j])-x) <= parity) {
						t.Fatalf("line %d: embedding %v, want %v", i+1, answers[i].embedding, w.Embedding)
					}
				}
			}
		})
	}
}

func TestAnAdoptedModelIsVerified(t *testing.T) {
	t.Parallel()
	for name := range adoptions {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			folder := filepath.Join(adopted(t, name), name)
			checks := 0
			if _, err := Verify(folder, library(t), func(Check) { checks++ }); err != nil || checks < 5 {
				t.Errorf("%d checks, %v", checks, err)
			}
			if err := os.WriteFile(filepath.Join(folder, goldenIDs), []byte(`{"text":"a","ids":[1,2,3,4]}`), 0o600); err != nil {
				t.Fatal(err)
			}
			if _, err := Verify(folder, library(t), func(Check) {}); err == nil {
				t.Error("changed golden ids were found good")
			}
		})
	}
}

func TestAClassifierGivesAChanceWithoutAnIntervalAndNoCriteria(t *testing.T) {
	t.Parallel()
	s := open(t, Options{Models: adopted(t, "xlmr-scorer"), Model: "xlmr-scorer", Library: library(t)})
	for _, text := range []Text{draft, {Title: "Une bibliothèque", Solution: strings.Repeat("Ouvrir le soir une salle vide. ", 9), Language: "fr"}} {
		got, err := s.Score(t.Context(), text)
		if err != nil || got.Abstained || got.Criteria != nil || !got.Uncalibrated {
			t.Fatalf("%+v, %v", got, err)
		}
		if c := got.Success; c.Low != 0 || c.High != 1 || !(0 < c.Probability && c.Probability < 1) {
			t.Errorf("success %+v", c)
		}
	}
	silent, err := s.Score(t.Context(), Text{Solution: strings.Repeat("Мы превращаем пустырь в сад. ", 9)})
	if err != nil || silent.Reason != "language:ru" {
		t.Errorf("a language that README.md does not name: %+v, %v", silent, err)
	}
	advice, err := s.Coach(t.Context(), draft)
	if err != nil || len(advice.Passages) == 0 {
		t.Errorf("the coach: %+v, %v", advice, err)
	}
	for _, p := range advice.Passages {
		if p.Rating != 0 {
			t.Errorf("a passage has %g rating points of a model without ratings", p.Rating)
		}
	}
}

func TestAnEncoderWithoutAHeadGivesEmbeddingsAndAbstains(t *testing.T) {
	t.Parallel()
	s := open(t, Options{Models: adopted(t, "bert-encoder"), Model: "bert-encoder", Library: library(t)})
	got, err := s.Score(t.Context(), draft)
	if err != nil || !got.Abstained || got.Reason != ReasonUntrained || len(got.Embedding) != 32 || got.Success != (Chance{}) {
		t.Errorf("%+v, %v", got, err)
	}
	all, err := s.ScoreAll(t.Context(), []Text{draft, {}, draft})
	if err != nil || all[0].Reason != ReasonUntrained || all[1].Reason != ReasonTooShort || !slices.Equal(all[0].Embedding, got.Embedding) {
		t.Errorf("in bulk: %+v, %v", all, err)
	}
	advice, err := s.Coach(t.Context(), draft)
	if err != nil || advice.Score.Reason != ReasonUntrained || len(advice.Passages) != 0 || len(advice.Score.Embedding) != 32 {
		t.Errorf("the coach: %+v, %v", advice, err)
	}
}

func TestATokenizerThatDoesNotFitItsModelIsRefused(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		spoil func(folder string) error
		says  string
	}{
		{"more pieces than rows", func(folder string) error {
			return os.WriteFile(filepath.Join(folder, vocabularyName), []byte("[PAD]\n[UNK]\n[CLS]\n[SEP]\n"+strings.Repeat("x\n", 999)), 0o600)
		}, "different models"},
		{"no tokenizer", func(folder string) error { return os.Remove(filepath.Join(folder, vocabularyName)) }, "neither"},
		{"a tokenizer that needs more than its vocabulary", func(folder string) error {
			return os.WriteFile(filepath.Join(folder, "tokenizer_config.json"), []byte(`{"tokenizer_class": "BertJapaneseTokenizer"}`), 0o600)
		}, "BertJapaneseTokenizer"},
		{"SentencePiece of another family", func(folder string) error {
			return os.WriteFile(filepath.Join(folder, sentencePieceName), nil, 0o600)
		}, "save_pretrained"},
		{"pooling of another kind", func(folder string) error {
			return os.WriteFile(filepath.Join(folder, "1_Pooling", "config.json"), []byte(`{"pooling_mode_max_tokens": true}`), 0o600)
		}, "pools"},
		{"a module behind the encoder", func(folder string) error {
			return os.WriteFile(filepath.Join(folder, "modules.json"), []byte(`[{"type": "sentence_transformers.models.Dense"}]`), 0o600)
		}, "Dense"},
		{"a module outside the folder", func(folder string) error {
			return os.WriteFile(filepath.Join(folder, "modules.json"), []byte(`[{"type": "x.Pooling", "path": "../1_Pooling"}]`), 0o600)
		}, "outside"},
		{"no config", func(folder string) error { return os.Remove(filepath.Join(folder, "config.json")) }, "Hugging Face layout"},
	} {
		source := t.TempDir()
		if err := os.CopyFS(source, os.DirFS(filepath.Join(huggingFace, "bert-encoder"))); err != nil {
			t.Fatal(err)
		}
		if err := c.spoil(source); err != nil {
			t.Fatal(err)
		}
		a := Adoption{Name: "x", Library: library(t)}
		if err := a.Adopt(source, t.TempDir()); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: got %v, want it to say %q", c.name, err, c.says)
		}
	}
}

func TestWhatIsAdoptedSaysWhereItIsFrom(t *testing.T) {
	t.Parallel()
	m, err := ReadManifest(filepath.Join(adopted(t, "xlmr-scorer"), "xlmr-scorer"))
	if err != nil {
		t.Fatal(err)
	}
	if m.Title() != "xlmr-scorer 1" || m.Licence != "mit" || !slices.Equal(m.Languages, []string{"en", "fr", "zh"}) || m.calibrated() ||
		m.Tokenizer.Type != unigram || !(0 < m.Nearness.Related && m.Nearness.Related <= m.Nearness.Close) || m.Tokenizer.File != documentName || len(m.Graph.Inputs) != 2 || len(m.Graph.Outputs) != 2 {
		t.Errorf("%+v", m)
	}
	m, err = ReadManifest(filepath.Join(adopted(t, "bert-classifier"), "bert-classifier"))
	if err != nil || !slices.Equal(m.Languages, []string{"en", "fr", "zh"}) || m.Tokenizer.Type != wordPiece || m.Tokenizer.name() != documentName {
		t.Errorf("%+v, %v", m, err)
	}
}
