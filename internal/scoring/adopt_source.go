package scoring

import (
	"bufio"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"globalbrain/internal/scoring/bertgraph"
	"globalbrain/internal/scoring/subword"
)

// sourceFolder is what the small files of a Hugging Face folder say.
type sourceFolder struct {
	languages []string // of README.md
	licence   string   // of README.md
	pooling   bertgraph.Pooling
	longest   int // row that sentence-transformers feeds it; 0: it does not say
	changed   time.Time
	family    string // config.json's model_type
	words     tokenizerWords
}

// tokenizerWords are what tokenizer_config.json and special_tokens_map.json say.
type tokenizerWords struct {
	Class        string      `json:"tokenizer_class"`
	CLS          specialWord `json:"cls_token"`
	SEP          specialWord `json:"sep_token"`
	PAD          specialWord `json:"pad_token"`
	Unknown      specialWord `json:"unk_token"`
	Lowercase    *bool       `json:"do_lower_case"`
	StripAccents *bool       `json:"strip_accents"`
	Chinese      *bool       `json:"tokenize_chinese_chars"`
}

// A specialWord is written plainly, or with how it is stripped, which does not
// matter here.
type specialWord string

// UnmarshalJSON reads both.
func (w *specialWord) UnmarshalJSON(content []byte) error {
	var long struct{ Content string }
	if json.Unmarshal(content, &long) == nil {
		*w = specialWord(long.Content)
		return nil
	}
	return json.Unmarshal(content, (*string)(w))
}

// maxSmall is the most of a small file that is read, and maxTokenizer of a
// tokenizer's; the largest in use have 20 MB.
const (
	maxSmall     = 4 << 20
	maxTokenizer = 64 << 20
)

func aboutSource(folder string) (*sourceFolder, error) {
	s := new(sourceFolder)
	about, err := os.Stat(filepath.Join(folder, "config.json"))
	if err != nil {
		return nil, fmt.Errorf("it has no manifest.json, so it is no model folder, and no config.json, so it is none in Hugging Face layout: %w", err)
	}
	s.changed = about.ModTime()
	var config struct {
		Type string `json:"model_type"`
	}
	if err := readJSON(folder, "config.json", &config); err != nil {
		return nil, err
	}
	s.family = config.Type
	// Where both say something, what the second says counts.
	for _, name := range []string{"special_tokens_map.json", "tokenizer_config.json"} {
		if err := readJSON(folder, name, &s.words); err != nil {
			return nil, err
		}
	}
	var sentences struct {
		Longest int `json:"max_seq_length"`
	}
	if err := readJSON(folder, "sentence_bert_config.json", &sentences); err != nil {
		return nil, err
	}
	s.longest = max(sentences.Longest, 0)
	if s.pooling, err = poolingOf(folder); err != nil {
		return nil, err
	}
	return s, s.readFrontMatter(folder)
}

// readJSON reads a file that may be missing.
func readJSON(folder, name string, to any) error {
	content, err := bertgraph.ReadFile(filepath.Join(folder, name), maxSmall)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err == nil {
		err = json.Unmarshal(content, to)
	}
	if err != nil {
		return fmt.Errorf("read %s: %w", name, err)
	}
	return nil
}

// poolingOf reads what sentence-transformers does behind the encoder.
func poolingOf(folder string) (bertgraph.Pooling, error) {
	var modules []struct{ Type, Path string }
	if err := readJSON(folder, "modules.json", &modules); err != nil {
		return "", err
	}
	pooling := bertgraph.Mean
	for _, m := range modules {
		switch kind := m.Type[strings.LastIndexByte(m.Type, '.')+1:]; kind {
		case "Transformer", "Normalize":
		case "Pooling":
			if !filepath.IsLocal(m.Path) {
				return "", fmt.Errorf("modules.json names %q, which is outside the folder", m.Path)
			}
			var mode struct {
				CLS  bool `json:"pooling_mode_cls_token"`
				Mean bool `json:"pooling_mode_mean_tokens"`
			}
			if err := readJSON(folder, filepath.Join(m.Path, "config.json"), &mode); err != nil {
				return "", err
			}
			if mode.CLS == mode.Mean {
				return "", errors.New("it pools the states of its tokens in a way that this program does not know; it knows the mean and the first token's")
			}
			if mode.CLS {
				pooling = bertgraph.CLS
			}
		default:
			return "", fmt.Errorf("modules.json has a %s behind the encoder; this program knows Pooling and Normalize", kind)
		}
	}
	return pooling, nil
}

// readFrontMatter takes languages and licence from the lines of README.md
// between two of three hyphens: "key: value", "key: [a, b]", or the key and then
// "- value" lines.
func (s *sourceFolder) readFrontMatter(folder string) error {
	content, err := bertgraph.ReadFile(filepath.Join(folder, "README.md"), maxSmall)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read README.md: %w", err)
	}
	lines := bufio.NewScanner(strings.NewReader(string(content)))
	lines.Buffer(nil, maxSmall)
	if !lines.Scan() || strings.TrimSpace(lines.Text()) != "---" {
		return nil
	}
	key, values := "", map[string][]string{}
	for lines.Scan() && strings.TrimSpace(lines.Text()) != "---" {
		line := lines.Text()
		value, item := strings.CutPrefix(strings.TrimSpace(line), "- ")
		if !item {
			var found bool
			if key, value, found = strings.Cut(line, ":"); !found {
				continue
			}
		}
		for word := range strings.FieldsFuncSeq(value, func(r rune) bool { return strings.ContainsRune(` ,[]"'`, r) }) {
			values[key] = append(values[key], word)
		}
	}
	s.languages, s.licence = values["language"], strings.Join(values["license"], " ")
	s.languages = slices.DeleteFunc(s.languages, func(l string) bool { return l == "multilingual" })
	return nil
}

// The files that a tokenizer may be in, the best first.
const sentencePieceName = "sentencepiece.bpe.model"

// plainClasses are the tokenizers that a vocab.txt alone is enough for.
var plainClasses = []string{"", "BertTokenizer", "BertTokenizerFast", "DistilBertTokenizer", "DistilBertTokenizerFast", "TokenizersBackend"}

// tokenizer returns the file that p is to be read from, and fills p in.
func (s *sourceFolder) tokenizer(folder string, p *Pieces) ([]byte, error) {
	content, err := bertgraph.ReadFile(filepath.Join(folder, documentName), maxTokenizer)
	if errors.Is(err, fs.ErrNotExist) {
		var model []byte
		model, err = bertgraph.ReadFile(filepath.Join(folder, sentencePieceName), maxTokenizer)
		switch {
		case err == nil && s.family != "xlm-roberta":
			return nil, fmt.Errorf("it has %s and no %s: of %s models this program does not know how the one becomes the other; load it once with Transformers and save_pretrained", sentencePieceName, documentName, s.family)
		case err == nil:
			content, err = subword.XLMRobertaDocument(model)
		}
	}
	switch {
	case err == nil:
		p.File = documentName
		return content, s.nameDocument(content, p)
	case !errors.Is(err, fs.ErrNotExist):
		return nil, err
	}
	content, err = bertgraph.ReadFile(filepath.Join(folder, vocabularyName), maxTokenizer)
	if err != nil {
		return nil, fmt.Errorf("it has neither %s nor %s nor %s: %w", documentName, sentencePieceName, vocabularyName, err)
	}
	w := s.words
	if !slices.Contains(plainClasses, w.Class) {
		return nil, fmt.Errorf("its tokenizer is a %s, of which %s is not all; load it once with Transformers and save_pretrained, which writes %s if that can be", w.Class, vocabularyName, documentName)
	}
	p.Type, p.BERT = wordPiece, &subword.BERT{
		Lowercase: w.Lowercase == nil || *w.Lowercase, StripAccents: w.StripAccents, ChineseChars: w.Chinese, Unknown: string(w.Unknown),
	}
	p.Special = s.special(subword.BERTNames)
	return content, nil
}

// nameDocument tells the type of a tokenizer.json and its special tokens.
func (s *sourceFolder) nameDocument(content []byte, p *Pieces) error {
	var wrong error
	for _, usual := range []subword.Names{subword.BERTNames, subword.RoBERTaNames} {
		names := s.special(usual)
		t, err := subword.FromDocument(content, *names)
		if err == nil {
			p.Type, p.Special = kindOf(t), names
			return nil
		}
		wrong = err
	}
	return wrong
}

// special are the names that the folder gives, and usual ones for the rest.
func (s *sourceFolder) special(usual subword.Names) *subword.Names {
	return &subword.Names{
		CLS: cmp.Or(string(s.words.CLS), usual.CLS),
		SEP: cmp.Or(string(s.words.SEP), usual.SEP),
		PAD: cmp.Or(string(s.words.PAD), usual.PAD),
	}
}

// fileOf is a file's sum and size.
func fileOf(path string) (File, error) {
	f, err := os.Open(path) //nolint:gosec // G304: the operator names the models' folder
	if err != nil {
		return File{}, err
	}
	defer f.Close()
	sum := sha256.New()
	size, err := io.Copy(sum, f)
	return File{SHA256: hex.EncodeToString(sum.Sum(nil)), Bytes: size}, err
}
