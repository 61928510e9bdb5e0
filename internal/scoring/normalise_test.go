package scoring

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"testing"
	"unicode"
)

// The sum was taken from Hugging Face's tokenizers 0.23.3: for every code point
// c but the surrogates, in order, the line "%x" of c, then a space and each word
// that BertNormalizer and BertPreTokenizer make of "a" + c + "b".
const referenceSum = "6c4e16d51b14bdf0a0d0959b47b1d956c2bab8f6e21a9efc2d66d90f58ec04e5"

func TestEveryCodePointIsReadAsTheReferenceDoes(t *testing.T) {
	t.Parallel()
	sum := sha256.New()
	for c := rune(0); c <= unicode.MaxRune; c++ {
		if c >= 0xd800 && c < 0xe000 {
			continue
		}
		fmt.Fprintf(sum, "%x", c)
		switch g := glyphOf(c); g.kind {
		case drop:
			fmt.Fprint(sum, " ab")
		case space:
			fmt.Fprint(sum, " a b")
		case letter:
			fmt.Fprintf(sum, " a%sb", g.as)
		case isolate:
			fmt.Fprintf(sum, " a %s b", g.as)
		}
		fmt.Fprintln(sum)
	}
	if got := hex.EncodeToString(sum.Sum(nil)); got != referenceSum {
		t.Errorf("sum of all code points: got %s, want %s", got, referenceSum)
	}
}
