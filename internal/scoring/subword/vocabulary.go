package subword

import (
	"bytes"
	"strings"
)

// FromVocabulary makes a tokenizer of a vocab.txt: one piece a line, its id the
// line's number from 0.
func FromVocabulary(content []byte, b BERT, names Names) (*WordPiece, error) {
	var pieces []string
	for line := range bytes.Lines(content) {
		if len(pieces) == MaxPieces {
			return nil, errManyPieces
		}
		pieces = append(pieces, strings.TrimRight(string(line), "\r\n"))
	}
	return NewWordPiece(pieces, b, names)
}
