package subword

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// document is a tokenizer.json.
type document struct {
	Added []struct {
		Content string `json:"content"`
		Special bool   `json:"special"`
	} `json:"added_tokens"`
	Normalizer   *step `json:"normalizer"`
	PreTokenizer *step `json:"pre_tokenizer"`
	Model        struct {
		Type         string          `json:"type"`
		Vocab        json.RawMessage `json:"vocab"`
		Unknown      string          `json:"unk_token"` // WordPiece
		Prefix       string          `json:"continuing_subword_prefix"`
		MaxWord      int             `json:"max_input_chars_per_word"`
		UnknownID    *int            `json:"unk_id"` // Unigram
		ByteFallback bool            `json:"byte_fallback"`
	} `json:"model"`
}

// FromDocument makes a tokenizer of a tokenizer.json whose model is WordPiece
// or Unigram. What it does to texts that spell a special token is not done
// here; see Tokenizer.
func FromDocument(content []byte, names Names) (Tokenizer, error) {
	var d document
	if err := json.Unmarshal(content, &d); err != nil {
		return nil, fmt.Errorf("read tokenizer.json: %w", err)
	}
	for _, a := range d.Added {
		if !a.Special {
			return nil, fmt.Errorf("tokenizer.json adds the word %q to its vocabulary, which this program cannot do", a.Content)
		}
	}
	var t Tokenizer
	var err error
	switch d.Model.Type {
	case "WordPiece":
		t, err = d.wordPiece(names)
	case "Unigram":
		t, err = d.unigram(names)
	default:
		err = fmt.Errorf("its model is %q; this program reads WordPiece and Unigram", d.Model.Type)
	}
	if err != nil {
		return nil, fmt.Errorf("read tokenizer.json: %w", err)
	}
	return t, nil
}

// wordPiece wants BERT's own normaliser and pre-tokeniser.
func (d *document) wordPiece(names Names) (*WordPiece, error) {
	n, p := d.Normalizer, d.PreTokenizer
	if n == nil || n.Type != "BertNormalizer" || p == nil || p.Type != "BertPreTokenizer" {
		return nil, fmt.Errorf("its normalizer is %s and its pre_tokenizer %s; of WordPiece models this program reads those with BertNormalizer and BertPreTokenizer", typesOf(n), typesOf(p))
	}
	var vocab map[string]int
	if err := json.Unmarshal(d.Model.Vocab, &vocab); err != nil {
		return nil, err
	}
	size := 0
	for piece, id := range vocab {
		if id < 0 || id >= MaxPieces {
			return nil, fmt.Errorf("piece %q has the id %d", piece, id)
		}
		size = max(size, id+1)
	}
	pieces := make([]string, size)
	for piece, id := range vocab {
		pieces[id] = piece
	}
	return NewWordPiece(pieces, BERT{
		Lowercase: n.Lowercase, StripAccents: n.StripAccents, CleanText: n.CleanText, ChineseChars: n.ChineseChars,
		Unknown: d.Model.Unknown, Prefix: d.Model.Prefix, MaxWord: d.Model.MaxWord,
	}, names)
}

func (d *document) unigram(names Names) (*Unigram, error) {
	var pieces []Piece
	if err := json.Unmarshal(d.Model.Vocab, &pieces); err != nil {
		return nil, err
	}
	if d.Model.UnknownID == nil {
		return nil, fmt.Errorf("its model has no unk_id")
	}
	hidden := make([]string, len(d.Added))
	for i, a := range d.Added {
		hidden[i] = a.Content
	}
	u, err := newUnigram(pieces, *d.Model.UnknownID, hidden, names)
	if err != nil {
		return nil, err
	}
	if d.Model.ByteFallback {
		u.spellBytes(pieces)
	}
	if u.normalise, err = normaliserOf(d.Normalizer); err != nil {
		return nil, err
	}
	u.words, err = wordsOf(d.PreTokenizer)
	return u, err
}

// UnmarshalJSON reads a piece as ["text", score].
func (p *Piece) UnmarshalJSON(content []byte) error {
	d := json.NewDecoder(bytes.NewReader(content))
	pair := []any{&p.Text, &p.Score}
	if err := d.Decode(&pair); err != nil {
		return err
	}
	if len(pair) != 2 {
		return fmt.Errorf("a piece is [text, score], and not %s", content)
	}
	return nil
}
