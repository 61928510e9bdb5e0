package subword

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"

	"google.golang.org/protobuf/encoding/protowire"
)

// The field numbers of sentencepiece_model.proto that are read.
const (
	modelPieces     protowire.Number = 1
	modelTrainer    protowire.Number = 2
	modelNormaliser protowire.Number = 3

	pieceText  protowire.Number = 1
	pieceScore protowire.Number = 2

	trainerType        protowire.Number = 3 // 1: Unigram
	normaliserCharsmap protowire.Number = 2
)

const trainedUnigram = 1

// ownPieces are the unknown and the two borders that SentencePiece begins with.
const ownPieces = 3

// XLMRobertaDocument returns a tokenizer.json for a SentencePiece model
// (sentencepiece.bpe.model) as XLM-RoBERTa uses it: with four special tokens of
// its own in the place of the model's first three, and one for masks at the end.
func XLMRobertaDocument(model []byte) ([]byte, error) {
	var pieces [][2]any
	kind := trainedUnigram // proto's default
	var charsmap []byte
	err := eachField(model, func(field protowire.Number, value []byte, _ uint64) error {
		switch field {
		case modelPieces:
			text, score, err := readPiece(value)
			pieces = append(pieces, [2]any{text, score})
			return err
		case modelTrainer:
			return eachField(value, func(field protowire.Number, _ []byte, number uint64) error {
				if field == trainerType {
					kind = int(number) //nolint:gosec // G115: compared only
				}
				return nil
			})
		case modelNormaliser:
			return eachField(value, func(field protowire.Number, value []byte, _ uint64) error {
				if field == normaliserCharsmap {
					charsmap = value
				}
				return nil
			})
		}
		return nil
	})
	if err == nil {
		err = checkModel(kind, len(pieces))
	}
	if err != nil {
		return nil, fmt.Errorf("read the SentencePiece model: %w", err)
	}
	vocab := [][2]any{{"<s>", 0}, {"<pad>", 0}, {"</s>", 0}, {"<unk>", 0}}
	vocab = append(append(vocab, pieces[ownPieces:]...), [2]any{"<mask>", 0})
	return writeDocument(vocab, charsmap)
}

func checkModel(kind, pieces int) error {
	switch {
	case kind != trainedUnigram:
		return errors.New("it was not trained as Unigram")
	case pieces <= ownPieces:
		return errors.New("it has no pieces")
	case pieces > MaxPieces:
		return errManyPieces
	}
	return nil
}

func writeDocument(vocab [][2]any, charsmap []byte) ([]byte, error) {
	type object map[string]any
	special := []object{}
	for id, piece := range vocab {
		if id < 4 || id == len(vocab)-1 {
			special = append(special, object{"id": id, "content": piece[0], "special": true})
		}
	}
	document := object{
		"version":      "1.0",
		"added_tokens": special,
		"pre_tokenizer": object{"type": "Sequence", "pretokenizers": []object{
			{"type": "WhitespaceSplit"},
			{"type": "Metaspace", "replacement": blank, "prepend_scheme": "always", "split": true},
		}},
		"model": object{"type": "Unigram", "unk_id": 3, "vocab": vocab},
	}
	if len(charsmap) > 0 {
		document["normalizer"] = object{"type": "Precompiled", "precompiled_charsmap": charsmap}
	}
	return json.Marshal(document)
}

func readPiece(message []byte) (text string, score float64, err error) {
	err = eachField(message, func(field protowire.Number, value []byte, number uint64) error {
		switch field {
		case pieceText:
			text = string(value)
		case pieceScore:
			score = float64(math.Float32frombits(uint32(number))) //nolint:gosec // G115: the field is 32 bits wide
		}
		return nil
	})
	return text, score, err
}

// eachField gives f every field of a message: the bytes of those that have any,
// the number of others.
func eachField(message []byte, f func(field protowire.Number, value []byte, number uint64) error) error {
	for len(message) > 0 {
		field, kind, n := protowire.ConsumeTag(message)
		if n < 0 {
			return protowire.ParseError(n)
		}
		message = message[n:]
		var value []byte
		var number uint64
		switch kind {
		case protowire.BytesType:
			value, n = protowire.ConsumeBytes(message)
		case protowire.VarintType:
			number, n = protowire.ConsumeVarint(message)
		case protowire.Fixed32Type:
			var bits uint32
			bits, n = protowire.ConsumeFixed32(message)
			number = uint64(bits)
		default:
			n = protowire.ConsumeFieldValue(field, kind, message)
		}
		if n < 0 {
			return protowire.ParseError(n)
		}
		message = message[n:]
		if err := f(field, value, number); err != nil {
			return err
		}
	}
	return nil
}
