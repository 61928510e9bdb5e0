package scoring

import (
	"iter"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A span is a sentence of a text, in bytes.
type span struct {
	start, end int
	tokens     int
}

// sentences yields a text's sentences in order, without the white space around
// them. One ends at a line's end, after full stops, question and exclamation
// marks before white space, and after their CJK forms.
func sentences(text string) iter.Seq[span] {
	return func(yield func(span) bool) {
		for start := 0; start < len(text); {
			end := start + sentenceEnd(text[start:])
			body := text[start:end]
			left := len(body) - len(strings.TrimLeftFunc(body, unicode.IsSpace))
			s := span{start: start + left, end: start + len(strings.TrimRightFunc(body, unicode.IsSpace))}
			if s.start < s.end && !yield(s) {
				return
			}
			start = end
		}
	}
}

// sentenceEnd returns where the first sentence of a text that is not empty ends.
func sentenceEnd(text string) int {
	stopped := false
	for i, r := range text {
		switch {
		case r == '\n', stopped && unicode.IsSpace(r):
			return i + utf8.RuneLen(r)
		case strings.ContainsRune("。！？", r):
			return i + utf8.RuneLen(r)
		case strings.ContainsRune(".!?…", r):
			stopped = true
		case stopped && !strings.ContainsRune(`"'”’)]»`, r):
			stopped = false // 3.5 and example.org
		}
	}
	return len(text)
}
