// Package subword cuts text into the pieces that language models read, and
// gives them their numbers, exactly as Hugging Face's fast tokenizers do: with
// WordPiece, as BERT and its kin have it, and with Unigram, as SentencePiece
// made it for XLM-RoBERTa and its kin.
//
// It reads the files that lie in Hugging Face folders: vocab.txt,
// tokenizer.json and SentencePiece's own model. It does not know what a model
// does with the numbers.
package subword

import "fmt"

// A Tokenizer turns text into ids. It is safe for concurrent use, fails on no
// input, takes time linear in the text, and never gives the ids of its own
// special tokens for text that spells them, so that nobody can forge a border.
type Tokenizer interface {
	// Append appends the ids of text to ids, at most limit of them, and stops
	// reading there.
	Append(ids []int64, text string, limit int) []int64

	// Special returns the ids that frame a text.
	Special() Special

	// Size is one more than the greatest id.
	Size() int
}

// Special are the ids that no text gives.
type Special struct {
	CLS int64 // before everything
	SEP int64 // behind each part
	PAD int64 // fills a row up
}

// Names are how a vocabulary spells its special tokens.
type Names struct {
	CLS string `json:"cls"`
	SEP string `json:"sep"`
	PAD string `json:"pad"`
}

// The names that the two families use where nobody says otherwise.
var (
	BERTNames    = Names{CLS: "[CLS]", SEP: "[SEP]", PAD: "[PAD]"}
	RoBERTaNames = Names{CLS: "<s>", SEP: "</s>", PAD: "<pad>"}
)

// find returns the ids of the names, or says which the vocabulary lacks.
func (n Names) find(id func(string) (int64, bool)) (s Special, err error) {
	for _, x := range []struct {
		name string
		at   *int64
	}{{n.CLS, &s.CLS}, {n.SEP, &s.SEP}, {n.PAD, &s.PAD}} {
		found, ok := id(x.name)
		if !ok {
			err = lacks(err, x.name)
		}
		*x.at = found
	}
	return s, err
}

// lacks adds a missing piece to an error about missing pieces.
func lacks(err error, name string) error {
	if err == nil {
		return fmt.Errorf("the vocabulary lacks %s", name)
	}
	return fmt.Errorf("%w and %s", err, name)
}

// MaxPieces is the greatest vocabulary that is read; the largest in use have
// half a million pieces.
const MaxPieces = 1 << 20

// maxPiece is the longest piece that is read, in bytes. It bounds the work that
// a byte of text can cause.
const maxPiece = 1 << 10
