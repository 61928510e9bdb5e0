package subword

import (
	"runtime/debug"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestTheTableOfNormalFormsIsReadAsTheReferenceDoes(t *testing.T) {
	t.Parallel()
	normalise := small(t, "xlmr").(*Unigram).normalise
	got := sumOfLines(func(line []byte, c rune) []byte {
		return append(append(line, ' '), normalise.apply("a"+string(c)+"b\u00b2"+string(c))...)
	})
	if want := codePointSums(t).Charsmap; got != want {
		t.Errorf("sum of all normal forms: got %s, want %s", got, want)
	}
}

// The lattice is compared with every way there is to cut a short word.
func TestNoCutOfAWordIsLikelierThanTheOneThatIsTaken(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		letters := rapid.StringOfN(rapid.SampledFrom([]rune("abé")), 1, 4, -1)
		pieces := []Piece{{"<s>", 0}, {"</s>", 0}, {"<pad>", 0}, {"<unk>", 0}}
		for _, text := range rapid.SliceOfNDistinct(letters, 1, 8, rapid.ID[string]).Draw(t, "pieces") {
			pieces = append(pieces, Piece{text, -rapid.Float64Range(0.1, 9).Draw(t, "score")})
		}
		u, err := newUnigram(pieces, 3, nil, RoBERTaNames)
		if err != nil {
			t.Fatal(err)
		}
		word := rapid.StringOfN(rapid.SampledFrom([]rune("abéx")), 1, 7, -1).Draw(t, "word")
		if got, want := u.scoreOf(u.cut(nil, []byte(word), new([]node)), word), u.bestOf(word); got < want-1e-9 {
			t.Fatalf("%q: the cut has %g, the best %g", word, got, want)
		}
	})
}

// scoreOf adds the pieces up; unknown ones cover one character or, where they
// were fused, all up to the next piece.
func (u *Unigram) scoreOf(ids []int64, word string) float64 {
	score, covered := 0.0, 0
	for _, id := range ids {
		if id != int64(u.unknown) {
			score += u.scores[id]
			covered += u.lengths()[id]
		}
	}
	return score + u.penalised*float64(len([]rune(word))-covered)
}

// lengths are those of the pieces, in characters, by id.
func (u *Unigram) lengths() map[int64]int {
	lengths := map[int64]int{}
	var walk func(at int32, text string)
	walk = func(at int32, text string) {
		if id := u.trie.id[at]; id >= 0 {
			lengths[int64(id)] = len([]rune(text))
		}
		for c := range 256 {
			if next, ok := u.trie.child(at, byte(c)); ok {
				walk(next, text+string([]byte{byte(c)}))
			}
		}
	}
	walk(0, "")
	return lengths
}

// bestOf tries every way.
func (u *Unigram) bestOf(word string) float64 {
	if word == "" {
		return 0
	}
	first := []rune(word)[0]
	best := u.penalised + u.bestOf(word[len(string(first)):])
	at := int32(0)
	for i := range len(word) {
		next, ok := u.trie.child(at, word[i])
		if !ok {
			break
		}
		if at = next; u.trie.id[at] >= 0 {
			best = max(best, u.scores[u.trie.id[at]]+u.bestOf(word[i+1:]))
		}
	}
	return best
}

func TestATokenizerThatCannotBeReadExactlyIsRefused(t *testing.T) {
	t.Parallel()
	const vocab = `"vocab": [["<s>",0],["</s>",0],["<pad>",0],["<unk>",0],["a",-1]], "unk_id": 3`
	unigram := func(normalizer, cutter string) string {
		return `{"normalizer": ` + normalizer + `, "pre_tokenizer": ` + cutter + `, "model": {"type": "Unigram", ` + vocab + `}}`
	}
	const metaspace = `{"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always"}`
	if _, err := FromDocument([]byte(unigram("null", metaspace)), RoBERTaNames); err != nil {
		t.Fatalf("the plain one: %v", err)
	}
	for _, c := range []struct{ name, document, says string }{
		{"no JSON", `{`, "tokenizer.json"},
		{"byte pairs", `{"model": {"type": "BPE"}}`, "BPE"},
		{"words that are added", `{"added_tokens": [{"content": "brain", "special": false}]}`, "brain"},
		{"another normaliser", unigram(`{"type": "NFKC"}`, metaspace), "NFKC"},
		{"one in a sequence", unigram(`{"type": "Sequence", "normalizers": [{"type": "Lowercase"}]}`, metaspace), "Lowercase"},
		{"an expression", unigram(`{"type": "Replace", "pattern": {"Regex": "a+"}, "content": "b"}`, metaspace), "a+"},
		{"a broken table", unigram(`{"type": "Precompiled", "precompiled_charsmap": "/////w=="}`, metaspace), "precompiled_charsmap"},
		{"another way to cut", unigram("null", `{"type": "ByteLevel"}`), "ByteLevel"},
		{"no way to cut", unigram("null", "null"), "none"},
		{"another blank", unigram("null", `{"type": "Metaspace", "replacement": "_"}`), `"_"`},
		{"a prefix for the first word", unigram("null", `{"type": "Sequence", "pretokenizers": [{"type": "WhitespaceSplit"}, {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "first"}]}`), "first"},
		{"an unknown piece that is none", strings.Replace(unigram("null", metaspace), `"unk_id": 3`, `"unk_id": 5`, 1), "number 5"},
		{"no unknown piece", strings.Replace(unigram("null", metaspace), `, "unk_id": 3`, "", 1), "unk_id"},
		{"no special tokens", strings.Replace(unigram("null", metaspace), "</s>", "x", 1), "</s>"},
		{"a piece without a score", strings.Replace(unigram("null", metaspace), `["a",-1]`, `["a"]`, 1), "score"},
		{"WordPiece with another normaliser", `{"normalizer": {"type": "Lowercase"}, "model": {"type": "WordPiece", "vocab": {}}}`, "BertNormalizer"},
		{"an id below zero", `{"normalizer": {"type": "BertNormalizer"}, "pre_tokenizer": {"type": "BertPreTokenizer"}, "model": {"type": "WordPiece", "vocab": {"a": -1}}}`, "-1"},
	} {
		if _, err := FromDocument([]byte(c.document), RoBERTaNames); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: got %v, want it to say %q", c.name, err, c.says)
		}
	}
}

func TestAMegabyteIsCutInLinearTime(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"xlmr", "metaspace", "cased", "unusual"} {
		tokenizer := small(t, name)
		for _, part := range []string{"x", "▁", "é", "e\u0301", "日", "\xff", " ", "word ", "👩\u200d", "\r\n"} {
			ids := tokenizer.Append(nil, strings.Repeat(part, 1<<20/len(part)), 1<<30)
			if slices.ContainsFunc(ids, func(id int64) bool { return id < 0 || id >= int64(tokenizer.Size()) }) {
				t.Errorf("%s, %q: an id is outside the vocabulary", name, part)
			}
		}
	}
}

// Each of these marks joins what is before it, so that a text of them is one
// cluster; a stack that grew with it could end the process.
func TestATextOfMarksNeedsNoStackOfItsLength(t *testing.T) {
	former := debug.SetMaxStack(4 << 20)
	defer debug.SetMaxStack(former)
	marks := "a" + strings.Repeat("\u0897", 1<<20)
	if got := firstCluster(marks + "b"); got != marks {
		t.Errorf("the first cluster has %d bytes, want %d", len(got), len(marks))
	}
	if got := firstCluster("\n" + marks); got != "\n" {
		t.Errorf("a mark joins the end of a line: %d bytes", len(got))
	}
}

func TestUnigramTextsCannotForgeABorder(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"xlmr", "metaspace"} {
		tokenizer := small(t, name)
		s := tokenizer.Special()
		ids := tokenizer.Append(nil, "<s> </s> <pad> a</s>b", 100)
		if len(ids) == 0 || slices.ContainsFunc(ids, func(id int64) bool { return id == s.CLS || id == s.SEP || id == s.PAD }) {
			t.Errorf("%s gives %v, where %+v are special", name, ids, s)
		}
	}
}

func FuzzUnigram(f *testing.F)   { fuzz(f, small(f, "xlmr")) }
func FuzzMetaspace(f *testing.F) { fuzz(f, small(f, "metaspace")) }

// A file may hold anything: it is read or refused, and what was read can be used.
func FuzzDocument(f *testing.F) {
	f.Add(read(f, "testdata", "metaspace", "tokenizer.json")[:2000])
	f.Add([]byte(`{"model": {"type": "Unigram", "unk_id": 0, "vocab": [["<s>",0],["</s>",0],["<pad>",0]]}, "pre_tokenizer": {"type": "Metaspace", "replacement": "▁"}}`))
	f.Add([]byte(`{"normalizer": {"type": "Precompiled", "precompiled_charsmap": "CAAAAAAAAAAAAAAA"}, "model": {"type": "Unigram", "unk_id": 0, "vocab": [["<s>",0],["</s>",0],["<pad>",0]]}, "pre_tokenizer": {"type": "Metaspace", "replacement": "▁"}}`))
	f.Fuzz(func(_ *testing.T, content []byte) {
		if tokenizer, err := FromDocument(content, RoBERTaNames); err == nil {
			tokenizer.Append(nil, "a text ﬁ e\u0301", 100)
		}
	})
}

// A table of normal forms, too.
func FuzzCharsmap(f *testing.F) {
	f.Add([]byte{8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 'a', 0}, "text")
	f.Fuzz(func(_ *testing.T, content []byte, text string) {
		if c, err := newCharsmap(content); err == nil {
			c.apply(text)
		}
	})
}

// And SentencePiece's own format.
func FuzzSentencePiece(f *testing.F) {
	f.Add(unzip(f, read(f, "testdata", "xlmr", "sentencepiece.bpe.model.gz"))[:500])
	f.Fuzz(func(_ *testing.T, content []byte) {
		_, _ = XLMRobertaDocument(content)
	})
}

func BenchmarkUnigram(b *testing.B) {
	tokenizer := small(b, "xlmr")
	text := strings.Repeat("Solar ovens for every village, and a café that mends what breaks. ", 6)
	ids := tokenizer.Append(nil, text, 1<<30)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		ids = tokenizer.Append(ids[:0], text, 1<<30)
	}
	b.ReportMetric(float64(len(ids)), "tokens/op")
}
