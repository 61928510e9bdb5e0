package scoring

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"unicode/utf8"

	"globalbrain/internal/scoring/ngram"
)

// What answers beside the served model, in languages that it was not trained on.
const (
	DefaultFallback = "ideas-ngram" // its folder; that it is missing is no error
	NoFallback      = "-"           // as Options.Fallback: whatever the served model does not know is abstained from
)

// A fallback is a model of character n-grams. It needs no graph, so it answers
// where an idea is prepared; it has no embedding to give.
type fallback struct {
	manifest *Manifest
	table    *ngram.Model
}

// loadFallback loads the fallback that o names; nil when there is none.
func loadFallback(o Options) (*fallback, error) {
	if o.Fallback == NoFallback {
		return nil, nil //nolint:nilnil // none is an answer
	}
	f, err := readFallback(filepath.Join(o.Models, o.Fallback))
	if errors.Is(err, fs.ErrNotExist) && o.Fallback == DefaultFallback {
		return nil, nil //nolint:nilnil // none is an answer
	}
	if err != nil {
		return nil, fmt.Errorf("load the fallback model %s: %w", o.Fallback, err)
	}
	return f, nil
}

// readFallback reads a folder and checks its table's sum.
func readFallback(folder string) (*fallback, error) {
	m, err := ReadManifest(folder)
	if err != nil {
		return nil, err
	}
	if m.Kind != kindNgram {
		return nil, fmt.Errorf("%s has a graph; only a table of n-grams answers beside another model", m.Title())
	}
	content, err := m.file(folder, tableName)
	if err != nil {
		return nil, err
	}
	table, err := ngram.Parse(content)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", m.Title(), err)
	}
	return &fallback{m, table}, nil
}

// fallbackFor returns who answers in a language instead of the model; nil when
// the model does, or nobody.
func (v *version) fallbackFor(language string) *fallback {
	f := v.fallback
	if f == nil || slices.Contains(v.manifest.Languages, language) || !slices.Contains(f.manifest.Languages, language) {
		return nil
	}
	return f
}

// score answers for cleaned fields in one of f's languages; sure says whether
// the language is more than a guess.
func (f *fallback) score(fields []string, language string, sure bool) Score {
	said, units := f.ask(fields)
	score := Score{Model: f.manifest.Title(), ModelHash: f.manifest.Hash(), Language: language, Tokens: units}
	if units < f.manifest.Abstain.MinTokens {
		if !sure {
			score.Language = unknownLanguage
		}
		score.Abstained, score.Reason = true, ReasonTooShort
		return score
	}
	success, criteria, certain, _ := f.manifest.calibrate(said) // a table holds finite numbers only
	if !certain {
		score.Abstained, score.Reason = true, ReasonUncertain
		return score
	}
	score.Success, score.Criteria, score.Uncalibrated = success, criteria, !f.manifest.calibrated()
	return score
}

// ask returns the raw answer and the length of what was read, in words and in
// characters of scripts without spaces.
func (f *fallback) ask(fields []string) (answer, int) {
	a := f.table.Answer(fields...)
	said := answer{logit: float32(a.Outputs[0])}
	for i := range said.criteria {
		said.criteria[i] = float32(a.Outputs[1+i])
	}
	return said, a.Units
}

// advice finds the passages that help and hurt a draft that f has scored.
func (f *fallback) advice(t Text, score Score) (Advice, error) {
	var passages []Passage
	for i := 1; i < len(Fields); i++ {
		text, read := t.field(i), 0
		for s := range sentences(text) {
			if read >= f.table.Longest() {
				break
			}
			sentence := Clean(text[s.start:s.end])
			read += utf8.RuneCountInString(sentence)
			if f.table.Units(sentence) > 0 {
				passages = append(passages, Passage{Field: Fields[i], Start: s.start, End: s.end})
			}
		}
	}
	passages = quoted(t, merge(passages, maxPassages))
	without := make([]answer, len(passages))
	for i, p := range passages {
		without[i], _ = f.ask(t.without(p).cleaned())
	}
	return advise(f.manifest, score, passages, without)
}
