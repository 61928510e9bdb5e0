package subword

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A normaliser changes a text before it is cut, step by step.
type normaliser []func(string) string

// apply first makes valid UTF-8 of any text, as the reference gets no other.
func (n normaliser) apply(text string) string {
	if !utf8.ValidString(text) {
		text = validUTF8(text)
	}
	for _, step := range n {
		text = step(text)
	}
	return text
}

// validUTF8 puts one U+FFFD for each byte that is none.
func validUTF8(text string) string {
	var out strings.Builder
	for _, r := range text {
		out.WriteRune(r)
	}
	return out.String()
}

// A step is one part of a tokenizer.json's normalizer or pre_tokenizer, with
// the fields that any of them has.
type step struct {
	Type string `json:"type"`

	Normalizers   []step `json:"normalizers"`   // Sequence
	PreTokenizers []step `json:"pretokenizers"` // Sequence

	Charsmap string `json:"precompiled_charsmap"` // Precompiled, in base 64

	Left  bool `json:"strip_left"` // Strip
	Right bool `json:"strip_right"`

	Pattern struct { // Replace
		String *string
		Regex  *string
	} `json:"pattern"`
	Content string `json:"content"`

	Replacement   string `json:"replacement"`      // Metaspace
	PrependScheme string `json:"prepend_scheme"`   // always, first, never
	AddPrefix     *bool  `json:"add_prefix_space"` // older files
	Split         *bool  `json:"split"`

	CleanText    *bool `json:"clean_text"` // BertNormalizer
	ChineseChars *bool `json:"handle_chinese_chars"`
	StripAccents *bool `json:"strip_accents"`
	Lowercase    bool  `json:"lowercase"`
}

// normalisers are the steps that Unigram models come with. Others are refused:
// a step that is read wrongly gives ids that the model was not trained on.
var normalisers = map[string]func(step) (func(string) string, error){
	"Precompiled": precompiled,
	"Replace":     replace,
	"Strip": func(s step) (func(string) string, error) {
		return func(text string) string {
			if s.Left {
				text = strings.TrimLeftFunc(text, unicode.IsSpace)
			}
			if s.Right {
				text = strings.TrimRightFunc(text, unicode.IsSpace)
			}
			return text
		}, nil
	},
}

func precompiled(s step) (func(string) string, error) {
	content, err := base64.StdEncoding.DecodeString(s.Charsmap)
	if err != nil {
		return nil, fmt.Errorf("read precompiled_charsmap: %w", err)
	}
	c, err := newCharsmap(content)
	if err != nil {
		return nil, err
	}
	return c.apply, nil
}

// spaces is the one expression that tokenizer.json files of this kind hold.
const spaces = " {2,}"

var runOfSpaces = regexp.MustCompile(spaces)

func replace(s step) (func(string) string, error) {
	switch {
	case s.Pattern.String != nil && *s.Pattern.String != "":
		return func(text string) string { return strings.ReplaceAll(text, *s.Pattern.String, s.Content) }, nil
	case s.Pattern.Regex != nil && *s.Pattern.Regex == spaces:
		return func(text string) string { return runOfSpaces.ReplaceAllLiteralString(text, s.Content) }, nil
	}
	pattern, _ := json.Marshal(s.Pattern)
	return nil, fmt.Errorf("the normalizer replaces %s, which this program cannot read", pattern)
}

// normaliserOf reads the normalizer of a Unigram model; nil is none.
func normaliserOf(s *step) (normaliser, error) {
	if s == nil {
		return nil, nil
	}
	if s.Type == "Sequence" {
		var all normaliser
		for _, part := range s.Normalizers {
			n, err := normaliserOf(&part)
			if err != nil {
				return nil, err
			}
			all = append(all, n...)
		}
		return all, nil
	}
	read, ok := normalisers[s.Type]
	if !ok {
		return nil, fmt.Errorf("the normalizer %q of a Unigram model; this program reads Precompiled, Replace and Strip", s.Type)
	}
	n, err := read(*s)
	return normaliser{n}, err
}

// wordsOf reads the pre_tokenizer of a Unigram model.
func wordsOf(s *step) (w words, err error) {
	parts := []step{}
	switch {
	case s == nil:
	case s.Type == "Sequence":
		parts = s.PreTokenizers
	default:
		parts = []step{*s}
	}
	if n := len(parts); n > 0 && parts[0].Type == "WhitespaceSplit" {
		w.spaces, parts = true, parts[1:]
	}
	if len(parts) != 1 || parts[0].Type != "Metaspace" {
		return w, fmt.Errorf("the pre_tokenizer of a Unigram model is %s; this program reads Metaspace, alone or after WhitespaceSplit", typesOf(s))
	}
	m := parts[0]
	if m.Replacement != blank {
		return w, fmt.Errorf("its Metaspace puts %q for spaces; this program reads %q", m.Replacement, blank)
	}
	w.whole = m.Split != nil && !*m.Split
	switch {
	case m.PrependScheme == "first" && w.spaces:
		return w, fmt.Errorf("its Metaspace after WhitespaceSplit has the prepend_scheme %q; this program reads always and never", m.PrependScheme)
	case m.PrependScheme == "never", m.AddPrefix != nil && !*m.AddPrefix:
	default:
		w.prefix = true
	}
	return w, nil
}

// typesOf names the parts of a step for an error.
func typesOf(s *step) string {
	if s == nil {
		return "none"
	}
	names := []string{s.Type}
	for _, part := range append(s.Normalizers, s.PreTokenizers...) {
		names = append(names, typesOf(&part))
	}
	return strings.Join(names, " ")
}
