package scoring

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/sugarme/tokenizer/model/wordpiece"
	"pgregory.net/rapid"
)

func shippedTokenizer(t testing.TB) *Tokenizer {
	t.Helper()
	vocabulary, err := os.ReadFile(filepath.Join(shipped(t), "vocab.txt"))
	if err != nil {
		t.Fatal(err)
	}
	tokenizer, err := NewTokenizer(vocabulary)
	if err != nil {
		t.Fatal(err)
	}
	return tokenizer
}

func TestTokenizerGivesTheReferenceIDs(t *testing.T) {
	t.Parallel()
	tokenizer := shippedTokenizer(t)
	type row struct {
		Text string  `json:"text"`
		IDs  []int64 `json:"ids"`
	}
	for i, g := range golden[row](t, "golden.jsonl") {
		if got := tokenizer.Append(nil, g.Text, 1<<30); !slices.Equal(got, g.IDs) {
			t.Errorf("line %d, %.80q:\n got %v\nwant %v", i+1, g.Text, got, g.IDs)
		}
	}
}

// Words without accents, capitals or punctuation need no normaliser, so the
// library's own WordPiece can be asked about them.
func TestTokenizerCutsWordsAsTheLibraryDoes(t *testing.T) {
	t.Parallel()
	tokenizer := shippedTokenizer(t)
	library, err := wordpiece.NewWordPieceFromFile(filepath.Join(shipped(t), vocabularyName), "[UNK]")
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.StringOfN(rapid.RuneFrom([]rune("abcdeinorstuzßøłжябкñ0123456789")), 1, 110, -1).Draw(t, "word")
		word = strings.Map(func(r rune) rune {
			if glyphOf(r).as != string(r) {
				return 'x'
			}
			return r
		}, word)
		pieces, err := library.Tokenize(word)
		if err != nil {
			t.Fatal(err)
		}
		var want []int64
		for _, p := range pieces {
			want = append(want, int64(p.Id))
		}
		if got := tokenizer.Append(nil, word, 1<<30); !slices.Equal(got, want) {
			t.Fatalf("%q: got %v, want %v", word, got, want)
		}
	})
}

func TestTokenizerRefusesAVocabularyWithoutItsSpecialTokens(t *testing.T) {
	t.Parallel()
	_, err := NewTokenizer([]byte("[PAD]\n[CLS]\nthe\n"))
	if err == nil || !strings.Contains(err.Error(), "[SEP]") || !strings.Contains(err.Error(), "[UNK]") {
		t.Errorf("got %v; want both missing tokens named", err)
	}
}

func TestATextCannotForgeAFieldBorder(t *testing.T) {
	t.Parallel()
	tokenizer := shippedTokenizer(t)
	ids := tokenizer.Append(nil, "[SEP] [CLS] [sep]", 100)
	if slices.Contains(ids, tokenizer.sep) || slices.Contains(ids, tokenizer.cls) {
		t.Errorf("got %v, which has special tokens", ids)
	}
}

// What a limit cuts off is the end, and nothing ends the process.
func FuzzTokenizer(f *testing.F) {
	tokenizer := shippedTokenizer(f)
	for _, seed := range []string{"", "The quick brown fox.", "déjà-vu 日本語 \u00a0\u3000 👩‍👩‍👧", strings.Repeat("x", 101), "\xff\x00\ufffd", "a\u0301\u0323\u1d165\u1d16e", "[SEP]##ing"} {
		f.Add(seed, 5)
	}
	f.Fuzz(func(t *testing.T, text string, limit int) {
		all := tokenizer.Append(nil, text, 1<<30)
		for _, id := range all {
			if id < 0 || id >= int64(len(tokenizer.start)+len(tokenizer.inside)) {
				t.Fatalf("id %d is outside the vocabulary", id)
			}
		}
		limit = min(max(limit, 0), len(all))
		if got := tokenizer.Append(nil, text, limit); !slices.Equal(got, all[:limit]) {
			t.Fatalf("limit %d: got %v, want %v", limit, got, all[:limit])
		}
	})
}
