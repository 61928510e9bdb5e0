package idea

import (
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"globalbrain/internal/errs"
)

// Degree says in what way one idea is like another one.
type Degree string

// The degrees, the strongest first.
const (
	Unlike      Degree = ""            // no more than any two ideas
	Copied      Degree = "copied"      // nearly the same text, word by word
	Close       Degree = "close"       // nearly the same meaning, in other words
	Overlapping Degree = "overlapping" // whole passages are the same
	Related     Degree = "related"     // about the same thing
)

// Degrees lists the degrees of likeness, the strongest first.
var Degrees = []Degree{Copied, Close, Overlapping, Related}

// Asks reports whether a founder is asked about it before the idea is submitted.
func (d Degree) Asks() bool { return d == Copied || d == Close }

// Standing reports whether an idea in this state has been handed in and neither
// refused nor taken back: others may be compared with it.
func (s State) Standing() bool { return s != Drafting && s != Rejected && s != Withdrawn }

// Comparison is what was measured between two ideas.
type Comparison struct {
	Words   int     // of the shorter text
	Jaccard float64 // of the two texts' word trigrams, 0..1
	Shared  float64 // what part of this text stands word by word in the other one, 0..1
	Cosine  float64 // of the two embeddings, -1..1; 0 without them

	// From which cosine on the model's embeddings mean that ideas are about the
	// same thing, and that they say nearly the same. 0: nobody has measured it.
	CosineRelated, CosineClose float64
}

// Where the degrees begin.
const (
	copiedJaccard     = 0.7 // as for the near duplicates that the lab takes out of its data
	overlappingShared = 0.3
	fewestWords       = 25 // a shorter text says too little to be called anybody's
)

// Degree judges a comparison.
func (c Comparison) Degree() Degree {
	long := c.Words >= fewestWords
	switch {
	case long && c.Jaccard >= copiedJaccard:
		return Copied
	case c.CosineClose > 0 && c.Cosine >= c.CosineClose:
		return Close
	case long && c.Shared >= overlappingShared:
		return Overlapping
	case c.CosineRelated > 0 && c.Cosine >= c.CosineRelated:
		return Related
	}
	return Unlike
}

// Likeness is what a founder was shown before submitting a version, and went on
// from: that it is like another idea. It is kept for the moderator and decides
// nothing.
type Likeness struct {
	Other   uuid.UUID
	Degree  Degree  // one that asks
	Shared  float64 // what part of the text stood in the other one, 0..1
	Note    string  // what the founder says is different; may be empty
	Version int     // that was submitted then
	At      time.Time
}

// MaxLikenessNote is the greatest length of a founder's words about a likeness,
// in characters.
const MaxLikenessNote = 500

// CleanLikenessNote returns a founder's words as they are counted and kept: with
// one line end for all, and no space around them.
func CleanLikenessNote(note string) string {
	return strings.TrimSpace(lineEnds.Replace(strings.ToValidUTF8(note, "\uFFFD")))
}

// CheckLikenessNote returns an Invalid error for a note that is too long.
func CheckLikenessNote(note string) error {
	var f errs.Fields
	if n := utf8.RuneCountInString(note); n > MaxLikenessNote {
		f.Add("difference", "idea.long", "This has %d characters; at most %d fit.", n, MaxLikenessNote)
	}
	return f.Err()
}
