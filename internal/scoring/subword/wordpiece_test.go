package subword

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/sugarme/tokenizer/model/wordpiece"
	"pgregory.net/rapid"
)

func TestTheShippedVocabularyGivesTheReferenceIDs(t *testing.T) {
	t.Parallel()
	tokenizer := uncased(t)
	for i, g := range golden(t, shipped, "golden.jsonl") {
		if got := tokenizer.Append(nil, g.Text, 1<<30); !slices.Equal(got, g.IDs) {
			t.Errorf("line %d, %.80q:\n got %v\nwant %v", i+1, g.Text, got, g.IDs)
		}
	}
}

// Words without accents, capitals or punctuation need no normaliser, so the
// library's own WordPiece can be asked about them.
func TestWordsAreCutAsTheLibraryCutsThem(t *testing.T) {
	t.Parallel()
	tokenizer := uncased(t)
	library, err := wordpiece.NewWordPieceFromFile(filepath.Join(shipped, "vocab.txt"), "[UNK]")
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.StringOfN(rapid.RuneFrom([]rune("abcdeinorstuzßøłжябкñ0123456789")), 1, 110, -1).Draw(t, "word")
		word = strings.Map(func(r rune) rune {
			if tokenizer.alphabet.glyphOf(r).as != string(r) {
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

func TestAVocabularyWithoutItsSpecialTokensIsRefused(t *testing.T) {
	t.Parallel()
	_, err := FromVocabulary([]byte("[PAD]\n[CLS]\nthe\n"), BERT{}, BERTNames)
	if err == nil || !strings.Contains(err.Error(), "[SEP]") || !strings.Contains(err.Error(), "[UNK]") {
		t.Errorf("got %v; want both missing tokens named", err)
	}
}

func TestATextCannotForgeABorder(t *testing.T) {
	t.Parallel()
	plain, err := NewWordPiece([]string{"pad", "unk", "cls", "sep", "p", "##ad", "c", "##ls", "s", "##ep"}, BERT{Unknown: "unk"}, Names{"cls", "sep", "pad"})
	if err != nil {
		t.Fatal(err)
	}
	for text, tokenizer := range map[string]Tokenizer{"[SEP] [CLS] [sep] [PAD]": uncased(t), "cls sep pad": plain} {
		ids := tokenizer.Append(nil, text, 100)
		s := tokenizer.Special()
		if len(ids) == 0 || slices.ContainsFunc(ids, func(id int64) bool { return id == s.CLS || id == s.SEP || id == s.PAD }) {
			t.Errorf("%q gives %v, where %+v are special", text, ids, s)
		}
	}
}

func FuzzWordPiece(f *testing.F) {
	fuzz(f, uncased(f))
}

// fuzz gives a tokenizer any text: what a limit cuts off is the end, ids are
// the vocabulary's, and nothing ends the process.
func fuzz(f *testing.F, tokenizer Tokenizer) {
	f.Helper()
	for _, seed := range []string{"", "The quick brown fox.", "déjà-vu 日本語 \u00a0\u3000 👩‍👩‍👧", strings.Repeat("x", 101), "\xff\x00\ufffd", "a\u0301\u0323\u1d165\u1d16e", "[SEP]##ing </s>", "▁▁a ▁", "e\u0301²\u0301\r\n"} {
		f.Add(seed, 5)
	}
	s := tokenizer.Special()
	f.Fuzz(func(t *testing.T, text string, limit int) {
		all := tokenizer.Append(nil, text, 1<<30)
		for _, id := range all {
			if id < 0 || id >= int64(tokenizer.Size()) || id == s.CLS || id == s.SEP || id == s.PAD {
				t.Fatalf("id %d is special or outside the vocabulary of %d", id, tokenizer.Size())
			}
		}
		limit = min(max(limit, 0), len(all))
		if got := tokenizer.Append(nil, text, limit); !slices.Equal(got, all[:limit]) {
			t.Fatalf("limit %d: got %v, want %v", limit, got, all[:limit])
		}
	})
}
