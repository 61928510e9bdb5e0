package subword

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strconv"
	"testing"
	"unicode"
)

// code_points.json holds, for each reading, the sum that the lab took from
// Hugging Face's BertNormalizer and BertPreTokenizer: for every code point c of
// the planes that have characters, but for surrogates, in order, the line "%x"
// of c, then a space and each word that they make of "a" + c + "b".
func TestEveryCodePointIsReadAsTheReferenceDoes(t *testing.T) {
	t.Parallel()
	sums := codePointSums(t).BERT
	if len(sums) != 16 {
		t.Fatalf("%d readings", len(sums))
	}
	for _, want := range sums {
		r := reading{clean: want.Clean, chinese: want.Chinese, strip: want.Strip, lower: want.Lower}
		t.Run(fmt.Sprintf("%+v", r), func(t *testing.T) {
			t.Parallel()
			if got := sumOf(r); got != want.SHA256 {
				t.Errorf("sum of all code points: got %s, want %s", got, want.SHA256)
			}
		})
	}
}

type codePoints struct {
	Charsmap string `json:"charsmap"`
	BERT     []struct {
		Clean   bool   `json:"clean_text"`
		Chinese bool   `json:"handle_chinese_chars"`
		Strip   bool   `json:"strip_accents"`
		Lower   bool   `json:"lowercase"`
		SHA256  string `json:"sha256"`
	} `json:"bert"`
}

func codePointSums(t *testing.T) (sums codePoints) {
	t.Helper()
	if err := json.Unmarshal(read(t, "testdata", "code_points.json"), &sums); err != nil {
		t.Fatal(err)
	}
	return sums
}

// sumOfLines is over the lines of all code points that the lab took too.
func sumOfLines(appendLine func(line []byte, c rune) []byte) string {
	sum := sha256.New()
	var line []byte
	for c := rune(0); c <= unicode.MaxRune; c++ {
		if c >= 0xd800 && c < 0xe000 || c >= 0x40000 && c < 0xe0000 || c >= 0xe1000 {
			continue
		}
		line = strconv.AppendInt(line[:0], int64(c), 16)
		sum.Write(append(appendLine(line, c), '\n'))
	}
	return hex.EncodeToString(sum.Sum(nil))
}

func sumOf(r reading) string {
	return sumOfLines(func(line []byte, c rune) []byte {
		switch g := r.glyph(c); g.kind {
		case drop:
			return append(line, " ab"...)
		case space:
			return append(line, " a b"...)
		case letter:
			return fmt.Appendf(line, " a%sb", g.as)
		case isolate:
			return fmt.Appendf(line, " a %s b", g.as)
		default:
			panic("an unknown kind of glyph")
		}
	})
}
