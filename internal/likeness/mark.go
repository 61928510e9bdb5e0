package likeness

import (
	"globalbrain/internal/idea"
	"globalbrain/internal/scoring"
	"globalbrain/internal/similar"
)

// Segment is a piece of a text.
type Segment struct {
	Text   string
	Shared bool // it stands in the other text, word by word
}

// Field is one text of an idea, cut where passages of another idea begin and end.
type Field struct {
	Name     string // of idea.Limits
	Segments []Segment
}

// Mark returns the texts of an idea that share a passage with another idea's,
// without markup, and what part of all of its words those passages hold, 0..1.
func Mark(d, other idea.Draft) (fields []Field, share float64) {
	theirs := similar.ShinglesOf(Plain(other))
	for _, l := range idea.Limits {
		text := scoring.Clean(d.Text(l.Field))
		if passages, _ := similar.Shared(text, theirs); len(passages) > 0 {
			fields = append(fields, Field{l.Field, cut(text, passages)})
		}
	}
	_, share = similar.Shared(Plain(d), theirs)
	return fields, share
}

func cut(text string, passages []similar.Passage) (list []Segment) {
	at := 0
	for _, p := range passages {
		if p.Start > at {
			list = append(list, Segment{text[at:p.Start], false})
		}
		list = append(list, Segment{text[p.Start:p.End], true})
		at = p.End
	}
	if at < len(text) {
		list = append(list, Segment{text[at:], false})
	}
	return list
}
