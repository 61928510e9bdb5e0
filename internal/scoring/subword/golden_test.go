package subword

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// shipped is the folder of the model that the project ships.
var shipped = filepath.Join(cmp.Or(os.Getenv("GLOBALBRAIN_MODELS"), filepath.Join("..", "..", "..", "models")), "ideas-minilm")

func read(t testing.TB, path ...string) []byte {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(path...))
	if err != nil {
		t.Fatal(err)
	}
	return content
}

// golden reads a JSON Lines file of texts and the ids that the reference gives.
func golden(t testing.TB, path ...string) []goldenText {
	t.Helper()
	content := read(t, path...)
	if strings.HasSuffix(path[len(path)-1], ".gz") {
		content = unzip(t, content)
	}
	var rows []goldenText
	for line := range bytes.Lines(content) {
		var row goldenText
		if err := json.Unmarshal(line, &row); err != nil {
			t.Fatalf("%v, line %d: %v", path, len(rows)+1, err)
		}
		rows = append(rows, row)
	}
	if len(rows) < 100 {
		t.Fatalf("%v: %d rows", path, len(rows))
	}
	return rows
}

func unzip(t testing.TB, content []byte) []byte {
	t.Helper()
	reader, err := gzip.NewReader(bytes.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	content, err = io.ReadAll(reader)
	if err != nil {
		t.Fatal(err)
	}
	return content
}

type goldenText struct {
	Text string  `json:"text"`
	IDs  []int64 `json:"ids"`
}

// uncased is the shipped vocabulary.
func uncased(t testing.TB) *WordPiece {
	t.Helper()
	tokenizer, err := FromVocabulary(read(t, shipped, "vocab.txt"), BERT{Lowercase: true}, BERTNames)
	if err != nil {
		t.Fatal(err)
	}
	return tokenizer
}

// The small vocabularies that the lab trains; see models/lab/ideaslab/golden_vocab.py.
var vocabularies = map[string]func(testing.TB) (Tokenizer, error){
	"cased": func(t testing.TB) (Tokenizer, error) {
		t.Helper()
		return FromVocabulary(read(t, "testdata", "cased", "vocab.txt"), BERT{}, BERTNames)
	},
	"unusual": func(t testing.TB) (Tokenizer, error) {
		t.Helper()
		return FromDocument(read(t, "testdata", "unusual", "tokenizer.json"), RoBERTaNames)
	},
	"xlmr": func(t testing.TB) (Tokenizer, error) {
		t.Helper()
		document, err := XLMRobertaDocument(unzip(t, read(t, "testdata", "xlmr", "sentencepiece.bpe.model.gz")))
		if err != nil {
			return nil, err
		}
		return FromDocument(document, RoBERTaNames)
	},
	"metaspace": func(t testing.TB) (Tokenizer, error) {
		t.Helper()
		return FromDocument(read(t, "testdata", "metaspace", "tokenizer.json"), RoBERTaNames)
	},
}

func small(t testing.TB, name string) Tokenizer {
	t.Helper()
	tokenizer, err := vocabularies[name](t)
	if err != nil {
		t.Fatal(err)
	}
	return tokenizer
}

func TestEveryKindOfVocabularyGivesTheReferenceIDs(t *testing.T) {
	t.Parallel()
	for name := range vocabularies {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tokenizer := small(t, name)
			for i, g := range golden(t, "testdata", name, "golden.jsonl.gz") {
				if got := tokenizer.Append(nil, g.Text, 1<<30); !slices.Equal(got, g.IDs) {
					t.Errorf("line %d, %.80q:\n got %v\nwant %v", i+1, g.Text, got[:min(len(got), 60)], g.IDs[:min(len(g.IDs), 60)])
				}
			}
		})
	}
}
