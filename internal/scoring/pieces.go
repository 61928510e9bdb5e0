package scoring

import (
	"fmt"

	"globalbrain/internal/scoring/subword"
)

// documentName is Hugging Face's own file of all that a tokenizer does.
const documentName = "tokenizer.json"

// The types of tokenizers.
const (
	wordPiece = "wordpiece"
	unigram   = "unigram"
)

// Pieces says how text becomes ids: with WordPiece over a vocab.txt, by the
// switches of BERT, or by all that a tokenizer.json says.
type Pieces struct {
	Type          string         `json:"type"`           // wordpiece or unigram
	File          string         `json:"file,omitempty"` // vocab.txt or tokenizer.json; empty: vocab.txt
	*subword.BERT                // of a vocab.txt; nil for a tokenizer.json, which says it itself
	Special       *subword.Names `json:"special,omitempty"` // nil: those of the type
	MaxTokens     int            `json:"max_tokens"`
}

// name is the file's.
func (p *Pieces) name() string {
	if p.File == "" {
		return vocabularyName
	}
	return p.File
}

// check returns what is wrong with p, or "".
func (p *Pieces) check() string {
	switch {
	case p.Type != wordPiece && p.Type != unigram:
		return fmt.Sprintf("tokenizer %q; need %s or %s", p.Type, wordPiece, unigram)
	case p.name() != documentName && (p.name() != vocabularyName || p.Type == unigram):
		return fmt.Sprintf("a %s tokenizer of the file %q; need %s, or of wordpiece %s", p.Type, p.name(), documentName, vocabularyName)
	case p.MaxTokens <= 2*len(Fields) || p.MaxTokens > 8192:
		return fmt.Sprintf("max_tokens %d", p.MaxTokens)
	}
	return ""
}

// read makes the tokenizer of what p's file holds.
func (p *Pieces) read(content []byte) (subword.Tokenizer, error) {
	names := subword.BERTNames
	switch {
	case p.Special != nil:
		names = *p.Special
	case p.Type == unigram:
		names = subword.RoBERTaNames
	}
	if p.name() == vocabularyName {
		switches := subword.BERT{}
		if p.BERT != nil {
			switches = *p.BERT
		}
		return subword.FromVocabulary(content, switches, names)
	}
	t, err := subword.FromDocument(content, names)
	if err != nil {
		return nil, err
	}
	if _, is := t.(*subword.Unigram); is != (p.Type == unigram) {
		return nil, fmt.Errorf("%s is not of the type %s, which the manifest names", documentName, p.Type)
	}
	return t, nil
}
