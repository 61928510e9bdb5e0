package scoring

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/text/language"

	"globalbrain/internal/scoring/bertgraph"
	"globalbrain/internal/scoring/subword"
)

// An Adoption is what an operator says about a BERT in Hugging Face layout that
// is to become a model folder. All but Library may be left out.
type Adoption struct {
	Library   string   // ONNX Runtime's shared library, which makes the golden scores
	Name      string   // of the model; empty: the source folder's
	Version   string   // empty: 1
	Languages []string // BCP 47, in which it answers; empty: those of the front matter of README.md
	Success   string   // which of a classifier's two labels means success; empty: the second, if they have no names
	MaxTokens int      // that it reads of an idea; 0: 256, or fewer where the model was made for fewer
}

// The usual number of tokens, and how many of content a score needs.
const (
	usualTokens = 256
	usualLeast  = 20
)

// Adopt makes a model folder in destination, which is there and empty, of a
// folder in Hugging Face layout: BERT, RoBERTa, XLM-RoBERTa, CamemBERT or
// DistilBERT, with safetensors and a WordPiece or Unigram tokenizer.
//
// A classifier of one or two labels becomes the chance of success; an encoder
// without a head gives embeddings, and abstains from judging. Nothing is known
// of how far such a model is from the truth, so its manifest has no intervals.
// What cannot be read exactly is refused, with what to do about it.
func (a Adoption) Adopt(source, destination string) error {
	if err := a.adopt(source, destination); err != nil {
		return fmt.Errorf("adopt %s: %w", source, err)
	}
	return nil
}

func (a Adoption) adopt(source, destination string) (err error) {
	if there, err := os.Stat(source); err != nil {
		return fmt.Errorf("it is no folder: %w", err)
	} else if !there.IsDir() {
		return errors.New("it is no folder")
	}
	about, err := aboutSource(source)
	if err != nil {
		return err
	}
	bert, err := bertgraph.Open(source, bertgraph.Options{Pooling: about.pooling, Success: a.Success})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, bert.Close()) }()
	m, err := a.manifest(source, about, bert)
	if err != nil {
		return err
	}
	if err := about.writeTokenizer(source, destination, m, bert.Vocabulary()); err != nil {
		return err
	}
	if err := writeFile(filepath.Join(destination, graphName), bert.Write); err != nil {
		return err
	}
	if err := m.describe(destination, graphName, m.Tokenizer.name()); err != nil {
		return err
	}
	if err := m.write(destination); err != nil {
		return err
	}
	if err := m.ask(destination, a.Library); err != nil {
		return err
	}
	if err := m.describe(destination, goldenIDs, goldenScores); err != nil {
		return err
	}
	return errors.Join(m.write(destination), writeFile(filepath.Join(destination, CardName), m.writeCard))
}

// manifest says what is known before the files are there.
func (a Adoption) manifest(source string, about *sourceFolder, bert *bertgraph.Model) (*Manifest, error) {
	absolute, err := filepath.Abs(source)
	if err != nil {
		return nil, err
	}
	m := &Manifest{
		Schema: schema, Name: cmp.Or(a.Name, filepath.Base(absolute)), Version: cmp.Or(a.Version, "1"),
		Created: about.changed.UTC().Format("2006-01-02T15:04:05Z"), Base: filepath.Base(absolute), Licence: about.licence,
		Files:  map[string]File{},
		Graph:  Graph{Inputs: bert.Inputs(), Outputs: bert.Outputs()},
		Fields: Fields, Abstain: Abstain{MinTokens: usualLeast, MaxIntervalShare: 1},
		Metrics: json.RawMessage("{}"),
	}
	m.Calibration.Success.Temperature = 1
	for _, line := range []*Line{&m.Calibration.Impact, &m.Calibration.Feasibility, &m.Calibration.Auditability} {
		line.Slope = 1
	}
	if !plainName.MatchString(m.Name) || !plainName.MatchString(m.Version) {
		return nil, fmt.Errorf("the name %q or the version %q makes no folder's name; say another, of letters, digits, dots, hyphens and underscores", m.Name, m.Version)
	}
	if m.Languages, err = codes(cmp.Or(strings.Join(a.Languages, " "), strings.Join(about.languages, " "))); err != nil {
		return nil, err
	}
	most := bert.Positions()
	m.Tokenizer.MaxTokens = cmp.Or(a.MaxTokens, min(usualTokens, most, cmp.Or(about.longest, most)))
	if m.Tokenizer.MaxTokens > most {
		return nil, fmt.Errorf("the model reads at most %d tokens, and not %d", most, m.Tokenizer.MaxTokens)
	}
	return m, nil
}

// plainName leaves room for a folder's name of both.
var plainName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,57}$`)

// codes returns the ISO 639 codes of languages, in order, each once.
func codes(tags string) ([]string, error) {
	var list []string
	for tag := range strings.FieldsSeq(tags) {
		parsed, err := language.Parse(tag)
		if err != nil || parsed.IsRoot() {
			return nil, fmt.Errorf("%q is no language; say in which ones the model answers, such as en or pt-BR", tag)
		}
		if base, _ := parsed.Base(); !slices.Contains(list, base.String()) {
			list = append(list, base.String())
		}
	}
	if len(list) == 0 {
		return nil, errors.New("README.md does not say in which languages the model answers; say it")
	}
	return list, nil
}

// writeTokenizer copies the tokenizer's file, or makes one of SentencePiece's,
// and fills in how it is read.
func (s *sourceFolder) writeTokenizer(source, destination string, m *Manifest, vocabulary int) error {
	content, err := s.tokenizer(source, &m.Tokenizer)
	if err != nil {
		return err
	}
	tokenizer, err := m.Tokenizer.read(content)
	if err != nil {
		return err
	}
	if tokenizer.Size() > vocabulary {
		return fmt.Errorf("its tokenizer has %d pieces and its embedding %d rows; they belong to different models", tokenizer.Size(), vocabulary)
	}
	return writeFile(filepath.Join(destination, m.Tokenizer.name()), func(w io.Writer) error {
		_, err := io.Copy(w, bytes.NewReader(content))
		return err
	})
}

// kindOf says which type a tokenizer is.
func kindOf(t subword.Tokenizer) string {
	if _, is := t.(*subword.Unigram); is {
		return unigram
	}
	return wordPiece
}

// describe notes the sums and sizes of files of the folder.
func (m *Manifest) describe(folder string, names ...string) error {
	for _, name := range names {
		about, err := fileOf(filepath.Join(folder, name))
		if err != nil {
			return err
		}
		m.Files[name] = about
	}
	return m.check()
}

// write puts the manifest into its folder.
func (m *Manifest) write(folder string) error {
	return writeFile(filepath.Join(folder, manifestName), func(w io.Writer) error {
		e := json.NewEncoder(w)
		e.SetIndent("", " ")
		return e.Encode(m)
	})
}

// writeFile writes a file anew, and returns when it is safe on the disk.
func writeFile(path string, content func(io.Writer) error) error {
	f, err := os.Create(path) //nolint:gosec // G304: the operator names the models' folder
	if err != nil {
		return err
	}
	w := bufio.NewWriterSize(f, 1<<20)
	err = content(w)
	return errors.Join(err, w.Flush(), f.Sync(), f.Close())
}
